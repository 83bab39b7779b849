// A label's card opens when the pointer rests on its pictures or the keyboard reaches them, and closes when they leave. Without scripts the
// details element inside does the same by a click.

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
