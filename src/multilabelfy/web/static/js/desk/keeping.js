// What a desk keeps in the browser: choices in the journal until they are saved, answers in the outbox until the server has them. It follows what
// this person's other tabs do.
import { released } from "../page/press.js";
import { Journal } from "../saving/journal.js";
import { Outbox } from "../saving/outbox.js";

export class Keeping {
  #desk;

  constructor(desk) {
    const { person, workspace } = desk.dataset;
    this.#desk = desk;
    this.outbox = new Outbox(person, workspace);
    this.journal = new Journal(person, workspace, this.outbox.tabs);
    this.outbox.addEventListener("change", () => this.#tell());
    this.outbox.addEventListener("acknowledged", ({ detail }) => desk.onAcknowledged(detail));
    this.outbox.addEventListener("refused", ({ detail }) => desk.onRefused(detail.item));
    this.outbox.tabs.addEventListener("choices", ({ detail }) => this.#onChoicesElsewhere(detail));
    this.outbox.tabs.addEventListener("answered", ({ detail }) => this.#onAnsweredElsewhere(detail.assignment));
    addEventListener("beforeunload", (event) => this.#isAtRisk && event.preventDefault());
  }

  async open() {
    await Promise.all([this.outbox.open(), this.journal.open()]);
  }

  // The handles of what is answered here and not sent yet.
  get given() {
    return this.outbox.unsent.map((item) => item.assignment);
  }

  // Whether the sheet, as the server rendered it, is answered here already.
  isGiven(sheet) {
    return this.given.includes(sheet.handle) && !sheet.isAnswered && !this.journal.of(sheet.handle);
  }

  // Whether a sheet was answered after it had been asked for, at a moment that one which this browser held names itself.
  isOutdated({ handle, isAnswered, dataset }, asked) {
    return !isAnswered && this.outbox.isAnsweredSince(handle, Number(dataset.asked ?? asked));
  }

  // What was chosen on a sheet before stands on it again, and what is chosen from now on is kept.
  attach(sheet) {
    this.journal.attach(sheet, () => sheet === this.#desk.inView && sheet.addPresence(this.#desk.presence.take()));
  }

  // The same for the sheet that comes with the page; an answer that the server refused stands on it again, too.
  takeUp(sheet) {
    this.attach(sheet);
    const refused = this.outbox.refused.find((item) => item.assignment === sheet.handle);
    if (!refused) return;
    if (!this.journal.of(sheet.handle)) sheet.putBack(refused.body);
    sheet.refuse(refused.problems.join(" "));
  }

  // From the journal into the outbox: resolves once it is there.
  async put(sheet, submitter) {
    this.journal.forget(sheet.handle);
    await this.outbox.put(sheet.answer(submitter), this.journal.keyOf(sheet.handle));
    this.outbox.tabs.tell("answered", { assignment: sheet.handle });
  }

  // Nothing of it is to be kept any more.
  async letGo(sheet) {
    if (this.journal.of(sheet.handle)) await this.journal.drop(sheet.handle);
  }

  // Another tab has the same picture: both show the same choices.
  async #onChoicesElsewhere(entry) {
    const sheet = this.#desk.find(entry.assignment);
    await sheet?.settled;
    sheet?.restore(entry);
  }

  // Another tab saved a picture that waits here, or is in view: it is not asked again.
  #onAnsweredElsewhere(handle) {
    const desk = this.#desk;
    this.journal.forget(handle);
    desk.supply.forgetForGood(handle);
    desk.whenFree(async () => {
      await released();
      if (desk.sheet?.handle === handle && !desk.sheet.isAnswered) await desk.onwards();
    });
  }

  // Choices that only this page's memory has.
  get #isAtRisk() {
    return Boolean(this.outbox.problem && this.#desk.sheet?.isChanged);
  }

  #tell() {
    const { dataset } = this.#desk;
    dataset.unsent = this.outbox.unsent.length;
    document.dispatchEvent(new CustomEvent("outbox", { detail: { outbox: this.outbox, signIn: dataset.signIn } }));
  }
}
