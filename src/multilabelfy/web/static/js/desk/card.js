// A label's card opens when the pointer rests on its pictures or the keyboard reaches them, and closes when they leave. Without scripts the
// details element inside does the same by a click. Opened, it also shows the labels that are most often mixed up with this one.

const REST = 350;

class LabelCard extends HTMLElement {
  #timer = null;

  connectedCallback() {
    if (this.details) return;
    this.details = this.querySelector("details");
    this.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && this.#openSoon());
    this.addEventListener("pointerleave", () => this.#closeIfHovered());
    this.addEventListener("focusin", (event) => {
      if (event.target.matches("summary:focus-visible")) this.details.open = true;
    });
    this.addEventListener("focusout", () => (this.details.open = false));
    this.details.addEventListener("toggle", () => this.details.open && this.#showNeighbours());
  }

  // Fetched once; without a connection the card stays as it is, and opening it again tries again.
  async #showNeighbours() {
    const place = this.querySelector("[data-part=neighbours]");
    const sheet = this.closest("[data-neighbours]");
    if (!sheet || place.dataset.asked) return;
    place.dataset.asked = "yes";
    const response = await fetch(`${sheet.dataset.neighbours}/${this.closest("[data-label]").dataset.label}`).catch(() => null);
    if (response?.ok && !response.redirected) place.innerHTML = await response.text();
    else delete place.dataset.asked;
  }

  #openSoon() {
    this.#timer = setTimeout(() => (this.details.open = true), REST);
  }

  #closeIfHovered() {
    if (this.#timer) this.details.open = false;
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}

customElements.define("label-card", LabelCard);
