"use strict";
// The routed map: choosing a mechanism dims the rest and draws its reach and break; filters hide lines; what is chosen stands in the address.
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const byId = (id) => document.getElementById(id);
  const frame = byId("map-frame"), svg = frame.querySelector("svg"), overlay = svg.querySelector(".chosen");
  const lines = [...svg.querySelectorAll(".line")], joins = [...svg.querySelectorAll(".join")];
  const things = new Map([...svg.querySelectorAll(".thing")].map((each) => [each.dataset.thing, each]));
  const items = [...byId("map-list").children];
  const fields = { mechanism: byId("map-mechanism"), standing: byId("map-standing"), tier: byId("map-tier"), find: byId("map-find") };
  const wide = svg.viewBox.baseVal.width, high = svg.viewBox.baseVal.height;
  const make = (name, values, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    if (text) element.textContent = text;
    return element;
  };
  const html = (name, text) => { const element = document.createElement(name); element.textContent = text; return element; };

  const phone = !matchMedia("(min-width: 40rem)").matches;
  let scale = 1;
  const zoom = (to) => {
    const middle = [(frame.scrollLeft + frame.clientWidth / 2) / scale, (frame.scrollTop + frame.clientHeight / 2) / scale];
    scale = Math.min(2.5, Math.max(0.4, to));
    svg.setAttribute("width", Math.round(wide * scale));
    svg.setAttribute("height", Math.round(high * scale));
    frame.scrollLeft = middle[0] * scale - frame.clientWidth / 2;
    frame.scrollTop = middle[1] * scale - frame.clientHeight / 2;
  };
  const place = (id) => { const box = things.get(id).querySelector("rect"); return ["x", "y", "width", "height"].map((key) => Number(box.getAttribute(key))); };
  const bring = (ids) => {
    const boxes = ids.filter((id) => things.has(id)).map(place);
    if (!boxes.length) return;
    const left = Math.min(...boxes.map((box) => box[0])), top = Math.min(...boxes.map((box) => box[1]));
    const right = Math.max(...boxes.map((box) => box[0] + box[2])), bottom = Math.max(...boxes.map((box) => box[1] + box[3]));
    frame.scrollLeft = right - left > frame.clientWidth / scale ? left * scale - 24 : ((left + right) / 2) * scale - frame.clientWidth / 2;
    frame.scrollTop = ((top + bottom) / 2) * scale - frame.clientHeight / 2;
  };

  // Reach and break of the mechanism that is chosen
  const draw = (chosen) => {
    overlay.replaceChildren();
    if (!chosen) return;
    chosen.reached.filter((id) => things.has(id)).forEach((id, number, all) => {
      const [x, y, width, height] = place(id);
      overlay.append(make("rect", { class: "reached", x: x - 4, y: y - 4, width: width + 8, height: height + 8, rx: 8 }));
      if (number && number === all.length - 1) overlay.append(make("text", { class: "reached-word", x: x + width / 2, y: y - 9, "text-anchor": "middle" }, chosen.reaches));
    });
    for (const end of chosen.ends) {
      if (!things.has(end.thing)) continue;
      const [x, y, width, height] = place(end.thing), look = end.kind;
      overlay.append(make("rect", { class: `end ${look}`, x: x - 4, y: y - 4, width: width + 8, height: height + 8 }));
      overlay.append(make("text", { class: `end-word ${look}`, x: x + width / 2, y: y + height + 18, "text-anchor": "middle" }, end.mark));
      const way = lines.find((line) => line.dataset.claim === end.claim)?.querySelector(".way");
      if (!way) continue;
      const point = way.getPointAtLength(Math.max(0, way.getTotalLength() - 16));
      overlay.append(make("rect", { class: "cut", x: point.x - 3, y: point.y - 6, width: 6, height: 12 }));
      for (const by of [-3, 3]) overlay.append(make("path", { class: `stroke ${look}`, d: `M${point.x + by - 3} ${point.y + 9}L${point.x + by + 3} ${point.y - 9}` }));
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
    const chosen = data.mechanisms[fields.mechanism.value], words = fields.find.value.trim().toLowerCase();
    const found = words ? [...things.keys()].filter((id) => data.names[id].includes(words)) : [];
    const kept = new Set();
    for (const line of lines) {
      const fits = (!fields.standing.value || line.dataset.result === fields.standing.value) && (!fields.tier.value || line.dataset.tier === fields.tier.value);
      line.classList.toggle("off", !fits);
      line.classList.toggle("dim", !!chosen && !chosen.claims.includes(line.dataset.claim));
      if (fits && (!chosen || chosen.claims.includes(line.dataset.claim))) kept.add(line.dataset.claim);
    }
    const filtered = fields.standing.value || fields.tier.value;
    const ends = new Set(lines.filter((line) => kept.has(line.dataset.claim)).flatMap((line) => [line.dataset.from, line.dataset.to]));
    if (chosen && !filtered) chosen.things.forEach((id) => ends.add(id));
    for (const [id, thing] of things) {
      thing.classList.toggle("dim", !ends.has(id) && !found.includes(id));
      thing.classList.toggle("found", found.includes(id));
    }
    joins.forEach((join) => join.classList.toggle("dim", !(ends.has(join.dataset.from) && ends.has(join.dataset.to))));
    items.forEach((item) => { item.hidden = !kept.has(item.dataset.claim); });
    byId("map-count").textContent = `${kept.size === lines.length ? lines.length : `${kept.size} of ${lines.length}`} claims${words ? `; ${found.length} found` : ""}`;
    draw(chosen);
    tell(chosen);
    if (moves && found.length) { zoom(Math.max(scale, 1.2)); bring(found.slice(0, 1)); } else if (moves && chosen) bring(chosen.things);
  };

  // The address
  const keep = () => {
    const state = new URLSearchParams(Object.entries(fields).map(([key, field]) => [key, field.value.trim()]).filter(([, value]) => value));
    const text = state.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname.split("/").pop() + location.search);
  };
  const read = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    if (![...state.keys()].every((key) => key in fields)) return;
    for (const [key, field] of Object.entries(fields)) {
      field.value = state.get(key) || "";
      // What the page does not know is as if nothing were chosen.
      if (field.value !== (state.get(key) || "")) field.value = "";
    }
    show(true);
  };
  for (const field of Object.values(fields)) field.addEventListener(field.tagName === "SELECT" ? "change" : "input", () => { show(true); keep(); });
  byId("map-all").addEventListener("click", () => { Object.values(fields).forEach((field) => { field.value = ""; }); zoom(1); show(false); keep(); });
  byId("map-in").addEventListener("click", () => zoom(scale * 1.25));
  byId("map-out").addEventListener("click", () => zoom(scale / 1.25));
  addEventListener("hashchange", read);
  // On a phone the list is the map.
  if (phone) document.querySelector(".claims-of-map").open = true;
  show(false);
  read();
})();
