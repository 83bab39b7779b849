// The annotate page's behaviours, and the buttons that open its dialogs.
import "./card.js";
import "./desk.js";
import "./picture-tools.js";
import "./save-menu.js";
import "./search.js";
import "./sheet.js";
import "./status.js";
import "./swipe.js";
import "./zoom.js";
import { listen } from "./keys.js";

const desk = document.querySelector("annotate-desk");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  if (opener.dataset.opens === "zoom") document.querySelector("zoom-view").show(desk.sheet.picture);
  document.getElementById(opener.dataset.opens).showModal();
});

listen(desk);
