// What a desk holds: one picture and one question about it, as the server rendered it. The desk, the keys and the journal know a sheet by
// what stands here and by nothing else. A kind of sheet replaces what it does otherwise; what it leaves alone does nothing.
import { fitPicture } from "./parts.js";

export class Sheet extends HTMLElement {
  settled = null; // a promise while a choice is being kept
  keep = () => null; // set by the journal: keeps (choices) as a promise; where none are given, the times alone
  present = 0; // milliseconds that somebody was there since the last answer
  #isAskedForPicture = false;

  connectedCallback() {
    if (this.form) return;
    this.form = this.querySelector("form.answer");
    this.begin();
    fitPicture(this.picture);
  }

  // Called once, when the form is there.
  begin() {}

  // ---- what it is

  get picture() {
    return this.querySelector("img.judged");
  }

  // Its name in requests to the server, in the outbox and in the journal.
  get handle() {
    return this.dataset.assignment;
  }

  // Where its page is.
  get address() {
    return this.form.action;
  }

  get later() {
    const { pathname, search } = new URL(this.address);
    return `${pathname}/later${search}`;
  }

  // What a screen reader hears when it comes into view.
  get news() {
    return this.querySelector("h1").textContent;
  }

  // Which part of it is in view, where it has several.
  get part() {
    return 0;
  }

  get isAnswered() {
    return this.dataset.answered === "yes";
  }

  // ---- what comes and goes with it

  // Be ready before being shown: the picture is decoded.
  prefetch() {
    return this.picture.decode().catch(() => {});
  }

  // The sheet is on screen now.
  shown() {
    this.focus({ preventScroll: true });
  }

  addPresence(milliseconds) {
    this.present += milliseconds;
  }

  // What the journal keeps of it.
  standing() {
    return {};
  }

  // Put back what an earlier visit, or another tab, kept. Says whether it belongs here.
  restore() {
    return false;
  }

  // Put back an answer that the server refused, from the body in which it was sent.
  putBack() {}

  // ---- what a person does

  // Whether digits choose a reason instead of a label.
  get asksReason() {
    return false;
  }

  // Whether something stands here that is neither sent nor what the server has.
  get isChanged() {
    return false;
  }

  // Whether there is anything to send, as this button sends it.
  isNews() {
    return !this.isAnswered || this.isChanged;
  }

  // Open the next five that was not seen; says whether there was one.
  openUnseen() {
    return false;
  }

  openBeside() {}

  toggleCard() {}

  closePopups() {}

  // Why it cannot be saved as it stands, as the name of its words; empty where it can. `submitter` is the button that sends it, if one does.
  problem() {
    return "";
  }

  // Whether the answer is about a picture that could not be shown: that is asked once, since there may be a reason to answer all the same.
  doubtsPicture() {
    const { complete, naturalWidth } = this.picture;
    const doubts = complete && !naturalWidth && !this.#isAskedForPicture;
    this.#isAskedForPicture ||= doubts;
    return doubts;
  }

  refuse(words) {
    const place = this.piece("refusal");
    place.textContent = words;
    place.hidden = !words;
  }

  // What is sent: { id, assignment, address, page, body }, under a fresh id, since once sent it is an answer of its own.
  answer() {
    throw new Error(`${this.localName} does not say what it sends`);
  }

  // The answer is in the outbox.
  markSaved() {}

  // Its answer is taken back, to be given anew.
  takeBack() {}

  // It is left for later: what stands here comes back with it.
  leave() {}

  piece(name) {
    return this.querySelector(`[data-part=${name}]`);
  }
}
