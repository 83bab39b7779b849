// Copy a text to the clipboard by a button, and say so. Over plain http from another machine there is no clipboard: the text is selected.
import { _ } from "../page/words.js";

class CopyText extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-part=copy]").addEventListener("click", () => this.#copy());
  }

  async #copy() {
    const field = this.querySelector("input");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      this.#say(_("copied"));
    } catch {
      this.#say(_("selected: copy it with Ctrl+C"));
    }
  }

  #say(words) {
    this.querySelector("[data-part=said]").textContent = words;
  }
}

customElements.define("copy-text", CopyText);
