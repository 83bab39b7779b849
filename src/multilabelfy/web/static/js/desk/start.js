// What a page with a desk begins with: the behaviours that all desks share, the keys, and the buttons that open dialogs.
import "./card.js";
import "./picture-tools.js";
import "./search.js";
import "./swipe.js";
import "../page/zoom.js";
import "../saving/save-menu.js";
import "../saving/status.js";
import { listen } from "../page/keys.js";

export function start(desk) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    if (opener.dataset.opens === "zoom") document.querySelector("zoom-view").show(desk.sheet.picture);
    document.getElementById(opener.dataset.opens).showModal();
  });
  listen(desk);
}
