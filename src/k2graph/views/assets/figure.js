"use strict";
// A mechanism's figure as PNG: the SVG that the page brings with it, drawn as large as print at 300 dpi needs it, always on light ground.
(() => {
  const pictures = {};
  for (const each of document.querySelectorAll("template[data-picture]")) {
    pictures[each.dataset.picture] = new XMLSerializer().serializeToString(each.content.querySelector("svg"));
  }
  for (const button of document.querySelectorAll("button[data-picture]")) {
    const name = button.dataset.picture;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const address = URL.createObjectURL(new Blob([pictures[name]], { type: "image/svg+xml" }));
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = Number(button.dataset.wide);
      canvas.height = Math.round(canvas.width * image.naturalHeight / image.naturalWidth);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob((blob) => {
        const anchor = document.createElement("a");
        anchor.href = URL.createObjectURL(blob);
        anchor.download = name.replace(/svg$/, "png");
        anchor.click();
        setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
      });
    });
  }
})();
