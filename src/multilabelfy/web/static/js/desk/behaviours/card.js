// A label's card opens when the pointer rests on its pictures or the keyboard reaches them, and closes when they leave, or by a click in it or
// beside it. Without scripts the details element inside does the same by a click. Opened, it also shows the labels that are most often mixed
// up with this one.
import { placeCard } from "./card-place.js";
import { whenReleased } from "../../page/press.js";

const REST = 350;
const ON_THE_WAY = 300; // how long the pointer may stand still between the pictures and the card

class LabelCard extends HTMLElement {
  #timer = null;
  #isByPointer = false; // it opened under a pointer at rest
  #nearest = Infinity; // how near that pointer came to the card after it left the pictures
  #opened = null; // what is listened to while it is open

  connectedCallback() {
    if (this.details) return;
    this.details = this.querySelector("details");
    this.body = this.querySelector(".card-body");
    this.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && this.#onEnter());
    this.addEventListener("pointerleave", () => this.#onLeave());
    this.addEventListener("focusin", (event) => event.target.matches("summary:focus-visible") && whenReleased(() => (this.details.open = true)));
    this.addEventListener("focusout", (event) => this.contains(event.relatedTarget) || this.#close());
    this.querySelector("summary").addEventListener("click", (event) => this.#onSummary(event));
    this.body.addEventListener("click", () => this.#close());
    this.body.addEventListener("keydown", (event) => this.#onKey(event));
    this.details.addEventListener("toggle", () => (this.details.open ? this.#onOpen() : this.#onClose()));
  }

  disconnectedCallback() {
    this.details.open = false;
    this.#onClose();
  }

  // Never in the middle of a press, nor while text is being selected in it.
  #close() {
    whenReleased(() => this.#isSelecting || (this.details.open = false));
  }

  #onOpen() {
    this.#opened?.abort();
    this.#opened = new AbortController();
    const { signal } = this.#opened;
    const rows = new ResizeObserver(() => (this.#row.checkVisibility() ? this.#place() : this.#close()));
    rows.observe(this.#row);
    signal.addEventListener("abort", () => rows.disconnect());
    document.addEventListener("click", (event) => this.contains(event.target) || this.#close(), { signal });
    addEventListener("scroll", (event) => event.target === this.body || this.#place(), { capture: true, passive: true, signal });
    addEventListener("resize", () => this.#place(), { signal });
    this.#place();
    this.#showNeighbours();
  }

  #onClose() {
    clearTimeout(this.#timer);
    this.#isByPointer = false;
    this.#opened?.abort();
    delete this.body.dataset.placed;
  }

  #place() {
    placeCard(this.body, this.#row, this.closest(".sheet"));
    this.body.dataset.placed = "";
    if (this.body.scrollHeight > this.body.clientHeight) this.body.tabIndex = 0;
    else this.body.removeAttribute("tabindex");
  }

  // Fetched once; without a connection the card stays as it is, and opening it again tries again.
  async #showNeighbours() {
    const place = this.querySelector("[data-part=neighbours]");
    const sheet = this.closest("[data-neighbours]");
    if (!sheet || place.dataset.asked) return;
    place.dataset.asked = "yes";
    const response = await fetch(`${sheet.dataset.neighbours}/${this.#row.dataset.label}`).catch(() => null);
    const html = response?.ok && !response.redirected ? await response.text().catch(() => null) : null;
    if (html === null) delete place.dataset.asked;
    else place.innerHTML = html;
    if (this.details.open) this.#place();
  }

  #onEnter() {
    clearTimeout(this.#timer);
    document.removeEventListener("pointermove", this.#follow);
    if (!this.details.open) this.#timer = setTimeout(() => (this.#isByPointer = this.details.open = true), REST);
  }

  // There is a gap between the pictures and the card: while the pointer comes nearer, the card stays.
  #onLeave() {
    clearTimeout(this.#timer);
    if (!this.#isByPointer) return;
    this.#nearest = Infinity;
    document.addEventListener("pointermove", this.#follow, { signal: this.#opened?.signal, passive: true });
    this.#closeSoon();
  }

  #follow = (event) => {
    const far = this.#distance(event);
    if (far < this.#nearest) this.#closeSoon();
    this.#nearest = Math.min(far, this.#nearest);
  };

  #closeSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.matches(":hover") || this.#close(), ON_THE_WAY);
  }

  // A click opens it, too, and keeps open what the pointer opened.
  #onSummary(event) {
    clearTimeout(this.#timer);
    if (this.#isByPointer) event.preventDefault();
    this.#isByPointer = false;
  }

  // Arrows scroll the card while it has the focus.
  #onKey(event) {
    if (event.target === this.body && event.key.startsWith("Arrow")) event.stopPropagation();
  }

  #distance({ clientX, clientY }) {
    const box = this.body.getBoundingClientRect();
    const beyond = (at, from, to) => Math.max(from - at, 0, at - to);
    return Math.hypot(beyond(clientX, box.left, box.right), beyond(clientY, box.top, box.bottom));
  }

  get #isSelecting() {
    const selection = getSelection();
    return !selection.isCollapsed && this.body.contains(selection.anchorNode);
  }

  get #row() {
    return this.closest("[data-part=row]");
  }
}

customElements.define("label-card", LabelCard);
