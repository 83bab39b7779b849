// On a page without a desk a key presses the link that carries it.
import { nameOf } from "./keys.js";

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  if (!name || document.body.dataset.keys === "off" || event.target.closest("input, textarea, select")) return;
  document.querySelector(`a[data-key="${CSS.escape(name)}"]`)?.click();
});
