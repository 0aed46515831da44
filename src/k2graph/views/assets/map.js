"use strict";
// The mechanism map: draws what the page's data says, filters it, and opens what is chosen. All text goes in as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const byId = (id) => document.getElementById(id);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const tone = (look) => (dark.matches ? look.dark : look.light);
  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const link = (text, href) => {
    if (!href) return make("span", text);
    const anchor = make("a", text);
    anchor.href = href;
    anchor.rel = "noopener noreferrer";
    return anchor;
  };

  const nodes = new vis.DataSet(data.nodes.map((node) => ({ ...node, hidden: true })));
  const claimEdges = data.edges.filter((edge) => !edge.relation);
  const joins = data.edges.filter((edge) => edge.relation);
  const byEdge = Object.fromEntries(data.edges.map((edge) => [edge.id, edge])), at = Object.fromEntries(data.nodes.map((node) => [node.id, node]));

  const choose = (id, values, label) => values.forEach((value) => {
    const option = make("option", label ? label(value) : value);
    option.value = value;
    byId(id).append(option);
  });
  const things = data.nodes.map((node) => node.id).sort((a, b) => data.things[a].label.localeCompare(data.things[b].label));
  choose("filter-form", data.forms);
  choose("filter-organism", data.organisms);
  choose("chain-from", things, (id) => data.things[id].label);
  choose("chain-to", things, (id) => data.things[id].label);

  // vis-network draws boxes, moves and enlarges; lines are drawn here, each on the way beside every box that the plan has for it.
  const SIZE = 12, MARGIN = 5;
  const network = new vis.Network(byId("network"), { nodes, edges: [] }, {
    physics: false, autoResize: true,
    nodes: { margin: MARGIN, chosen: false },
    interaction: { dragNodes: false, hover: false, keyboard: false, navigationButtons: false, tooltipDelay: 1e9 },
  });
  // The list beside the picture is what a keyboard and a screen reader use.
  byId("network").querySelector("canvas").setAttribute("aria-hidden", "true");
  byId("network").querySelector(".vis-network").tabIndex = -1;
  const inks = () => Object.fromEntries(["ink", "soft", "ground", "rule"].map((name) => [name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()]));
  let plan = null, drawn = [], chosenLine = "", overLine = "", colours = inks();
  const paint = () => {
    colours = inks();
    nodes.update(data.nodes.map((node) => {
      const [background, border] = tone(data.shapes[node.look]);
      return { id: node.id, color: { background, border, highlight: { background, border }, hover: { background, border } },
        font: { color: colours.ink, size: SIZE }, borderWidth: node.look === "outcome" ? 1.8 : 1.2, borderWidthSelected: 3 };
    }));
    network.redraw();
  };
  // Where the sign of the tier stands: in the middle of the longest straight part, upright.
  const middle = (stretches) => {
    const parts = stretches.map(([left, right, y]) => [Math.abs(right - left), (left + right) / 2, y]);
    stretches.slice(1).forEach(([left, , y], number) => { const [, x, before] = stretches[number]; parts.push([Math.abs(left - x) / 2, (left + x) / 2, (before + y) / 2]); });
    return parts.reduce((best, part) => (part[0] > best[0] ? part : best)).slice(1);
  };
  const lay = () => {
    const kept = data.nodes.filter((node) => now.ends.has(node.id));
    nodes.update(data.nodes.map((node) => ({ id: node.id, hidden: !now.ends.has(node.id) })));
    [plan, drawn] = [null, []];
    if (!kept.length) { network.redraw(); return; }
    const order = byId("show-whole").checked || kept.some((node) => !data.orders.steps.things[node.id]) || now.kept.some((edge) => edge.whole) ? data.orders.whole : data.orders.steps;
    // A form is narrower than that of which it is one: the line goes from the wider to the narrower.
    const lines = data.edges.filter((edge) => now.shown.has(edge.id)).map((edge) => (edge.relation ? { id: edge.line, from: edge.to, to: edge.from, edge } : { id: edge.id, from: edge.from, to: edge.to, edge }));
    plan = window.k2graphLay(new Map(kept.map((node) => [node.id, { width: node.wide, lines: node.label.split("\n").length, more: 0 }])), lines, order);
    // The plan has put names into lines; what is wider than the box is folded no more.
    nodes.update([...plan.boxes].map(([id, box]) => ({
      id, x: box.x + box.width / 2, y: box.y + box.height / 2,
      widthConstraint: { minimum: box.width - 2 * MARGIN, maximum: box.width + 40 }, heightConstraint: { minimum: box.height - 2 * MARGIN },
      shapeProperties: { ...at[id].shapeProperties, borderRadius: at[id].shapeProperties.borderRadius > 10 ? box.height / 2 : at[id].shapeProperties.borderRadius },
    })));
    drawn = lines.filter((line) => plan.routes.has(line.id)).map(({ id, edge }) => {
      const route = plan.routes.get(id), bar = !edge.relation && edge.arrows.to.type === "bar";
      const way = window.k2graphLay.path(route, edge.relation ? 0 : bar ? 4 : 6), head = edge.relation ? "" : window.k2graphLay.head(route, bar);
      return { edge, way, head, bar, width: edge.relation ? 1 : 0.6 * edge.width, sign: middle(route), path: new Path2D(way), headPath: new Path2D(head) };
    });
    // What is thin lies below.
    drawn.sort((one, other) => Boolean(other.edge.relation) - Boolean(one.edge.relation));
  };
  network.on("beforeDrawing", (pen) => {
    if (!plan) return;
    pen.save();
    pen.font = `${SIZE}px sans-serif`;
    for (const [lane, [left, right]] of plan.lanes) {
      pen.setLineDash([2, 4]);
      [pen.strokeStyle, pen.fillStyle, pen.lineWidth, pen.textAlign] = [colours.rule, colours.soft, 1, "left"];
      pen.strokeRect(left - 10, 8, right - left + 20, plan.height - 16);
      pen.fillText(data.lanes[lane], left, 26, plan.width - left);
    }
    for (const { edge, path, headPath, bar, width } of drawn) {
      const look = data.looks[edge.result], strong = edge.id === chosenLine || edge.id === overLine ? 1.5 : 0;
      pen.globalAlpha = look ? 1 : 0.45;
      pen.strokeStyle = pen.fillStyle = look ? tone(look) : colours.soft;
      pen.lineWidth = width + strong + (edge.hollow ? 3 : 0);
      pen.setLineDash(look ? look.dashes.map((dash) => dash * 0.75) : []);
      pen.stroke(path);
      pen.setLineDash([]);
      if (edge.hollow) { [pen.strokeStyle, pen.lineWidth] = [colours.ground, width + 0.6]; pen.stroke(path); pen.strokeStyle = tone(look); }
      if (look && bar) { pen.lineWidth = 3; pen.stroke(headPath); } else if (look) pen.fill(headPath);
    }
    [pen.globalAlpha, pen.textAlign, pen.textBaseline, pen.lineWidth, pen.strokeStyle] = [1, "center", "middle", 4, colours.ground];
    for (const { edge, sign: [x, y] } of drawn.filter((line) => !line.edge.relation)) {
      pen.fillStyle = tone(data.looks[edge.result]);
      pen.strokeText(edge.label, x, y);
      pen.fillText(edge.label, x, y);
    }
    pen.restore();
  });
  const probe = document.createElement("canvas").getContext("2d");
  const lineAt = ({ x, y }) => {
    probe.lineWidth = 11;
    return drawn.filter((line) => !line.edge.relation && probe.isPointInStroke(line.path, x, y)).at(-1)?.edge.id ?? "";
  };
  byId("network").addEventListener("mousemove", (event) => {
    const frame = byId("network").getBoundingClientRect(), before = overLine;
    overLine = lineAt(network.DOMtoCanvas({ x: event.clientX - frame.left, y: event.clientY - frame.top }));
    byId("network").classList.toggle("over", Boolean(overLine));
    if (overLine !== before) network.redraw();
  });
  // The whole, or as much of it from the left as can be read.
  const whole = () => {
    const { clientWidth, clientHeight } = byId("network");
    if (plan) network.moveTo({ position: { x: plan.width / 2, y: plan.height / 2 }, scale: Math.min(clientWidth / plan.width, clientHeight / plan.height, 1.3) });
  };
  const legible = () => {
    const { clientWidth, clientHeight } = byId("network");
    if (!plan) return;
    if (SIZE * Math.min(clientWidth / plan.width, clientHeight / plan.height) >= 11) whole();
    else network.moveTo({ position: { x: Math.min(clientWidth, plan.width) / 2, y: plan.height / 2 }, scale: 1 });
  };

  // What is shown
  const matches = (edge, words) => {
    if (!words) return true;
    const texts = [data.claims[edge.id].label, ...[edge.from, edge.to].flatMap((id) => [data.things[id].label, ...data.things[id].synonyms])];
    return texts.some((text) => text.toLowerCase().includes(words));
  };
  const between = (from, to) => {
    const out = {};
    for (const edge of claimEdges) (out[edge.from] ||= []).push([edge.to, edge.id, 1]);
    for (const edge of joins) for (const [a, b] of [[edge.from, edge.to], [edge.to, edge.from]]) (out[a] ||= []).push([b, edge.id, 0]);
    const used = new Set();
    const walk = (place, seen, way, claims, joined) => {
      if (place === to && claims) { way.forEach((id) => used.add(id)); return; }
      for (const [next, id, isClaim] of out[place] || []) {
        if (seen.has(next) || claims + isClaim > 6 || (!isClaim && joined)) continue;
        walk(next, new Set([...seen, next]), [...way, id], claims + isClaim, !isClaim);
      }
    };
    walk(from, new Set([from]), [], 0, false);
    return used;
  };
  const visible = () => {
    const value = (id) => byId(id).value;
    const words = value("map-search").trim().toLowerCase(), [from, to] = [value("chain-from"), value("chain-to")];
    const chain = from && to && from !== to ? between(from, to) : null;
    const kept = claimEdges.filter((edge) =>
      (byId("show-whole").checked || !edge.whole || chain?.has(edge.id))
      && (!value("filter-result") || edge.result === value("filter-result"))
      && (!value("filter-tier") || edge.tier === value("filter-tier"))
      && (!value("filter-form") || edge.forms.includes(value("filter-form")))
      && (!value("filter-organism") || edge.organisms.includes(value("filter-organism")))
      && (!value("filter-outcome") || edge.kinds.includes(value("filter-outcome")))
      && (!value("filter-kind") || at[edge.from].look === value("filter-kind") || at[edge.to].look === value("filter-kind"))
      && (!chain || chain.has(edge.id)) && matches(edge, words));
    const ends = new Set(kept.flatMap((edge) => [edge.from, edge.to]));
    const related = joins.filter((edge) => (chain ? chain.has(edge.id) : true) && ends.has(edge.from) && ends.has(edge.to));
    return { kept, ends, shown: new Set([...kept, ...related].map((edge) => edge.id)) };
  };
  let now = { kept: [], ends: new Set(), shown: new Set() };
  const show = () => {
    now = visible();
    [chosenLine, overLine] = ["", ""];
    lay();
    legible();
    const all = claimEdges.length;
    byId("map-count").textContent = now.kept.length === all ? `${all} claims` : `${now.kept.length} of ${all} claims`;
    document.body.dataset.claims = now.kept.length;
    listed();
  };

  // What is said of what was chosen
  const panel = byId("panel");
  const standing = (claim) => {
    const badge = make("span", "", `standing result-${claim.result}`);
    const icon = make("span", data.looks[claim.result].icon, "icon");
    icon.setAttribute("aria-hidden", "true");
    badge.append(icon, document.createTextNode(claim.standing));
    return badge;
  };
  const listed = () => {
    const list = make("div", "", "list");
    const claims = [...now.kept].sort((a, b) => data.claims[a.id].label.localeCompare(data.claims[b.id].label));
    for (const edge of claims) {
      const claim = data.claims[edge.id], button = make("button");
      button.type = "button";
      const icon = make("span", data.looks[claim.result].icon, `icon result-${claim.result}`);
      icon.setAttribute("aria-hidden", "true");
      button.append(icon, document.createTextNode(`${claim.label}: ${claim.standing}`));
      button.addEventListener("click", () => open(edge.id));
      list.append(button);
    }
    panel.replaceChildren(make("h2", "Claims on the map"), make("p", "Choose a line, a thing, or a claim below.", "soft"), list);
  };
  const finding = (each) => {
    const item = make("li", "", each.reasons.length ? "uncounted" : "");
    item.append(link(each.report, each.href));
    if (each.doubt) item.append(" ", make("strong", each.doubt, "doubt"));
    item.append(` · ${each.level}: ${each.details}. ${each.reported}${each.numbers ? ` [${each.numbers}]` : ""}`);
    if (each.reasons.length) item.append(make("em", ` Not counted: ${each.reasons.join("; ")}.`));
    return item;
  };
  const unchoose = () => { network.unselectAll(); chosenLine = ""; network.redraw(); };
  const back = () => {
    const button = make("button", "← all claims");
    button.type = "button";
    button.addEventListener("click", () => { unchoose(); listed(); panel.focus(); });
    return button;
  };
  const open = (id) => {
    const claim = data.claims[id];
    if (!claim) return;
    network.unselectAll();
    chosenLine = id;
    network.redraw();
    const parts = [back(), make("h2", claim.label), standing(claim), make("p", claim.why)];
    parts.push(make("p", `Best support: ${claim.best || "none"}. Testable in people: ${claim.testable || "not said"}.`, "soft"));
    claim.change.forEach((text) => parts.push(make("p", text, "soft")));
    for (const { name, icon, heading } of data.stances) {
      const found = claim.findings.filter((each) => each.stance === name);
      if (!found.length) continue;
      const list = make("ul");
      found.forEach((each) => list.append(finding(each)));
      parts.push(make("h3", `${icon} ${heading} (${found.length})`), list);
    }
    if (claim.mechanisms.length) {
      const list = make("ul");
      claim.mechanisms.forEach((label) => list.append(make("li", label)));
      parts.push(make("h3", "Mechanisms that need it"), list);
    }
    panel.replaceChildren(...parts);
    panel.scrollTop = 0;
    panel.focus({ preventScroll: innerWidth > 960 });
  };
  const openThing = (id) => {
    const thing = data.things[id], list = make("div", "", "list");
    for (const edge of now.kept.filter((each) => each.from === id || each.to === id)) {
      const button = make("button", `${data.claims[edge.id].label}: ${data.claims[edge.id].standing}`);
      button.type = "button";
      button.addEventListener("click", () => open(edge.id));
      list.append(button);
    }
    const parts = [back(), make("h2", thing.label), make("p", `${thing.kind}. ${thing.definition}`)];
    if (thing.synonyms.length) parts.push(make("p", `Also called: ${thing.synonyms.join(", ")}`, "soft"));
    panel.replaceChildren(...parts, make("h3", "Claims"), list);
    panel.focus({ preventScroll: true });
  };
  network.on("click", (event) => {
    if (event.nodes.length) openThing(event.nodes[0]);
    else if (lineAt(event.pointer.canvas)) open(lineAt(event.pointer.canvas));
    else { unchoose(); listed(); }
  });

  // Pictures to take away: the same lines and boxes, with a title and the key, on light ground
  const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const folded = (text, room) => {
    probe.font = "700 13px Arial, Helvetica, sans-serif";
    const rows = [];
    for (const word of text.split(" ")) {
      const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
      if (rows.length && probe.measureText(longer).width <= room) rows[rows.length - 1] = longer; else rows.push(word);
    }
    return rows;
  };
  const svg = () => {
    const { ink, soft, ground, faint } = data.inks, { key } = data, parts = [];
    const across = Math.ceil(Math.max(plan?.width ?? 0, key.width)), high = Math.ceil(plan?.height ?? 20);
    const about = controls.map(byId).filter((field) => field.tagName === "SELECT" && field.value).map((field) => `${field.closest("label").firstChild.textContent.trim().toLowerCase()}: ${field.selectedOptions[0].textContent}`);
    const rows = folded([document.title, ...about].join("; "), across - 32), above = 12 + 18 * rows.length, height = Math.ceil(above + high + key.height);
    parts.push(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${-above} ${across} ${height}" width="${across}" height="${height}" font-family="Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif" font-size="${SIZE}" fill="${ink}"><rect x="0" y="${-above}" width="${across}" height="${height}" fill="${ground}"/>`);
    rows.forEach((row, number) => parts.push(`<text x="16" y="${20 + 18 * number - above}" font-size="13" font-weight="700">${escaped(row)}</text>`));
    for (const [lane, [left, right]] of plan?.lanes ?? []) {
      parts.push(`<rect x="${left - 10}" y="8" width="${right - left + 20}" height="${high - 16}" fill="none" stroke="${faint}" stroke-dasharray="2 4"/><text x="${left}" y="26" fill="${soft}">${escaped(data.lanes[lane])}</text>`);
    }
    for (const { edge, way, head, bar, width } of drawn) {
      const look = data.looks[edge.result], colour = look?.light ?? soft, dashes = look?.dashes.length ? ` stroke-dasharray="${look.dashes.map((dash) => dash * 0.75).join(" ")}"` : "";
      parts.push(`<path d="${way}" fill="none" stroke="${colour}" stroke-width="${width + (edge.hollow ? 3 : 0)}"${dashes}${look ? "" : ' opacity="0.45"'}/>`);
      if (edge.hollow) parts.push(`<path d="${way}" fill="none" stroke="${ground}" stroke-width="${width + 0.6}"/>`);
      if (look) parts.push(bar ? `<path d="${head}" stroke="${colour}" stroke-width="3"/>` : `<path d="${head}" fill="${colour}"/>`);
    }
    for (const { edge, sign: [x, y] } of drawn.filter((line) => !line.edge.relation)) {
      parts.push(`<text x="${x.toFixed(1)}" y="${(y + 4.3).toFixed(1)}" text-anchor="middle" fill="${data.looks[edge.result].light}" stroke="${ground}" stroke-width="4" paint-order="stroke">${escaped(edge.label)}</text>`);
    }
    for (const [id, box] of plan?.boxes ?? []) {
      const node = at[id], [fill, stroke] = data.shapes[node.look].light, radius = node.shapeProperties.borderRadius > 10 ? box.height / 2 : node.shapeProperties.borderRadius;
      const names = node.label.split("\n"), first = box.y + box.height / 2 - (names.length - 1) * 7.5 + 4.3;
      parts.push(`<rect x="${box.x.toFixed(1)}" y="${box.y.toFixed(1)}" width="${box.width}" height="${box.height.toFixed(1)}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1.4"${node.shapeProperties.borderDashes ? ' stroke-dasharray="4 3"' : ""}/>`);
      names.forEach((text, number) => parts.push(`<text x="${(box.x + box.width / 2).toFixed(1)}" y="${(first + number * 15).toFixed(1)}" text-anchor="middle">${escaped(text)}</text>`));
    }
    return `${parts.join("")}<g transform="translate(0 ${high})">${key.svg}</g></svg>`;
  };
  const picture = () => new DOMParser().parseFromString(svg(), "image/svg+xml").documentElement;
  byId("save-svg").addEventListener("click", () => window.k2graphTake.svg("mechanism-map", picture()));
  byId("save-png").addEventListener("click", () => window.k2graphTake.png("mechanism-map", picture()));

  // Controls
  const controls = ["filter-result", "filter-tier", "filter-form", "filter-kind", "filter-organism", "filter-outcome", "chain-from", "chain-to", "show-whole"];
  controls.forEach((id) => byId(id).addEventListener("change", show));
  byId("map-search").addEventListener("input", show);
  byId("map-reset").addEventListener("click", () => {
    controls.forEach((id) => { if (byId(id).type === "checkbox") byId(id).checked = false; else byId(id).value = ""; });
    byId("map-search").value = "";
    show();
  });
  byId("map-fit").addEventListener("click", whole);
  dark.addEventListener("change", paint);
  paint();
  show();
  // With the legend's font settled, the map knows how large its window is.
  network.once("afterDrawing", legible);
  // For tests and for whoever builds on the page.
  const placeOf = (id) => { const { sign: [x, y] } = drawn.find((line) => line.edge.id === id); return { x, y }; };
  window.k2graphMap = { network, open, visible: () => [...now.shown], svg, plan: () => plan, placeOf, toneOf: (id) => tone(data.looks[byEdge[id].result]) };
})();
