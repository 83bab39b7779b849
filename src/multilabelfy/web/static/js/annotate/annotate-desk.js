// The desk of an annotator: three pictures are ready, earlier answers are a way that one may go back, and without a connection it goes on.
import { Desk } from "../desk/desk.js";
import { PAGE_ASKED, Provisions } from "../saving/provisions.js";
import { followProgress } from "./progress.js";
import { Trail } from "./trail.js";

const LONG_STRETCH = 50 * 60_000; // after this much work without a break the page offers one

class AnnotateDesk extends Desk {
  #trail = new Trail();

  connectedCallback() {
    if (this.provisions) return;
    this.provisions = new Provisions(this.dataset);
    const rendered = this.querySelector(":scope > answer-sheet[data-answered=no]"); // as yet as the server rendered it
    if (rendered) this.provisions.hold(rendered, rendered.outerHTML, PAGE_ASKED);
    super.connectedCallback();
    this.outbox.held = () => this.supply.held;
    followProgress(this.outbox);
  }

  get nReady() {
    return 3;
  }

  get asksOnceSent() {
    return true;
  }

  begin() {
    if (this.sheet?.isAnswered) this.#trail.remember(this.sheet);
    const ahead = [...this.querySelectorAll("template.ahead")];
    this.supply.takeIn(ahead.map((template) => template.innerHTML).join(""));
    ahead.forEach((template) => template.remove());
    this.provisions.begin();
  }

  onTaken(sheet, text, asked) {
    this.provisions.hold(sheet, text, asked);
  }

  onOutdated(sheet) {
    this.provisions.drop(sheet.handle);
  }

  onSaved(sheet) {
    this.#trail.remember(sheet);
  }

  onAcknowledged({ item, ahead, asked }) {
    this.provisions.drop(item.assignment);
    if (ahead) this.supply.takeIn(ahead, asked);
  }

  find(handle) {
    return super.find(handle) ?? this.#trail.sheet(handle);
  }

  show(sheet) {
    super.show(sheet);
    this.piece("rest").hidden = this.presence.stretch < LONG_STRETCH;
  }

  // After a practice picture comes what was right, on a page of the server's; without a connection the next picture.
  async after(sheet) {
    if (!("practice" in sheet.dataset)) return this.onwards();
    await this.outbox.settled();
    if (this.outbox.refused.length) return;
    if (this.outbox.unsent.length) return this.onwards();
    location.assign(`${sheet.address}/feedback`);
  }

  // The next answer of the trail, else the next picture.
  async onwards() {
    const after = this.#trail.after(this.sheet?.handle);
    if (after) this.show((await this.#recall(after)) ?? this.sheet);
    else await super.onwards();
  }

  // A changed answer is saved on the way.
  mayLeave() {
    return this.save();
  }

  before(sheet) {
    const known = this.#trail.before(sheet?.handle);
    return known ? this.#recall(known) : this.#fetchBefore(this.#trail.first ?? sheet?.handle);
  }

  last() {
    return this.given ? this.#recall(this.given) : this.before(null);
  }

  async #recall(handle) {
    return this.#trail.sheet(handle) ?? this.supply.fetchOne(`${handle}/sheet`);
  }

  async #fetchBefore(handle) {
    const sheet = await this.supply.fetchOne(`previous?fragment=true${handle ? `&before=${handle}` : ""}`);
    if (sheet) this.#trail.lead(sheet.handle);
    return sheet;
  }
}

customElements.define("annotate-desk", AnnotateDesk);
