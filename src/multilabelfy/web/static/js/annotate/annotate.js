// The annotate page's behaviours, and the buttons that open its dialogs.
import "../desk/card.js";
import "./desk.js";
import "../desk/picture-tools.js";
import "../saving/save-menu.js";
import "../desk/search.js";
import "./sheet.js";
import "../saving/status.js";
import "../desk/swipe.js";
import "../page/zoom.js";
import { listen } from "../page/keys.js";

const desk = document.querySelector("annotate-desk");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  if (opener.dataset.opens === "zoom") document.querySelector("zoom-view").show(desk.sheet.picture);
  document.getElementById(opener.dataset.opens).showModal();
});

listen(desk);
