"use strict";
// The references behind a page, and its address, to take away: buttons that are of use only where scripts run.
for (const place of document.querySelectorAll("[data-cites]")) {
  const take = window.k2graphTake;
  place.hidden = false;
  place.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    try {
      if (button.dataset.form === "link") {
        await take.copy(location.href);
        take.did(button, "Copied");
      } else {
        const count = await take.cite(place.dataset.name, place.dataset.cites.split(" "), button.dataset.form);
        take.did(button, `Saved ${count}`);
      }
    } catch { take.did(button, "Not saved"); }
  });
}
