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

  const nodes = new vis.DataSet(data.nodes), edges = new vis.DataSet(data.edges);
  const claimEdges = data.edges.filter((edge) => !edge.relation);
  const joins = data.edges.filter((edge) => edge.relation);

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

  const paint = () => {
    const ground = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim();
    const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
    nodes.update(data.nodes.map((node) => {
      const [background, border] = tone(data.shapes[node.look]);
      return { id: node.id, color: { background, border, highlight: { background, border }, hover: { background, border } },
        font: { color: ink, size: 21 }, borderWidth: node.look === "outcome" ? 2.2 : 1.4, borderWidthSelected: 4 };
    }));
    edges.update(data.edges.map((edge) => {
      if (edge.relation) return { id: edge.id, color: { color: ink, opacity: 0.28 }, dashes: false, smooth: { type: "continuous" } };
      const look = data.looks[edge.result], color = tone(look);
      return { id: edge.id, color: { color, highlight: color, hover: color }, dashes: look.dashes.length ? look.dashes : false,
        font: { color, size: 22, strokeWidth: 4, strokeColor: ground }, smooth: curve(edge) };
    }));
  };
  const at = Object.fromEntries(data.nodes.map((node) => [node.id, node]));
  const curve = (edge) => {
    const across = at[edge.to].x - at[edge.from].x;
    if (edge.whole) return { type: "curvedCCW", roundness: 0.25 };
    return across > 0 ? { type: "cubicBezier", forceDirection: "horizontal", roundness: 0.45 } : { type: "curvedCW", roundness: 0.3 };
  };

  const network = new vis.Network(byId("network"), { nodes, edges }, {
    physics: false, autoResize: true,
    nodes: { margin: 7, widthConstraint: { maximum: 320 }, chosen: false },
    edges: { selectionWidth: 2.5, hoverWidth: 1 },
    interaction: { hover: true, keyboard: false, navigationButtons: false, tooltipDelay: 1e9 },
  });
  // The list beside the picture is what a keyboard and a screen reader use.
  byId("network").querySelector("canvas").setAttribute("aria-hidden", "true");
  byId("network").querySelector(".vis-network").tabIndex = -1;

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
    nodes.update(data.nodes.map((node) => ({ id: node.id, hidden: !now.ends.has(node.id) })));
    edges.update(data.edges.map((edge) => ({ id: edge.id, hidden: !now.shown.has(edge.id) })));
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
  const back = () => {
    const button = make("button", "← all claims");
    button.type = "button";
    button.addEventListener("click", () => { network.unselectAll(); listed(); panel.focus(); });
    return button;
  };
  const open = (id) => {
    const claim = data.claims[id];
    if (!claim) return;
    network.selectEdges([id]);
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
    else if (event.edges.length) open(event.edges.find((id) => data.claims[id]) || "");
    else { network.unselectAll(); listed(); }
  });

  // Pictures to take away
  const save = (blob, name) => {
    const anchor = make("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
  };
  const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const svg = () => {
    const shown = data.nodes.filter((node) => now.ends.has(node.id)), boxes = {};
    for (const node of shown) {
      // What the network gives holds the radius of the corners too, as a margin all around.
      const box = network.getBoundingBox(node.id), radius = node.shape === "box" ? node.shapeProperties.borderRadius : 0;
      boxes[node.id] = { left: box.left + radius, right: box.right - radius, top: box.top + radius, bottom: box.bottom - radius };
    }
    const every = Object.values(boxes), pad = 30;
    const left = Math.min(...every.map((b) => b.left)) - pad, top = Math.min(...every.map((b) => b.top)) - pad;
    const width = Math.max(...every.map((b) => b.right)) + pad - left, height = Math.max(...every.map((b) => b.bottom)) + pad - top;
    const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
    const ground = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim();
    const parts = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="21"><rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${ground}"/>`];
    for (const edge of data.edges.filter((each) => now.shown.has(each.id))) {
      const a = boxes[edge.from], b = boxes[edge.to], look = edge.relation ? null : data.looks[edge.result];
      const forward = b.left > a.right, x1 = forward ? a.right : (a.left + a.right) / 2, x2 = forward ? b.left : (b.left + b.right) / 2;
      const below = (b.top + b.bottom) / 2 > (a.top + a.bottom) / 2;
      const y1 = forward ? (a.top + a.bottom) / 2 : below ? a.bottom : a.top, y2 = forward ? (b.top + b.bottom) / 2 : below ? b.top : b.bottom;
      const bend = forward ? Math.max(30, (x2 - x1) * 0.45) : 0, colour = look ? tone(look) : ink;
      const path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
      parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="${edge.width}"${look && look.dashes.length ? ` stroke-dasharray="${look.dashes.join(" ")}"` : ""}${look ? "" : ' opacity="0.3"'}/>`);
      if (look) {
        const bar = edge.arrows.to.type === "bar", [dx, dy] = forward ? [1, 0] : [0, below ? 1 : -1];
        parts.push(bar ? `<path d="M${x2 - dx * 2 - dy * 8} ${y2 - dy * 2 - dx * 8} L${x2 - dx * 2 + dy * 8} ${y2 - dy * 2 + dx * 8}" stroke="${colour}" stroke-width="4"/>`
          : `<path d="M${x2} ${y2} L${x2 - dx * 12 - dy * 6} ${y2 - dy * 12 - dx * 6} L${x2 - dx * 12 + dy * 6} ${y2 - dy * 12 + dx * 6} Z" fill="${colour}"/>`);
        parts.push(`<text x="${(x1 + x2) / 2}" y="${(y1 + y2) / 2 + 6}" fill="${colour}" stroke="${ground}" stroke-width="4" paint-order="stroke" text-anchor="middle">${escaped(edge.label)}</text>`);
      }
    }
    for (const node of shown) {
      const box = boxes[node.id], [fill, stroke] = tone(data.shapes[node.look]), w = box.right - box.left, h = box.bottom - box.top;
      const dashes = node.shapeProperties.borderDashes ? ' stroke-dasharray="4 3"' : "";
      parts.push(node.shape === "ellipse" ? `<ellipse cx="${box.left + w / 2}" cy="${box.top + h / 2}" rx="${w / 2}" ry="${h / 2}" fill="${fill}" stroke="${stroke}"${dashes}/>`
        : `<rect x="${box.left}" y="${box.top}" width="${w}" height="${h}" rx="${node.shapeProperties.borderRadius}" fill="${fill}" stroke="${stroke}"${dashes}/>`);
      const lines = folded(node.label, w - 12), first = box.top + h / 2 - (lines.length - 1) * 12 + 7;
      lines.forEach((text, index) => parts.push(`<text x="${box.left + w / 2}" y="${first + index * 24}" fill="${ink}" text-anchor="middle">${escaped(text)}</text>`));
    }
    return parts.join("") + "</svg>";
  };
  const folded = (text, width) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "21px sans-serif";
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (lines.at(-1) && pen.measureText(longer).width > width + 8) lines.push(word); else lines[lines.length - 1] = longer;
    }
    return lines;
  };
  byId("save-svg").addEventListener("click", () => save(new Blob([svg()], { type: "image/svg+xml" }), "mechanism-map.svg"));
  byId("save-png").addEventListener("click", () => {
    const shown = byId("network").querySelector("canvas"), copy = document.createElement("canvas");
    [copy.width, copy.height] = [shown.width, shown.height];
    const pen = copy.getContext("2d");
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim();
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(shown, 0, 0);
    copy.toBlob((blob) => save(blob, "mechanism-map.png"));
  });

  // Controls
  const controls = ["filter-result", "filter-tier", "filter-form", "filter-kind", "filter-organism", "filter-outcome", "chain-from", "chain-to", "show-whole"];
  controls.forEach((id) => byId(id).addEventListener("change", show));
  byId("map-search").addEventListener("input", show);
  byId("map-reset").addEventListener("click", () => {
    controls.forEach((id) => { if (byId(id).type === "checkbox") byId(id).checked = false; else byId(id).value = ""; });
    byId("map-search").value = "";
    show();
    network.fit();
  });
  dark.addEventListener("change", paint);
  // With the legend's font settled, and only the things that are there, the whole fits the window.
  paint();
  show();
  network.once("afterDrawing", () => network.fit());
  // For tests and for whoever builds on the page.
  window.k2graphMap = { network, open, visible: () => [...now.shown], svg };
})();
