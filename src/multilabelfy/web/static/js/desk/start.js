// What a page with a desk begins with: the behaviours that all desks share, the keys, and the buttons that open dialogs.
import "./behaviours/card.js";
import "./behaviours/missing-picture.js";
import "./behaviours/picture-tools.js";
import "./behaviours/search.js";
import "./behaviours/swipe.js";
import "../page/zoom.js";
import "../saving/save-menu.js";
import "../saving/status.js";
import { listen } from "../page/keys.js";

export function start(desk) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens], img.judged");
    if (!opener || !desk.sheet) return;
    const name = opener.dataset.opens ?? "zoom"; // a click on the picture itself enlarges it
    if (name === "zoom") document.querySelector("zoom-view").show(desk.sheet.picture);
    document.getElementById(name).showModal();
  });
  listen(desk);
}
