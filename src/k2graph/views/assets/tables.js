"use strict";
// Tables that filter: by words, by values with their counts, by ranges of numbers; sorted by any column; what is left can be taken away.
(() => {
  const take = window.k2graphTake;
  const make = (tag, text, values = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };
  const NUMBER = /^[+-]?\d[\d,]*(\.\d+)?$/, MOST = 60;

  // A column as it can be filtered: by numbers, by a few values, or by nothing but words.
  const column = (head, place, rows) => {
    const cells = rows.map((row) => row.cells[place]), texts = cells.map((cell) => cell.textContent.trim());
    const values = cells.map((cell, row) => (cell.dataset.values ?? texts[row]).split("|").map((each) => each.trim()).filter(Boolean));
    const filled = texts.filter(Boolean), known = new Set(values.flat());
    const numeric = filled.length > 0 && filled.every((text) => NUMBER.test(text));
    const numbers = texts.map((text) => numeric && text ? Number(text.replaceAll(",", "")) : null);
    const wish = head.dataset.facet;
    const kind = wish ?? (numeric && known.size > 1 ? "range" : known.size > 1 && known.size <= MOST && known.size < filled.length ? "choice" : "none");
    const name = (head.dataset.name ?? head.textContent).trim();
    return { head, place, name, key: name.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase(), texts, values, numeric, numbers, kind, chosen: new Set(), low: "", high: "" };
  };
  const inRange = (each, row) => (!each.low && !each.high) || (each.numbers[row] !== null && (!each.low || each.numbers[row] >= Number(each.low)) && (!each.high || each.numbers[row] <= Number(each.high)));
  const inChoice = (each, row) => !each.chosen.size || each.values[row].some((value) => each.chosen.has(value));

  const filterable = (table) => {
    const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
    if (rows.length < 2) return;
    const columns = heads.map((head, place) => column(head, place, rows));
    const words = document.querySelector(`.filter[data-filters="${table.id}"]`);
    const text = rows.map((row) => row.textContent.toLowerCase());
    let sorted = null, down = false;
    rows.forEach((row) => columns.forEach((each) => { row.cells[each.place].dataset.label = each.name; }));

    const bar = make("div", "", { class: "facets", role: "group", "aria-label": "Filters of the table" }), state = make("span", "", { role: "status", class: "soft" });
    const matches = (row, except = null) => columns.every((each) => each === except || (inRange(each, row) && inChoice(each, row)))
      && (words?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean).every((word) => text[row].includes(word));
    const shown = () => rows.map((_, row) => row).filter((row) => matches(row));

    const choices = (each, box) => {
      const counts = new Map();
      rows.forEach((_, row) => { if (matches(row, each)) for (const value of new Set(each.values[row])) counts.set(value, (counts.get(value) || 0) + 1); });
      for (const value of new Set(each.values.flat())) if (!counts.has(value)) counts.set(value, 0);
      const order = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "en"));
      const had = document.activeElement?.dataset.value;
      box.replaceChildren(...order.map(([value, some]) => {
        const label = make("label", ""), tick = make("input", "", { type: "checkbox", "data-value": value });
        tick.checked = each.chosen.has(value);
        tick.addEventListener("change", () => { if (tick.checked) each.chosen.add(value); else each.chosen.delete(value); refresh(); });
        label.append(tick, ` ${value} `, make("span", String(some), { class: "soft" }));
        return label;
      }));
      if (had !== undefined) [...box.querySelectorAll("input")].find((tick) => tick.dataset.value === had)?.focus();
    };
    for (const each of columns) {
      if (each.kind === "none") continue;
      const facet = make("details", "", { class: "facet" }), title = make("summary", each.name), box = make("div", "");
      facet.append(title, box);
      each.title = title;
      if (each.kind === "choice") {
        each.fill = () => choices(each, box);
        facet.addEventListener("toggle", () => { if (facet.open) each.fill(); });
      } else {
        const there = each.numbers.filter((number) => number !== null), ends = [Math.min(...there), Math.max(...there)];
        each.inputs = ["low", "high"].map((end, place) => {
          const input = make("input", "", { type: "number", step: "any", placeholder: String(ends[place]), "aria-label": `${each.name}: ${place ? "at most" : "at least"}` });
          input.addEventListener("input", () => { each[end] = input.value; refresh(); });
          return input;
        });
        box.append(each.inputs[0], " to ", each.inputs[1]);
      }
      bar.append(facet);
    }
    // One facet open at a time, so that none covers another.
    bar.addEventListener("toggle", (event) => { if (event.target.open) for (const other of bar.querySelectorAll("details[open]")) if (other !== event.target) other.open = false; }, true);
    document.addEventListener("click", (event) => { if (!bar.contains(event.target)) for (const each of bar.querySelectorAll("details[open]")) each.open = false; });
    bar.addEventListener("keydown", (event) => {
      const open = bar.querySelector("details[open]");
      if (event.key === "Escape" && open) { open.open = false; open.querySelector("summary").focus(); }
    });
    const seen = make("details", "", { class: "facet" }), list = make("div", "");
    seen.append(make("summary", "Columns"), list);
    for (const each of columns.slice(1)) {
      const label = make("label", ""), tick = make("input", "", { type: "checkbox" });
      tick.checked = true;
      each.tick = tick;
      tick.addEventListener("change", () => refresh());
      label.append(tick, ` ${each.name}`);
      list.append(label);
    }
    const name = document.title.split(" · ")[0].replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase();
    const reports = (row) => (rows[row].dataset.reports || "").split(" ").filter(Boolean);
    const actions = make("span", "", { class: "actions" });
    const action = (label, done, act) => {
      const button = make("button", label, { type: "button" });
      button.addEventListener("click", async () => { await act(); take.did(button, done); });
      actions.append(button, " ");
    };
    action("Copy link", "Copied", () => take.copy(location.href));
    action("CSV", "Saved", () => {
      const kept = columns.filter((each) => !each.tick || each.tick.checked);
      take.csv(`${name}.csv`, [kept.map((each) => each.name), ...order().filter((row) => matches(row)).map((row) => kept.map((each) => each.texts[row]))]);
    });
    if (rows.some((row) => row.dataset.reports)) for (const [form, label] of [["bibtex", "BibTeX"], ["ris", "RIS"]]) action(label, "Saved", () => take.cite(name, shown().flatMap(reports), form));
    const reset = make("button", "Reset", { type: "button" });
    reset.addEventListener("click", () => {
      for (const each of columns) { each.chosen.clear(); each.low = each.high = ""; for (const input of each.inputs || []) input.value = ""; if (each.tick) each.tick.checked = true; }
      if (words) words.value = "";
      sorted = null;
      refresh();
    });
    bar.append(seen, reset, state, actions);
    table.closest(".scroll").before(bar);

    const order = () => {
      const places = rows.map((_, row) => row);
      if (!sorted) return places;
      const value = (row) => sorted.numeric ? sorted.numbers[row] : sorted.texts[row].toLowerCase() || null, sign = down ? -1 : 1;
      return places.sort((a, b) => {
        const [one, other] = [value(a), value(b)];
        // What is empty stands last, whichever way.
        if (one === null || other === null) return (one === null) - (other === null) || a - b;
        return sign * (sorted.numeric ? one - other : one.localeCompare(other, "en")) || a - b;
      });
    };
    for (const each of columns) {
      const button = make("button", each.head.textContent, { type: "button", class: "sort" });
      each.head.replaceChildren(button);
      button.addEventListener("click", () => { down = sorted === each && !down; sorted = each; refresh(); });
    }
    const refresh = () => {
      const kept = new Set(shown());
      rows.forEach((row, place) => { row.hidden = !kept.has(place); });
      body.replaceChildren(...order().map((row) => rows[row]));
      for (const each of columns) {
        each.head.setAttribute("aria-sort", each === sorted ? (down ? "descending" : "ascending") : "none");
        const hidden = Boolean(each.tick) && !each.tick.checked;
        each.head.hidden = hidden;
        for (const row of rows) row.cells[each.place].hidden = hidden;
        if (each.title) each.title.textContent = each.name + (each.chosen.size ? ` (${each.chosen.size})` : each.low || each.high ? " (range)" : "");
        if (each.fill && each.title.parentElement.open) each.fill();
      }
      state.textContent = `${kept.size} of ${rows.length}`;
      const there = Object.fromEntries(columns.map((each) => [each.key, each.chosen.size ? [...each.chosen].join("|") : each.low || each.high ? `${each.low}..${each.high}` : ""]));
      take.keep({ words: words?.value || "", ...there, sort: sorted ? `${down ? "-" : ""}${sorted.key}` : "", without: columns.filter((each) => each.tick && !each.tick.checked).map((each) => each.key).join("|") });
    };
    words?.addEventListener("input", () => refresh());
    const there = take.state(), named = Object.keys(there).some((key) => ["words", "sort", "without"].includes(key) || columns.some((each) => each.key === key));
    if (named) {
      if (words) words.value = there.words || "";
      for (const each of columns) {
        const given = there[each.key];
        if (given && each.kind === "choice") each.chosen = new Set(given.split("|"));
        if (given && each.kind === "range") { [each.low, each.high] = given.split(".."); each.inputs.forEach((input, place) => { input.value = place ? each.high : each.low; }); }
        if (each.tick && (there.without || "").split("|").includes(each.key)) each.tick.checked = false;
      }
      sorted = columns.find((each) => each.key === (there.sort || "").replace(/^-/, "")) || null;
      down = (there.sort || "").startsWith("-");
      refresh();
    } else state.textContent = `${rows.length} rows`;
  };
  document.querySelectorAll("table.filterable").forEach(filterable);
})();
