// One label of one picture: yes or no, each a button that sends the form. It is to the desk what a case is.
import { newId } from "../saving/outbox.js";
import { fitPicture } from "../desk/parts.js";

class QuickQuestion extends HTMLElement {
  isUnfit = false;
  leadsToReveal = false;
  keep = () => null;

  connectedCallback() {
    if (this.form) return;
    this.form = this.querySelector("form.answer");
    fitPicture(this.picture);
  }

  get picture() {
    return this.querySelector("img.judged");
  }

  get assignment() {
    return this.dataset.assignment;
  }

  get handle() {
    return `${this.dataset.assignment}-${this.dataset.label}`;
  }

  get address() {
    return this.form.action;
  }

  get later() {
    const address = new URL(this.form.action);
    return `${address.pathname}/later${address.search}`;
  }

  get isDecided() {
    return this.dataset.answered === "yes";
  }

  // The picture is decoded and the reference pictures are there.
  prefetch() {
    const pictures = [...this.querySelectorAll("img.judged, img.references")];
    return Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
  }

  openUnseen() {
    return false;
  }

  openBeside() {}

  toggleCard() {}

  closePopups() {}

  problem(submitter) {
    return submitter ? "" : "vote";
  }

  decision(present, submitter) {
    const id = newId();
    const body = [["id", id], ["vote", submitter.value], ["present", String(Math.round(present))]];
    return { id, assignment: this.handle, address: this.form.action, page: this.form.action, body };
  }

  restore() {
    return false; // nothing stands here before it is sent
  }

  fill() {}

  refuse(words) {
    const place = this.querySelector("[data-part=refusal]");
    place.textContent = words;
    place.hidden = !words;
  }
}

customElements.define("quick-question", QuickQuestion);
