"use strict";
// Search, filters of tables, and copying. All text goes in as text, never as markup.
(() => {
  const box = document.getElementById("site-search"), found = document.getElementById("site-found");
  const root = document.body.dataset.root;
  const index = (window.k2graphIndex || []).map((entry) => [entry, `${entry[0]} ${entry[3]}`.toLowerCase()]);
  const look = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { found.replaceChildren(); return; }
    const whole = words.join(" ");
    const hits = index.filter(([, text]) => words.every((word) => text.includes(word)))
      .map(([entry, text], order) => [entry, [entry[0], ...entry[3].split(" | ")].some((name) => name.toLowerCase() === whole) ? 0 : text.startsWith(whole) ? 1 : 2, order])
      .sort((a, b) => a[1] - b[1] || a[2] - b[2]).slice(0, 30);
    found.replaceChildren(...hits.map(([[label, kind, page]]) => {
      const item = document.createElement("li"), link = document.createElement("a"), small = document.createElement("small");
      link.href = root + page;
      small.textContent = kind;
      link.append(small, document.createTextNode(label));
      item.append(link);
      return item;
    }));
    if (!hits.length) { const item = document.createElement("li"); item.textContent = "Nothing is called so."; found.append(item); }
  };
  box.addEventListener("input", look);
  // What was typed while the index was still being read is looked for too.
  if (box.value) look();
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === "ArrowDown") { found.querySelector("a")?.focus(); event.preventDefault(); } });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { found.replaceChildren(); }
    if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) { box.focus(); event.preventDefault(); }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) found.replaceChildren(); });

  for (const input of document.querySelectorAll(".filter")) {
    const rows = [...document.getElementById(input.dataset.filters).querySelectorAll("tbody tr, li")];
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) { const text = row.textContent.toLowerCase(); row.hidden = !words.every((word) => text.includes(word)); }
    });
  }
  for (const button of document.querySelectorAll(".copy")) button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies).textContent;
    try { await navigator.clipboard.writeText(text); } catch {
      // Pages from a disk may not have the clipboard: choosing the text and copying it works there too.
      getSelection().selectAllChildren(document.getElementById(button.dataset.copies));
      document.execCommand("copy");
    }
    button.textContent = "Copied";
  });
})();
