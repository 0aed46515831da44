"use strict";
// The gap map: counts again what the filters leave, opens a cell, compares two forms, gives away what is shown. All text goes in as text.
(() => {
  const data = JSON.parse(document.getElementById("gap-data").textContent), take = window.k2graphTake;
  const byId = (id) => document.getElementById(id);
  const facets = [...document.querySelectorAll("[data-facet]")];
  const buttons = [...document.querySelectorAll("[data-cell]")], rows = [...document.querySelectorAll("[data-outcome]")];
  let opened = null;

  // Which nutrients are chosen, none being all, and whether a form, by its place, is of one of them.
  const nutrients = [...document.querySelectorAll("[data-nutrient]")], heads = [...document.querySelectorAll("#gap-table thead th")].slice(1);
  const wanted = () => nutrients.filter((each) => each.checked).map((each) => each.dataset.nutrient);
  const fits = (place, some) => !some.length || some.includes(data.nutrients[place] || "others");
  const chosen = () => Object.fromEntries(facets.map((each) => [each.dataset.facet, each.type === "checkbox" ? each.checked : each.value]));
  const keeps = (of, cell) => ([id, , direct]) => {
    const row = data.findings[id];
    return ["t", "g", "c"].every((name) => !of[name] || row[name] === of[name]) && ["p", "w"].every((name) => !of[name] || row[name].includes(of[name]))
      && (!of.from || row.y >= Number(of.from)) && (!of.to || row.y <= Number(of.to)) && (!of.direct || direct)
      && (!of.least || (row.d !== null && row.d >= Number(of.least))) && (!of.most || (row.d !== null && row.d <= Number(of.most)))
      && (!of.certainty || cell.certainty === of.certainty);
  };
  const left = (key, of = chosen()) => data.cells[key].rows.filter(keeps(of, data.cells[key]));
  const count = (found) => new Set(found.map(([id]) => data.findings[id].i)).size;
  const many = (some) => `${some} investigation${some === 1 ? "" : "s"}`;
  const split = (found) => data.stances.map((_, place) => count(found.filter((row) => row[1] === place)));
  const svg = (name, values, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const make = (tag, text, values = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };

  // The parts of a ring as circles, around a place.
  const ring = (key, found, x, y) => {
    const direct = found.some((row) => row[2]), values = { cx: x, cy: y, r: direct ? 11 : 12.5, fill: "none", "stroke-width": direct ? 6 : 2 };
    const counts = data.cells[key].href ? split(found) : [1], total = counts.reduce((a, b) => a + b, 0);
    let before = 0;
    return counts.flatMap((some, place) => {
      if (!some) return [];
      const share = 100 * some / total;
      // The first is a whole ring, which the others lie upon, so that no seam shows between them.
      const part = before ? { pathLength: 100, "stroke-dasharray": `${share} ${100 - share}`, "stroke-dashoffset": -before } : {};
      before += share;
      return [svg("circle", { class: `wedge-${data.cells[key].href ? data.stances[place].name : "none"}`, ...values, ...part })];
    });
  };
  const refresh = () => {
    const of = chosen(), seen = new Set(), studied = new Set(), some = wanted(), on = data.forms.map((_, place) => fits(place, some));
    heads.forEach((head, place) => { head.hidden = !on[place]; });
    for (const row of rows) [...row.cells].slice(1).forEach((cell, place) => { cell.hidden = !on[place]; });
    for (const head of document.querySelectorAll("#gap-table .kind th")) head.colSpan = on.filter(Boolean).length + 1;
    for (const button of buttons) {
      const found = button.parentElement.hidden ? [] : left(button.dataset.cell, of);
      button.querySelector("svg").replaceChildren(...ring(button.dataset.cell, found, 15, 15), svg("text", { x: 15, y: 19 }, String(count(found))));
      button.hidden = !found.length;
      button.nextElementSibling.hidden = Boolean(found.length);
      if (found.length) seen.add(button);
      for (const [id] of found) studied.add(data.findings[id].i);
    }
    const filtered = some.length || Object.values(of).some(Boolean);
    for (const row of rows) row.hidden = filtered && ![...row.querySelectorAll("[data-cell]")].some((button) => seen.has(button));
    for (const group of document.querySelectorAll("#gap-table tbody")) group.hidden = [...group.querySelectorAll("[data-outcome]")].every((row) => row.hidden);
    byId("gap-count").textContent = `${seen.size} of ${buttons.length} cells, ${studied.size} investigations`;
    if (opened?.parentElement.hidden) forget();
    if (opened) show(opened, false);
    compare();
    take.keep({ nutrient: some.join("|"), ...of, cell: opened?.dataset.cell, one: byId("gap-one").value, other: byId("gap-other").value });
  };

  const actions = (name, found) => {
    const box = make("p", "", { class: "actions" });
    for (const [form, label] of [["csv", "CSV"], ["bibtex", "BibTeX"], ["ris", "RIS"]]) {
      const button = make("button", label, { type: "button" });
      button.addEventListener("click", () => give(form, name, found, button));
      box.append(button, " ");
    }
    return box;
  };
  const record = ([id, stance, direct]) => {
    const row = data.findings[id], [cited, page, doubt] = data.reports[row.report], item = make("li", "");
    if (stance >= 0) item.append(make("span", data.stances[stance].icon, { class: `icon stance-${data.stances[stance].name}`, title: data.stances[stance].phrase }), " ");
    item.append(make("a", cited, { href: page }));
    if (doubt) item.append(" ", make("strong", doubt, { class: "doubt" }));
    item.append(` · ${row.level}${row.n ? `, n=${row.n}` : ""}${row.w.length ? `, ${row.w.join(", ")}` : ""}${row.dose ? `, ${row.dose}` : ""}: ${[row.reported, row.numbers].filter(Boolean).join("; ")}`);
    if (!direct) item.append(make("span", ` (${row.form} on ${row.outcome})`, { class: "soft" }));
    return item;
  };
  const show = (button, focus = true) => {
    const key = button.dataset.cell, cell = data.cells[key], panel = byId("gap-open"), found = left(key);
    const [form, outcome] = key.split(" "), names = `${data.names[form]} on ${data.names[outcome]}`;
    const head = make("h2", "");
    if (cell.href) head.append(make("a", cell.label, { href: cell.href }));
    else head.append(names);
    const shut = make("button", "Close", { type: "button", class: "shut" });
    shut.addEventListener("click", close);
    const parts = data.stances.map((each, place) => [split(found)[place], each.phrase]).filter(([some]) => some).map(([some, phrase]) => `${some} ${phrase}`);
    const sums = cell.href ? `${cell.standing}; certainty: ${cell.certain}. ${many(count(found))} here${parts.length ? `: ${parts.join(", ")}, one or another by several results` : ""}.` : `No claim joins the two; ${many(count(found))} of what is narrower.`;
    const list = make("ul", "");
    list.append(...found.map(record));
    panel.replaceChildren(shut, head, make("p", sums), ...(cell.pooled || []).map((text) => make("p", `Pooled: ${text}`, { class: "soft" })), actions(names, found), list);
    panel.hidden = false;
    panel.parentElement.classList.add("open");
    if (focus) panel.focus({ preventScroll: matchMedia("(min-width: 70rem)").matches });
    opened = button;
  };
  const forget = () => {
    byId("gap-open").hidden = true;
    byId("gap-open").parentElement.classList.remove("open");
    opened = null;
  };
  const close = () => {
    if (!opened) return;
    const back = opened;
    forget();
    refresh();
    back.focus();
  };

  // Two forms beside each other, outcome by outcome, with what is left by the filters.
  const compare = () => {
    const forms = [byId("gap-one").value, byId("gap-other").value], place = byId("gap-compared");
    place.hidden = !forms[0] || !forms[1];
    if (place.hidden) return;
    const of = chosen(), table = make("table", "", { class: "wide" }), head = make("tr", ""), body = make("tbody", "");
    head.append(make("th", "outcome", { scope: "col" }), ...forms.map((form) => make("th", data.names[form], { scope: "col" })));
    for (const outcome of data.outcomes) {
      const cells = forms.map((form) => data.cells[`${form} ${outcome}`] ? [data.cells[`${form} ${outcome}`], left(`${form} ${outcome}`, of)] : [null, []]);
      if (!cells.some(([, found]) => found.length)) continue;
      const row = make("tr", "");
      row.append(make("th", data.names[outcome], { scope: "row" }), ...cells.map(([cell, found]) => {
        const box = make("td", "", { class: "text" });
        if (!found.length) { box.append(make("span", cell ? "nothing of what is chosen" : "not studied", { class: "soft" })); return box; }
        if (cell.href) box.append(make("a", cell.standing, { href: cell.href, class: `standing result-${cell.result}` }));
        else box.append(make("span", "no claim joins the two", { class: "soft" }));
        const people = new Map(found.filter(([id]) => data.findings[id].n).map(([id]) => [data.findings[id].i, data.findings[id].n]));
        const heads = [...people.values()].reduce((a, b) => a + b, 0);
        box.append(make("div", `${many(count(found))}${heads ? `, n=${heads} in ${people.size}` : ""}${cell.certain ? `; certainty: ${cell.certain}` : ""}`, { class: "soft" }));
        for (const text of cell.pooled || []) box.append(make("div", text, { class: "soft" }));
        return box;
      }));
      body.append(row);
    }
    const top = make("thead", "");
    top.append(head);
    table.append(top, body);
    const frame = make("div", "", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Two forms, outcome by outcome" });
    frame.append(table);
    place.replaceChildren(make("h2", `${data.names[forms[0]]} beside ${data.names[forms[1]]}`), frame);
  };

  // The whole map, or what is left of it, as one picture with its own colours, whoever opens it.
  const picture = () => {
    const shown = rows.filter((row) => !row.hidden), forms = data.forms.filter((_, place) => !heads[place].hidden), wide = 330 + 62 * forms.length, tall = 150 + 34 * shown.length + 30;
    const drawn = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width: wide, height: tall, viewBox: `0 0 ${wide} ${tall}`, "font-family": "DejaVu Sans, sans-serif", "font-size": 12, fill: "#1f2328" });
    drawn.append(svg("title", {}, document.title), svg("rect", { width: wide, height: tall, fill: "#ffffff" }));
    forms.forEach((form, place) => drawn.append(svg("text", { transform: `translate(${355 + 62 * place} 138) rotate(-50)` }, data.names[form])));
    shown.forEach((row, number) => {
      const y = 165 + 34 * number, depth = Number(row.querySelector("th").className.replace("depth-", "")) || 0;
      drawn.append(svg("text", { x: 12 + 14 * depth, y: y + 4 }, data.names[row.dataset.outcome]), svg("line", { x1: 0, x2: wide, y1: y + 17, y2: y + 17, stroke: "#d8dce0" }));
      for (const button of row.querySelectorAll("[data-cell]:not([hidden])")) {
        const key = button.dataset.cell, found = left(key), x = 350 + 62 * forms.indexOf(key.split(" ")[0]), group = svg("g", {});
        group.append(...ring(key, found, x, y));
        for (const wedge of group.children) {
          wedge.setAttribute("stroke", getComputedStyle(document.querySelector(`#gap-table .${wedge.getAttribute("class")}`) || button).stroke);
          wedge.removeAttribute("class");
        }
        group.append(svg("text", { x, y: y + 4, "text-anchor": "middle", "font-weight": 700 }, String(count(found))));
        drawn.append(group);
      }
    });
    drawn.append(svg("text", { x: 12, y: tall - 10, "font-size": 10, fill: "#5a636d" }, `${byId("cite")?.textContent || document.title}. Thick ring: studied directly; thin: through what is narrower.`));
    return drawn;
  };
  const give = async (form, name, found, button) => {
    const slug = name.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase();
    if (form === "link") await take.copy(location.href);
    else if (form === "csv") take.csv(`${slug}.csv`, [
      ["form", "outcome", "claim", "stance", "direct", "studied_form", "studied_outcome", "report", "year", "design", "level", "country", "n", "dose", "ug_a_day", "direction", "reported", "numbers"],
      ...found.map(([id, stance, direct, key]) => {
        const row = data.findings[id], [of, on] = (key || opened.dataset.cell).split(" ");
        return [data.names[of], data.names[on], data.cells[key || opened.dataset.cell].label, data.stances[stance]?.name, direct ? "yes" : "no", row.form, row.outcome, data.reports[row.report][0],
          row.y, row.g, row.level, row.w.join("; "), row.n, row.dose, row.d, row.direction, row.reported, row.numbers];
      })]);
    else if (form === "svg") take.svg(slug, picture());
    else if (form === "png") await take.png(slug, picture());
    else await take.cite(slug, found.map(([id]) => data.findings[id].report), form);
    take.did(button, form === "link" ? "Copied" : "Saved");
  };

  buttons.forEach((button) => button.addEventListener("click", () => { show(button); refresh(); }));
  [...facets, ...nutrients].forEach((each) => each.addEventListener("change", refresh));
  ["gap-one", "gap-other"].forEach((id) => byId(id).addEventListener("change", refresh));
  document.querySelectorAll("[data-take]").forEach((button) => button.addEventListener("click", () => {
    const all = buttons.filter((each) => !each.hidden).flatMap((each) => left(each.dataset.cell).map((row) => [...row, each.dataset.cell]));
    give(button.dataset.take, "gap map", all, button);
  }));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  byId("gap-reset").addEventListener("click", () => {
    facets.forEach((facet) => { if (facet.type === "checkbox") facet.checked = false; else facet.value = ""; });
    nutrients.forEach((each) => { each.checked = false; });
    byId("gap-one").value = byId("gap-other").value = "";
    refresh();
  });
  const there = take.state();
  // Where the address says nothing, what somebody chose before this script was there stays.
  if (Object.keys(there).length) {
    for (const facet of facets) {
      if (facet.type === "checkbox") facet.checked = there[facet.dataset.facet] === "true";
      else facet.value = there[facet.dataset.facet] || "";
    }
    const some = (there.nutrient || "").split("|");
    nutrients.forEach((each) => { each.checked = some.includes(each.dataset.nutrient); });
    byId("gap-one").value = there.one || "";
    byId("gap-other").value = there.other || "";
  }
  opened = buttons.find((button) => button.dataset.cell === there.cell) || null;
  refresh();
})();
