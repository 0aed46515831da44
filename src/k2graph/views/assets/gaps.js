"use strict";
// The gap map: counts again what the filters leave, and opens a cell. All text goes in as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("gap-data").textContent);
  const byId = (id) => document.getElementById(id);
  const stances = data.stances.map((each) => each.name), icons = new Map(data.stances.map((each) => [each.name, each.icon]));
  const filters = ["gap-tier", "gap-population", "gap-status"].map(byId);
  const kept = (row) => (!filters[0].value || row.t === filters[0].value) && (!filters[1].value || row.p.includes(filters[1].value))
    && (!filters[2].value || row.c === filters[2].value);
  const svg = (name, values) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };
  const draw = (button) => {
    const rows = data.cells[button.dataset.cell].rows.filter(kept), picture = button.querySelector("svg");
    const all = new Set(rows.map((row) => row.i)).size;
    const counts = stances.map((stance) => new Set(rows.filter((row) => row.s === stance).map((row) => row.i)).size);
    const total = counts.reduce((a, b) => a + b, 0), radius = 5 + 8 * Math.sqrt(Math.min(all, 12) / 12);
    let before = 0;
    picture.replaceChildren(...counts.flatMap((count, place) => {
      if (!count) return [];
      const share = 100 * count / total;
      // The first is a whole disc, which the others lie upon, so that no seam shows between them.
      const part = before ? { pathLength: 100, "stroke-dasharray": `${share} ${100 - share}`, "stroke-dashoffset": -before } : {};
      const wedge = svg("circle", { class: `wedge-${stances[place]}`, cx: 14, cy: 14, r: radius / 2, fill: "none", "stroke-width": radius, ...part });
      before += share;
      return [wedge];
    }));
    button.hidden = !all;
    button.nextElementSibling.hidden = Boolean(all);
    return all;
  };
  const buttons = [...document.querySelectorAll("[data-cell]")];
  const refresh = () => {
    const shown = buttons.filter((button) => draw(button)).length;
    byId("gap-count").textContent = `${shown} of ${buttons.length} studied cells`;
  };
  const open = (button) => {
    const cell = data.cells[button.dataset.cell], panel = byId("gap-open");
    const make = (tag, text) => { const element = document.createElement(tag); element.textContent = text; return element; };
    const link = (text, href) => { const anchor = make("a", text); anchor.href = href; return anchor; };
    const head = make("h2", "");
    head.append(link(cell.label, cell.href), `: ${cell.standing}`);
    const list = make("ul", "");
    for (const row of cell.rows.filter(kept)) {
      const [cited, page, doubt] = data.reports[row.report], item = make("li", `${icons.get(row.s)} `);
      item.append(link(cited, page));
      if (doubt) {
        const mark = make("strong", doubt);
        mark.className = "doubt";
        item.append(" ", mark);
      }
      item.append(` · ${row.level}: ${row.said}`);
      list.append(item);
    }
    panel.replaceChildren(head, list);
    panel.hidden = false;
    panel.focus();
    panel.scrollIntoView({ block: "nearest" });
  };
  buttons.forEach((button) => button.addEventListener("click", () => open(button)));
  filters.forEach((filter) => filter.addEventListener("change", refresh));
  byId("gap-reset").addEventListener("click", () => { filters.forEach((filter) => { filter.value = ""; }); byId("gap-open").hidden = true; refresh(); });
  refresh();
})();
