// The refine page's behaviours: the same keys, search and zoom as the annotate page, around one case at a time.
import "./card.js";
import "./case.js";
import "./search.js";
import "./zoom.js";
import { listen } from "./keys.js";
import { Presence } from "./presence.js";

class RefineDesk extends HTMLElement {
  #presence = new Presence();
  #isLeaving = false;

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#onSubmit(event));
    addEventListener("pageshow", () => (this.#isLeaving = false));
    this.sheet.focus({ preventScroll: true });
  }

  get sheet() {
    return this.querySelector("refine-case");
  }

  // Keys that come while a decision is on its way to the server belong to no case.
  whenFree(act) {
    if (!this.#isLeaving) act();
  }

  // Enter: the next five that was not seen, else decide and go on.
  forward() {
    if (!this.sheet.openUnseen()) this.sheet.form.requestSubmit();
  }

  previous() {
    this.querySelector("[data-key=ArrowLeft]").click();
  }

  next() {
    this.querySelector("[data-key=ArrowRight]").click();
  }

  #onSubmit(event) {
    if (!event.target.matches("form.answer")) return;
    const problem = this.sheet.problem();
    if (problem) {
      event.preventDefault();
      return this.sheet.refuse(this.dataset[problem]);
    }
    this.sheet.form.elements.present.value = Math.round(this.#presence.take());
    this.#isLeaving = true;
  }
}

customElements.define("refine-desk", RefineDesk);

const desk = document.querySelector("refine-desk");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  if (opener.dataset.opens === "zoom") document.querySelector("zoom-view").show(desk.sheet.picture);
  document.getElementById(opener.dataset.opens).showModal();
});

listen(desk);
