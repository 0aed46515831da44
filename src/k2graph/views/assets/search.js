"use strict";
// Search over all that has a page. It folds case, accents and hyphens, knows other names and initials, also of the parts of a claim, and says
// what may have been meant where nothing is called so. All text goes in as text, never as markup.
(() => {
  const box = document.getElementById("site-search"), found = document.createElement("ul"), status = document.createElement("span");
  [found.id, found.className, status.id, status.className, status.ariaLive] = ["site-found", "found", "site-status", "unseen", "polite"];
  box.after(found, status);
  box.setAttribute("aria-controls", found.id);
  const root = document.body.dataset.root, EACH = 6;
  const plain = (text) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const spaced = (text) => plain(text).replaceAll(/[^\p{L}\p{N}.<>&'"=]+/gu, " ").trim();
  const joined = (text) => plain(text).replaceAll(/(?<=[\p{L}\p{N}])[-‐‑–](?=[\p{L}\p{N}])/gu, "").replaceAll(/[^\p{L}\p{N}.<>&'"=]+/gu, " ").trim();
  const initials = (name) => { const words = spaced(name).split(" "); return words.length > 1 && words.length < 7 ? words.map((word) => word[0]).join("") : ""; };
  const names = (text) => text.split(" | ").filter(Boolean);

  let index = null;
  const read = () => {
    if (index) return index;
    const entries = window.k2graphIndex || [], words = new Map();
    const called = (entry) => [entry[0], ...names(entry[3])];
    index = entries.map((entry, order) => {
      // A claim is also found by what its two ends are called.
      const own = called(entry), all = [...own, ...(entry[4] || []).flatMap((place) => called(entries[place]))];
      const text = ` ${[...new Set(all.flatMap((name) => [spaced(name), joined(name), initials(name)]))].join(" ")} `;
      for (const word of text.split(" ")) if (word.length > 2) words.set(word, (words.get(word) || 0) + 1);
      return { entry, order, text, own: own.flatMap((name) => [spaced(name), joined(name)]), label: ` ${spaced(entry[0])} ${joined(entry[0])} ` };
    });
    index.words = words;
    return index;
  };
  const rank = (each, tokens, whole) => {
    if (each.own.includes(whole)) return 0;
    if (each.label.startsWith(` ${whole}`)) return 1;
    const starts = (text) => tokens.filter((token) => text.includes(` ${token}`)).length;
    return 2 + (tokens.length - starts(each.label)) / tokens.length + (tokens.length - starts(each.text)) / tokens.length;
  };
  const look = (query) => {
    const tokens = [...new Set(joined(query).split(" ").filter(Boolean))];
    if (!tokens.length) return null;
    const whole = joined(query);
    return read().filter((each) => tokens.every((token) => each.text.includes(token))).map((each) => ({ ...each, rank: rank(each, tokens, whole) }))
      .sort((a, b) => a.rank - b.rank || a.order - b.order);
  };
  // How many letters to change, put in, leave out or swap with the next one make one word of another; no more than `most`.
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  };
  const meant = (query) => {
    const tokens = joined(query).split(" ").filter(Boolean), words = read().words;
    const better = tokens.map((token) => {
      if (index.some((each) => each.text.includes(token))) return token;
      const most = token.length < 4 ? 0 : token.length < 8 ? 1 : 2;
      let best = "", least = most + 1, often = 0;
      for (const [word, count] of words) {
        const away = distance(token, word, most);
        if (away < least || (away === least && away <= most && count > often)) [best, least, often] = [word, away, count];
      }
      return best;
    });
    return better.every(Boolean) && better.join(" ") !== tokens.join(" ") && look(better.join(" "))?.length ? better.join(" ") : "";
  };

  const item = (tag, text, values = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };
  const result = ({ entry: [label, kind, page] }) => {
    const line = document.createElement("li"), link = document.createElement("a"), small = document.createElement("small");
    link.href = root + page;
    small.textContent = kind.includes(": ") ? kind.slice(kind.indexOf(": ") + 2) : kind;
    link.append(small, document.createTextNode(label));
    line.append(link);
    return line;
  };
  const KINDS = { claim: "Claims", study: "Studies", report: "Reports", mechanism: "Mechanisms", question: "Questions" };
  const group = (kind) => KINDS[kind.split(/[:,]/)[0]] || "Things";
  const show = () => {
    const hits = look(box.value);
    if (hits === null) { found.replaceChildren(); status.textContent = ""; return; }
    if (!hits.length) {
      const other = meant(box.value), line = item("li", "Nothing is called so.");
      if (other) {
        const button = item("button", other, { type: "button" });
        // The click must not be taken for one beside the search, once its button is gone.
        button.addEventListener("click", (event) => { event.stopPropagation(); box.value = other; box.focus(); show(); });
        line.append(" Did you mean ", button, "?");
      }
      found.replaceChildren(line);
      status.textContent = other ? `Nothing is called so. Did you mean ${other}?` : "Nothing is called so.";
      return;
    }
    const groups = new Map();
    for (const hit of hits) groups.set(group(hit.entry[1]), [...(groups.get(group(hit.entry[1])) || []), hit]);
    found.replaceChildren(...[...groups].flatMap(([kind, some]) => [
      item("li", some.length > EACH ? `${kind}: ${EACH} of ${some.length}` : kind, { class: "group" }), ...some.slice(0, EACH).map(result),
    ]));
    status.textContent = `${hits.length} results: ${[...groups].map(([kind, some]) => `${some.length} ${kind.toLowerCase()}`).join(", ")}`;
  };
  const step = (by) => {
    const links = [...found.querySelectorAll("a")], place = links.indexOf(document.activeElement) + by;
    if (place < 0) box.focus();
    else links[Math.min(place, links.length - 1)]?.focus();
  };
  let waiting = 0;
  // While somebody types, what was found is announced once they pause.
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, box.value.length < 3 ? 120 : 30); });
  box.addEventListener("focus", read);
  // What was typed while the index was still being read is looked for too.
  if (box.value) show();
  document.querySelector(".search").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { clearTimeout(waiting); if (document.activeElement === box) show(); step(1); event.preventDefault(); }
    else if (event.key === "ArrowUp") { step(-1); event.preventDefault(); }
    else if (event.key === "Enter" && document.activeElement === box) { clearTimeout(waiting); show(); found.querySelector("a")?.focus(); event.preventDefault(); }
    else if (event.key === "Escape") { found.replaceChildren(); status.textContent = ""; box.focus(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) { box.focus(); event.preventDefault(); }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) found.replaceChildren(); });
})();
