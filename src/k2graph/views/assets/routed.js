"use strict";
// The routed map: choosing a mechanism dims the rest and draws its reach and break, filters leave things out and move the others together
// (laid.js), what is seen can be taken away with its key (take.js), and what is chosen stands in the address.
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent), take = window.k2graphTake;
  const byId = (id) => document.getElementById(id);
  const frame = byId("map-frame"), svg = frame.querySelector("svg"), overlay = svg.querySelector(".marks"), rings = svg.querySelector(".rings");
  const lines = [...svg.querySelectorAll(".line")], joins = [...svg.querySelectorAll(".join")], lanes = [...svg.querySelectorAll(".lane")];
  const things = new Map([...svg.querySelectorAll(".thing")].map((each) => [each.dataset.thing, each]));
  const items = [...byId("map-list").children];
  const fields = { ...(byId("map-nutrient") ? { nutrient: byId("map-nutrient") } : {}), mechanism: byId("map-mechanism"), standing: byId("map-standing"), tier: byId("map-tier"), whole: byId("map-whole"), rest: byId("map-rest"), find: byId("map-find") };
  const value = (field) => (field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim());
  let wide = svg.viewBox.baseVal.width, high = svg.viewBox.baseVal.height;
  const make = (name, values, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, one] of Object.entries(values)) element.setAttribute(key, one);
    if (text) element.textContent = text;
    return element;
  };
  const html = (name, text) => { const element = document.createElement(name); element.textContent = text; return element; };
  const seen = (element) => !element.classList.contains("off");

  const wideEnough = matchMedia("(min-width: 40rem)"), phone = !wideEnough.matches;
  let scale = 1;
  const size = () => { svg.setAttribute("width", Math.round(wide * scale)); svg.setAttribute("height", Math.round(high * scale)); };
  const zoom = (to) => {
    const middle = [(frame.scrollLeft + frame.clientWidth / 2) / scale, (frame.scrollTop + frame.clientHeight / 2) / scale];
    scale = Math.min(2.5, Math.max(0.4, to));
    size();
    frame.scrollLeft = middle[0] * scale - frame.clientWidth / 2;
    frame.scrollTop = middle[1] * scale - frame.clientHeight / 2;
  };
  const place = (id) => { const box = things.get(id).querySelector("rect"); return ["x", "y", "width", "height"].map((key) => Number(box.getAttribute(key))); };
  const bring = (ids) => {
    const boxes = ids.filter((id) => things.has(id) && seen(things.get(id))).map(place);
    if (!boxes.length) return;
    const left = Math.min(...boxes.map((box) => box[0])), top = Math.min(...boxes.map((box) => box[1]));
    const right = Math.max(...boxes.map((box) => box[0] + box[2])), bottom = Math.max(...boxes.map((box) => box[1] + box[3]));
    frame.scrollLeft = right - left > frame.clientWidth / scale ? left * scale - 24 : ((left + right) / 2) * scale - frame.clientWidth / 2;
    frame.scrollTop = ((top + bottom) / 2) * scale - frame.clientHeight / 2;
  };
  const pen = document.createElement("canvas").getContext("2d");
  const folded = (text, room) => {
    pen.font = `700 13px ${svg.getAttribute("font-family")}`;
    const rows = [];
    for (const word of text.split(" ")) {
      const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
      if (rows.length && pen.measureText(longer).width <= room) rows[rows.length - 1] = longer; else rows.push(word);
    }
    return rows;
  };

  // Moving together
  const { path, head } = window.k2graphLay;
  let lain = "";
  const lay = (marked) => {
    const kept = [...things].filter(([, thing]) => seen(thing)).map(([id]) => id);
    const drawn = [...lines, ...joins].filter(seen).map((each) => ({ id: each.dataset.claim ?? each.dataset.line, from: each.dataset.from, to: each.dataset.to }));
    const order = fields.whole.checked || kept.some((id) => !data.orders.steps.things[id]) ? data.orders.whole : data.orders.steps;
    const now = JSON.stringify([kept, drawn.map((line) => line.id), order === data.orders.whole, [...marked]]);
    if (now === lain || !kept.length) return;
    lain = now;
    const boxes = new Map(kept.map((id) => {
      const thing = things.get(id);
      return [id, { width: Number(thing.querySelector("rect").getAttribute("width")), lines: thing.querySelectorAll("tspan").length, more: marked.get(id) ?? 0 }];
    }));
    const plan = window.k2graphLay(boxes, drawn, order);
    for (const [id, { x, y, width, height }] of plan.boxes) {
      const box = things.get(id).querySelector("rect"), names = [...things.get(id).querySelectorAll("tspan")];
      for (const [key, number] of Object.entries({ x, y, height })) box.setAttribute(key, number.toFixed(1));
      if (box.dataset.round ??= box.getAttribute("rx") > 10 ? "yes" : "no", box.dataset.round === "yes") box.setAttribute("rx", (height / 2).toFixed(1));
      names.forEach((name, number) => { name.setAttribute("x", (x + width / 2).toFixed(1)); name.setAttribute("y", (y + height / 2 - (names.length - 1) * 7.5 + 4.3 + number * 15).toFixed(1)); });
    }
    for (const line of lines.filter(seen)) {
      const route = plan.routes.get(line.dataset.claim), end = line.querySelector(".head"), bar = end.classList.contains("bar");
      for (const each of line.querySelectorAll(".hit, .way, .core")) each.setAttribute("d", path(route, bar ? 4 : 6));
      end.setAttribute("d", head(route, bar));
    }
    for (const join of joins.filter(seen)) join.setAttribute("d", path(plan.routes.get(join.dataset.line), 0));
    [wide, high] = [Math.round(plan.width), Math.round(plan.height)];
    for (const lane of lanes) {
      const bounds = plan.lanes.get(Number(lane.dataset.lane)), [frame_, name] = lane.children;
      lane.classList.toggle("off", !bounds);
      if (!bounds) continue;
      frame_.setAttribute("x", bounds[0] - 10);
      frame_.setAttribute("width", bounds[1] - bounds[0] + 20);
      frame_.setAttribute("height", high - 16);
      name.setAttribute("x", bounds[0]);
      // A lane that is narrow shows as much of its name as there is room for.
      const next = Math.min(...[...plan.lanes.values()].map(([left]) => left).filter((left) => left > bounds[0]), wide);
      name.dataset.name ??= name.textContent;
      name.textContent = name.dataset.name;
      while (name.textContent.length > 1 && name.textContent.length * 6.6 > next - bounds[0] - 4) name.textContent = `${name.textContent.replace(/…$/, "").slice(0, -1)}…`;
    }
    svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    size();
  };

  // Reach and break of the mechanism that is chosen. Colours are attributes, which rules turn on dark screens, and a picture keeps.
  const label = (look, x, y, colour, rows) => {
    const half = Math.max(...rows.map((row) => pen.measureText(row).width)) / 2, middle = Math.min(Math.max(x, half + 6), wide - half - 6);
    const text = make("text", { class: look, y, "text-anchor": "middle", "font-size": 13, "font-weight": 700, fill: colour, stroke: data.colours.ground, "stroke-width": 4, "paint-order": "stroke" });
    rows.forEach((row, number) => text.append(make("tspan", { x: middle.toFixed(1), y: y + 15 * number }, number < rows.length - 1 ? `${row} ` : row)));
    overlay.append(text);
  };
  const ofReach = (chosen) => chosen.reached.filter((id) => things.has(id));
  const draw = (chosen) => {
    overlay.replaceChildren();
    rings.replaceChildren();
    if (!chosen) return;
    ofReach(chosen).forEach((id, number, all) => {
      if (!seen(things.get(id))) return;
      const [x, y, width, height] = place(id), rows = folded(chosen.reaches, 150);
      rings.append(make("rect", { class: "reached", x: x - 4, y: y - 4, width: width + 8, height: height + 8, rx: 8, fill: "none", stroke: data.colours.reached, "stroke-width": 4 }));
      if (number && number === all.length - 1) label("reached-word", x + width / 2, y - 9 - 15 * (rows.length - 1), data.colours.reached, rows);
    });
    for (const end of chosen.ends) {
      if (!things.has(end.thing) || !seen(things.get(end.thing))) continue;
      const [x, y, width, height] = place(end.thing), look = end.kind, colour = data.colours[look], dashes = (text) => (look === "open" ? { "stroke-dasharray": text } : {});
      rings.append(make("rect", { class: `end ${look}`, x: x - 4, y: y - 4, width: width + 8, height: height + 8, fill: "none", stroke: colour, "stroke-width": 3, ...dashes("7 4") }));
      label(`end-word ${look}`, x + width / 2, y + height + 18, colour, folded(end.mark, 150));
      const way = lines.find((line) => line.dataset.claim === end.claim && seen(line))?.querySelector(".way");
      if (!way) continue;
      const point = way.getPointAtLength(Math.max(0, way.getTotalLength() - 16));
      overlay.append(make("rect", { class: "cut", x: point.x - 3, y: point.y - 6, width: 6, height: 12, fill: data.colours.ground }));
      for (const by of [-3, 3]) overlay.append(make("path", { class: `stroke ${look}`, d: `M${point.x + by - 3} ${point.y + 9}L${point.x + by + 3} ${point.y - 9}`, stroke: colour, "stroke-width": 3, ...dashes("4 2") }));
    }
  };
  const tell = (chosen) => {
    const told = byId("map-told");
    told.hidden = !chosen;
    if (!chosen) return;
    const link = html("a", chosen.name), first = html("p", "");
    link.href = chosen.href;
    first.append(link, " ", html("strong", `${chosen.verdict}.`));
    const figure = document.createElement("details"), image = document.createElement("img");
    image.src = chosen.href.replace(/\.html$/, phone ? "-80mm.svg" : "-170mm.svg");
    image.alt = `${chosen.name}: ${chosen.sentence}`;
    figure.append(html("summary", "Its figure"), image);
    told.replaceChildren(first, html("p", `${chosen.sentence} ${chosen.whole}`), figure);
  };

  const show = (moves) => {
    // Mechanisms of the nutrient that is chosen; one that is not of it cannot be.
    const held = fields.nutrient?.value ? data.nutrients[fields.nutrient.value] : null;
    if (fields.nutrient) for (const option of fields.mechanism.options) option.hidden = option.disabled = Boolean(option.value && held && !held.includes(option.value));
    if (fields.mechanism.selectedOptions[0]?.disabled) fields.mechanism.value = "";
    const its = held && new Set(held.flatMap((id) => [...data.mechanisms[id].claims, data.mechanisms[id].end_to_end]));
    const chosen = data.mechanisms[fields.mechanism.value], words = fields.find.value.trim().toLowerCase();
    const match = words ? [...things.keys()].filter((id) => data.names[id].includes(words)) : [];
    // What only end to end is on the map is brought there.
    if (match.length && match.every((id) => !data.orders.steps.things[id])) fields.whole.checked = true;
    const filtered = fields.standing.value || fields.tier.value, narrowed = filtered || held, of = chosen ? [...chosen.claims, chosen.end_to_end] : null;
    fields.rest.disabled = !chosen;
    const kept = new Set(), ends = new Set(), lit = new Set();
    let more = 0;
    for (const line of lines) {
      const { claim, from, to, result, tier } = line.dataset, whole = line.classList.contains("whole"), belongs = !of || of.includes(claim);
      const fits = (!its || its.has(claim)) && (!fields.standing.value || result === fields.standing.value) && (!fields.tier.value || tier === fields.tier.value);
      const on = fits && (belongs || !fields.rest.checked) && (!whole || fields.whole.checked || (of && belongs));
      if (whole && fits && !on && belongs) more += 1;
      line.classList.toggle("off", !on);
      line.classList.toggle("dim", !belongs);
      if (!on) continue;
      for (const end of [from, to]) { ends.add(end); if (belongs) lit.add(end); }
      if (belongs) kept.add(claim);
    }
    if (chosen && !filtered) chosen.things.filter((id) => things.has(id)).forEach((id) => { ends.add(id); lit.add(id); });
    const found = match.filter((id) => ends.has(id));
    for (const [id, thing] of things) {
      thing.classList.toggle("off", !ends.has(id));
      thing.classList.toggle("dim", !lit.has(id) && !found.includes(id));
      thing.classList.toggle("found", found.includes(id));
    }
    for (const join of joins) {
      join.classList.toggle("off", !(ends.has(join.dataset.from) && ends.has(join.dataset.to)));
      join.classList.toggle("dim", !(lit.has(join.dataset.from) && lit.has(join.dataset.to)));
    }
    items.forEach((item) => { item.hidden = !kept.has(item.dataset.claim); });
    const steps = lines.filter((line) => !line.classList.contains("whole")), left = steps.filter((line) => kept.has(line.dataset.claim)).length, over = kept.size - left;
    byId("map-count").textContent = `${left === steps.length ? left : `${left} of ${steps.length}`} claims${over ? `, ${over} end to end` : ""}${narrowed && more ? `; ${more} more end to end` : ""}${words ? `; ${found.length} found` : ""}`;
    const marked = new Map();
    if (chosen) {
      for (const end of chosen.ends) marked.set(end.thing, 34);
      if (ofReach(chosen).length > 1) marked.set(ofReach(chosen).at(-1), Math.max(marked.get(ofReach(chosen).at(-1)) ?? 0, 30 * folded(chosen.reaches, 150).length));
    }
    // At first all lies as Python has laid it.
    if (lain || narrowed || chosen || fields.whole.checked) lay(marked);
    draw(chosen);
    tell(chosen);
    if (moves && found.length) { zoom(Math.max(scale, 1.2)); bring(found.slice(0, 1)); } else if (moves && chosen) bring(chosen.things);
    else if (moves && narrowed) { frame.scrollLeft = 0; frame.scrollTop = 0; }
  };

  // Taking away what is seen, with a title and the key, on light ground
  const picture = () => {
    const copy = svg.cloneNode(true), key = copy.querySelector(".map-key"), chosen = data.mechanisms[fields.mechanism.value];
    const across = Math.max(wide, Number(key.dataset.width)), about = (field) => field.selectedOptions[0].textContent;
    const title = [
      chosen ? `${chosen.name}. ${chosen.verdict}. ${chosen.sentence}` : "Mechanisms and the claims between them",
      ...(fields.nutrient?.value ? [`nutrient: ${about(fields.nutrient)}`] : []), ...(fields.standing.value ? [`standing: ${about(fields.standing)}`] : []), ...(fields.tier.value ? [`tested in: ${about(fields.tier)}`] : []),
    ].join("; ");
    const rows = folded(title, across - 32), above = 12 + 18 * rows.length, height = above + high + Number(key.dataset.height);
    copy.querySelectorAll(".off, .hit, .line > title").forEach((each) => each.remove());
    copy.querySelectorAll(".dim").forEach((each) => each.setAttribute("opacity", "0.13"));
    copy.querySelectorAll("a").forEach((each) => { const group = make("g", {}); group.append(...each.childNodes); if (each.hasAttribute("opacity")) group.setAttribute("opacity", "0.13"); each.replaceWith(group); });
    copy.querySelectorAll("*").forEach((each) => { for (const name of ["class", ...Object.keys(each.dataset).map((one) => `data-${one}`)]) each.removeAttribute(name); });
    key.removeAttribute("display");
    key.setAttribute("transform", `translate(0 ${high})`);
    const texts = rows.map((row, number) => make("text", { x: 16, y: 20 + 18 * number - above, "font-size": 13, "font-weight": 700 }, row));
    copy.prepend(make("rect", { x: 0, y: -above, width: across, height, fill: data.colours.ground }), ...texts);
    copy.setAttribute("viewBox", `0 ${-above} ${across} ${height}`);
    copy.setAttribute("width", across);
    copy.setAttribute("height", height);
    return copy;
  };
  const called = () => (fields.mechanism.value ? `map-${fields.mechanism.value.split(":").at(-1)}` : "mechanism-map").replaceAll(/[^\w-]+/g, "-");

  // The address
  const keep = () => {
    const state = new URLSearchParams(Object.entries(fields).map(([key, field]) => [key, value(field)]).filter(([, one]) => one));
    const text = state.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname.split("/").pop() + location.search);
  };
  const read = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    // Another place on the page is no setting.
    if (location.hash && !location.hash.includes("=")) return;
    for (const [key, field] of Object.entries(fields)) {
      const one = state.get(key) || "";
      if (field.type === "checkbox") field.checked = one === "1"; else field.value = one;
      if (field.tagName === "SELECT" && field.value !== one) field.value = `${key}:${one}`;
      // What the page does not know is as if nothing were chosen.
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
    }
    show(true);
    // The address claims nothing that is not seen.
    if (location.hash) keep();
  };
  for (const field of Object.values(fields)) field.addEventListener(field.type === "search" ? "input" : "change", () => { show(true); keep(); });
  byId("map-all").addEventListener("click", () => { Object.values(fields).forEach((field) => { if (field.type === "checkbox") field.checked = false; else field.value = ""; }); zoom(1); show(false); keep(); });
  byId("map-in").addEventListener("click", () => zoom(scale * 1.25));
  byId("map-out").addEventListener("click", () => zoom(scale / 1.25));
  byId("map-svg").addEventListener("click", () => take.svg(called(), picture()));
  byId("map-png").addEventListener("click", () => take.png(called(), picture()));
  byId("map-link").addEventListener("click", async (event) => { await take.copy(location.href); take.did(event.target, "copied"); });
  addEventListener("hashchange", read);
  // On a phone the list is the map.
  const open = () => { if (!wideEnough.matches) document.querySelector(".claims-of-map").open = true; };
  wideEnough.addEventListener("change", open);
  open();
  show(false);
  read();
})();
