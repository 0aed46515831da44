"use strict";
// Filters of lists, and copying. All text goes in as text, never as markup.
(() => {
  for (const input of document.querySelectorAll(".filter")) {
    if (document.getElementById(input.dataset.filters).matches(".filterable")) continue;
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
