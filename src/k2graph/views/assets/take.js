"use strict";
// What every view gives away: a file, a table as CSV, references, a picture as SVG or PNG, and the address of what is shown.
window.k2graphTake = (() => {
  const save = (name, type, content) => {
    const link = document.createElement("a"), address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  // RFC 4180. What a spreadsheet would take for a formula is led by an apostrophe, numbers apart.
  const cell = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    const safe = /^[=+@\t\r-]/.test(text) && !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll("\"", "\"\"")}"` : safe;
  };
  const csv = (name, rows) => save(name, "text/csv", rows.map((row) => row.map(cell).join(",") + "\r\n").join(""));
  // References of all reports lie in a file of their own, which is read when somebody wants some.
  let reading = null;
  const references = () => reading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${document.body.dataset.root}assets/references.js`;
    script.onload = () => done(window.k2graphReferences);
    script.onerror = () => { reading = null; failed(new Error("the references are not there")); };
    document.head.append(script);
  });
  const cite = async (name, ids, form) => {
    const known = await references(), place = form === "bibtex" ? 0 : 1;
    const texts = [...new Set(ids)].sort().map((id) => known[id]?.[place]).filter(Boolean);
    save(`${name}.${form === "bibtex" ? "bib" : "ris"}`, form === "bibtex" ? "application/x-bibtex" : "application/x-research-info-systems", texts.join("\n"));
    return texts.length;
  };
  const svgText = (picture) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`;
  const svg = (name, picture) => save(`${name}.svg`, "image/svg+xml", svgText(picture));
  // Twice the pixels, on white: what is pasted into a slide has no ground of its own.
  const png = (name, picture, scale = 2) => new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
      canvas.width = scale * image.width;
      canvas.height = scale * image.height;
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => { save(`${name}.png`, "image/png", blob); done(); });
    };
    image.onerror = () => failed(new Error("the picture cannot be drawn"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(picture))}`;
  });
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      // Pages from a disk may not have the clipboard: choosing the text and copying it works there too.
      const box = document.createElement("textarea");
      box.value = text;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
  };
  // A button says for a moment what it has done.
  const did = (button, word) => {
    const before = button.dataset.label ??= button.textContent;
    button.textContent = word;
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  // The state of a view is behind the # of its address, so that it can be sent, and needs no server.
  const state = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const keep = (values) => {
    const kept = Object.entries(values).filter(([, value]) => value !== "" && value !== false && value !== null && value !== undefined);
    const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  };
  return { save, csv, cite, svg, png, copy, did, state, keep };
})();
