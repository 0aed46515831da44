"use strict";
// The page for queries: colours beneath the text, completion, Ctrl+Enter, and the way to what is wrong. The textarea stays what is written in
// and sent; without this script it does all that it does for any form. All text goes in as text, never as markup.
(() => {
  const area = document.getElementById("text"), form = document.getElementById("ask"), editor = area.closest(".editor");
  const { prefixes = {}, words = [] } = window.k2graphWords || {};
  const element = (tag, values = {}, text = "") => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };

  // Tokens as `k2graph.sparql.safety` has them. A run of letters is read once, so that none takes a time that grows with its square.
  const TOKEN = new RegExp([
    String.raw`(?<comment>#[^\n]*)`,
    String.raw`(?<iri><[^<>"{}|^\x60\\\x00-\x20]*>)`,
    String.raw`(?<string>"""(?:[^"\\]|\\[^]|"(?!""))*"""|'''(?:[^'\\]|\\[^]|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`,
    String.raw`(?<variable>[?$][\p{L}\p{N}_]+)`,
    String.raw`(?<tag>@[A-Za-z-]+)`,
    String.raw`(?<name>[\p{L}\p{N}_.-]*:(?:[\p{L}\p{N}_.:%-]|\\.)*)`,
    String.raw`(?<run>[\p{L}\p{N}_.-]+)`,
  ].join("|"), "gu");
  const KEYWORDS = (
    "ASK BASE BIND BY CONSTRUCT DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING IN LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX "
    + "REDUCED SELECT UNDEF UNION VALUES WHERE AS ASC DESC SEPARATOR true false a "
    + "ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR GROUP_CONCAT HOURS IF IRI LANG LANGMATCHES LCASE "
    + "MAX MD5 MIN MINUTES MONTH NOW RAND REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT "
    + "STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TZ UCASE URI UUID YEAR ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI"
  ).split(" ");
  const KEYWORD = new Set(KEYWORDS.map((word) => word.toUpperCase()));
  const tokens = (text) => [...text.matchAll(TOKEN)].map((found) => {
    let [kind] = Object.entries(found.groups).find(([, part]) => part !== undefined);
    if (kind === "run") kind = /^[-.]*\d/.test(found[0]) ? "number" : KEYWORD.has(found[0].toUpperCase()) ? "keyword" : "";
    return { kind, text: found[0], from: found.index, to: found.index + found[0].length };
  });

  // Colours: the same text beneath the textarea, whose own letters cannot be seen. What is longer than this is not coloured.
  const MOST = 60_000;
  const under = element("pre", { class: "under", "aria-hidden": "true" });
  let wrong = null;
  const piece = (text, kind, bad) => element("span", { class: [kind && `is-${kind}`, bad && "wrong"].filter(Boolean).join(" ") }, text);
  const draw = () => {
    const text = area.value, lit = text.length <= MOST, pieces = [];
    editor.classList.toggle("lit", lit);
    let at = 0;
    const plain = (to) => {
      if (wrong && at <= wrong.from && wrong.from < to) {
        pieces.push(text.slice(at, wrong.from), piece(text.slice(wrong.from, wrong.to), "", true));
        at = wrong.to;
      }
      if (at < to) pieces.push(text.slice(at, to));
      at = to;
    };
    for (const each of lit ? tokens(text) : []) {
      plain(each.from);
      pieces.push(piece(each.text, each.kind, wrong && each.from <= wrong.from && wrong.from < each.to));
      at = each.to;
    }
    if (lit) plain(text.length);
    if (wrong && wrong.from >= text.length) pieces.push(piece("", "", true));
    // A line end that ends the text begins a line only where something follows it.
    under.replaceChildren(...pieces, "\u200b");
    follow();
  };
  const follow = () => { under.scrollTop = area.scrollTop; under.scrollLeft = area.scrollLeft; };

  // What is wrong: its place is told in characters, of which a text here may have two units for one.
  const place = document.getElementById("place");
  const offset = (line, column) => {
    const lines = area.value.split("\n"), before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    return Math.min(before + [...(lines[line - 1] || "")].slice(0, column - 1).join("").length, area.value.length);
  };
  const lead = (event) => {
    event?.preventDefault();
    const from = offset(+place.dataset.line, +place.dataset.column);
    area.focus({ preventScroll: !event });
    area.setSelectionRange(from, wrong ? wrong.to : from);
    area.scrollTop = Math.max(0, box(from).top - area.clientHeight / 2 + area.scrollTop);
    follow();
  };
  if (place) {
    const from = offset(+place.dataset.line, +place.dataset.column);
    const token = tokens(area.value).find((each) => each.from <= from && from < each.to);
    wrong = { from, to: token ? token.to : Math.min(from + 1, area.value.length) };
    place.addEventListener("click", lead);
  }

  // Where a character stands in the textarea, of which the text beneath it tells.
  const box = (from) => {
    const walker = document.createTreeWalker(under, NodeFilter.SHOW_TEXT), range = document.createRange();
    let left = from, node = walker.nextNode();
    while (node && left > node.length) { left -= node.length; node = walker.nextNode(); }
    if (!node) return { left: 0, top: 0, height: 0 };
    range.setStart(node, left);
    range.setEnd(node, Math.min(left + 1, node.length));
    const spot = range.getClientRects()[0] || range.getBoundingClientRect(), frame = editor.getBoundingClientRect();
    return { left: spot.left - frame.left, top: spot.top - frame.top, height: spot.height };
  };

  // Completion.
  const SHOWN = 40;
  const list = element("ul", { role: "listbox", id: "completions", "aria-label": "Completions", class: "completions" });
  const status = element("span", { class: "unseen", "aria-live": "polite" });
  list.hidden = true;
  let offered = [], chosen = 0, span = [0, 0];
  const declared = (all) => {
    const found = {};
    for (let i = 2; i < all.length; i++) {
      if (all[i].kind === "iri" && all[i - 1].kind === "name" && all[i - 2].text.toUpperCase() === "PREFIX") found[all[i - 1].text.slice(0, -1)] = all[i].text.slice(1, -1);
    }
    return found;
  };
  // Things with a page of their own, where the site's index is there.
  let kept = null;
  const things = () => {
    if (!window.k2graphIndex) return [];
    kept ||= window.k2graphIndex.map(([label, kind, page]) => [/^([a-z]+)\/([A-Za-z0-9._-]+)\.html$/.exec(page), label, kind])
      .filter(([page]) => page && prefixes[page[1]]).map(([page, label, kind]) => [prefixes[page[1]] + page[2], kind.split(":")[0], label, ""]);
    return kept;
  };
  const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;
  const rank = (local, label, typed) => {
    const [one, other] = [local.toLowerCase(), label.toLowerCase()];
    if (one.startsWith(typed)) return 0;
    if (other.split(/[\s-]+/).some((word) => word.startsWith(typed)) || other.startsWith(typed)) return 1;
    return one.includes(typed) ? 2 : 3;
  };
  const ranked = (found) => found.filter((each) => each.rank < 3).sort((a, b) => a.rank - b.rank);
  // Words of the vocabularies by their names, and of one prefix things too; those of the kind `first` before others, until a letter is there.
  const named = (known, typed, wanted, first) => ranked(Object.entries(known).flatMap(([prefix, start]) => (wanted && prefix !== wanted ? []
    : (wanted ? [...words, ...things()] : words).filter(([iri]) => iri.startsWith(start) && LOCAL.test(iri.slice(start.length)))
      .map(([iri, kind, label, meaning]) => ({
        text: `${prefix}:${iri.slice(start.length)}`, kind, note: meaning || label,
        rank: rank(iri.slice(start.length), label, typed) + (typed === "" && kind !== first ? 0.5 : 0),
      })))));
  const look = (asked) => {
    const text = area.value, at = area.selectionStart, all = tokens(text);
    if (at !== area.selectionEnd) return [];
    if (all.some(({ kind, from, to }) => from < at && (at < to || (at === to && kind === "comment")) && ["comment", "string", "iri"].includes(kind))) return [];
    const before = /(?:[?$][\p{L}\p{N}_]*|[\p{L}\p{N}_.-]*:?[\p{L}\p{N}_.%-]*)$/u.exec(text.slice(Math.max(0, at - 300), at))[0];
    const after = /^[\p{L}\p{N}_-]*/u.exec(text.slice(at, at + 300))[0];
    const known = { ...prefixes, ...declared(all) }, typed = before.toLowerCase();
    const last = all.filter(({ to }) => to <= at - before.length).at(-1)?.text || "";
    span = [at - before.length, at + after.length];
    if (!before && !asked) return [];
    let found;
    if (last.toUpperCase() === "PREFIX") {
      found = Object.entries(prefixes).map(([prefix, start]) => ({ text: `${prefix}: <${start}>`, kind: "prefix", note: "", rank: rank(prefix, "", typed.replace(":", "")) }));
    } else if (/^[?$]/.test(before)) {
      const others = all.filter(({ kind, from }) => kind === "variable" && from !== span[0]).map((each) => `${before[0]}${each.text.slice(1)}`);
      found = [...new Set(others)].sort().map((variable) => ({ text: variable, kind: "variable", note: "", rank: rank(variable, "", typed) }));
    } else if (before.includes(":")) {
      const [prefix, local] = [before.slice(0, before.indexOf(":")), typed.slice(before.indexOf(":") + 1)];
      found = named(known, local, prefix, last === "a" || last === "rdf:type" ? "class" : "property");
    } else {
      const short = (word) => ({ text: word, kind: "keyword", note: "", rank: rank(word, "", typed) });
      const starts = Object.keys(known).map((prefix) => ({ text: `${prefix}:`, kind: "prefix", note: known[prefix], rank: rank(prefix, "", typed) }));
      found = [...starts, ...KEYWORDS.filter((word) => word.length > 2).map(short)].filter((each) => each.rank === 0);
      if (typed.length > 2) found.push(...named(known, typed, "", ""));
    }
    // What stands there whole is not offered, nor more that begins so, unless it is asked for: Enter and Tab then do what they always do.
    if (!asked && found.some((each) => each.text.toLowerCase() === typed + after.toLowerCase())) return [];
    return ranked(found);
  };
  const shut = () => {
    list.hidden = true;
    list.replaceChildren();
    offered = [];
    status.textContent = "";
    area.removeAttribute("aria-activedescendant");
  };
  const choose = (number) => {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = (number + offered.length) % offered.length;
    const line = list.children[chosen];
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", line.id);
  };
  const open = (asked) => {
    const found = look(asked);
    if (!found.length) { shut(); return; }
    offered = found.slice(0, SHOWN);
    list.replaceChildren(...offered.map((each, number) => {
      const line = element("li", { role: "option", id: `completion-${number}`, "aria-selected": "false" });
      line.append(element("code", { class: `is-${each.kind === "keyword" || each.kind === "variable" ? each.kind : "name"}` }, each.text), element("small", {}, [each.kind, each.note].filter(Boolean).join(": ")));
      return line;
    }));
    list.hidden = false;
    chosen = 0;
    choose(0);
    const spot = box(span[0]), room = editor.clientWidth - list.offsetWidth;
    list.style.left = `${Math.max(0, Math.min(spot.left, room))}px`;
    list.style.top = `${Math.min(spot.top + spot.height, area.clientHeight) + 2}px`;
    status.textContent = found.length > SHOWN ? `${SHOWN} of ${found.length} completions` : `${found.length} completion${found.length === 1 ? "" : "s"}`;
  };
  const take = () => {
    const { text, kind } = offered[chosen];
    area.setSelectionRange(...span);
    // The one way by which it can be undone as what is typed can.
    if (!document.execCommand("insertText", false, text)) { area.setRangeText(text, ...span, "end"); draw(); }
    shut();
    if (kind === "prefix" && text.endsWith(":")) open(true);
  };

  area.addEventListener("input", (event) => {
    wrong = null;
    area.removeAttribute("aria-invalid");
    draw();
    const typed = event.inputType === "insertText" && !event.isComposing && event.data?.length === 1;
    if (typed || (event.inputType === "deleteContentBackward" && !list.hidden)) open(false);
    else shut();
  });
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else if (event.key === " " && event.ctrlKey) open(true);
    else if (list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    else if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take();
    else if (event.key === "Escape") shut();
    else { if (/^(Arrow|Home|End|Page)/.test(event.key)) shut(); return; }
    event.preventDefault();
  });
  area.addEventListener("blur", shut);
  area.addEventListener("click", shut);
  area.addEventListener("scroll", () => { follow(); shut(); });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const line = event.target.closest("li");
    if (line) { chosen = [...list.children].indexOf(line); take(); }
  });

  for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": "completions" })) area.setAttribute(name, value);
  editor.prepend(under);
  editor.append(list, status);
  document.getElementById("keys").hidden = false;
  draw();
  if (place) lead();
})();
