// The desk: the sheet in view, and the way from it to the next. A save never blocks the next picture: the answer goes to the outbox, which sends
// it until the server acknowledges it. What is a desk's own (annotate's, refine's) stands in its subclass: where its sheets come from, and
// where a saved one leads.
import { newId } from "../saving/outbox.js";
import { PAGE_ASKED } from "../saving/provisions.js";
import { whenQuiet } from "../page/quiet.js";
import { Keeping } from "./keeping.js";
import { pauseOrOnline } from "./pause.js";
import { Presence } from "./presence.js";
import { Supply } from "./supply/supply.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;
const QUIET = 300; // a shorter wait is not worth a message

export class Desk extends HTMLElement {
  presence = new Presence();
  given = null; // the handle of the last answer that was given here
  #busy = null;
  #waiting = null;
  #pressed = null; // the view in which a run of clicks began
  #clicked = null; // the view that the click in hand was made on, as long as it is one of a pointer

  connectedCallback() {
    if (this.outbox) return;
    this.supply = new Supply(this);
    this.keeping = new Keeping(this);
    addEventListener("pageshow", (event) => event.persisted && location.reload()); // a page that slept does not know what others did
    this.addEventListener("click", (event) => this.#onPress(event), { capture: true });
    this.addEventListener("submit", (event) => this.#onSubmit(event));
    this.addEventListener("click", (event) => this.#onClick(event));
    this.whenFree(() => this.#start());
  }

  get outbox() {
    return this.keeping?.outbox;
  }

  // ---- what each desk defines

  // How many sheets are to be ready behind the one in view.
  get nReady() {
    return 1;
  }

  // Whether the server is asked for more only once it has all answers: what it hands out next depends on them.
  get asksOnceSent() {
    return false;
  }

  // Whether a sheet is ready only once its pictures are here.
  get waitsForPictures() {
    return false;
  }

  // Where the next sheet is asked for, and the state in which there is none.
  get page() {
    return this.dataset.address;
  }

  // The address of a fragment, from its end.
  fragmentAt(path) {
    return `${this.dataset.address}/${path}`;
  }

  // Called once, when the first sheet stands.
  begin() {}

  // A fresh sheet waits here, with the text that the server rendered.
  onTaken() {}

  // The answer of a sheet is in the outbox.
  onSaved() {}

  onAcknowledged() {}

  // A sheet that was held is not to be asked any more.
  onOutdated() {}

  onRefused(item) {
    this.find(item.assignment)?.refuse(item.problems.join(" "));
  }

  // Where a saved sheet leads.
  async after() {
    await this.onwards();
  }

  // Whether an answered sheet may be left by an arrow.
  async mayLeave() {
    return true;
  }

  // The person's own answer before this sheet: undefined where there is none, null without a connection.
  async before() {}

  // The sheet of the last answer that this person gave.
  async last() {
    return this.before(null);
  }

  // From an answered sheet on to the next.
  async following() {
    await this.onwards();
  }

  // ---- what the keys do

  // The sheet in view, as far as one may work on it: none while what comes next is on its way.
  get sheet() {
    return this.#waiting ? null : this.inView;
  }

  get inView() {
    return this.querySelector(":scope > .sheet");
  }

  get isBusy() {
    return this.#busy !== null;
  }

  // Act now, or after what is still going on: no key is lost, and none acts on a sheet that is about to go.
  whenFree(act) {
    const turn = this.#busy ? this.#busy.then(act) : act();
    if (!(turn instanceof Promise)) return;
    const busy = turn.catch((error) => console.error(error)).then(() => {
      if (this.#busy === busy) this.#busy = null;
    });
    this.#busy = busy;
  }

  // Enter: the next five that was not seen, else save and go on.
  async forward(submitter = null) {
    await this.#chosen();
    const { sheet } = this;
    if (!sheet || sheet.openUnseen()) return;
    if (await this.save(submitter)) await this.after(sheet);
  }

  // →: among one's answers the next, else leave this picture for later.
  async next() {
    await this.#chosen();
    const { sheet } = this;
    if (!sheet) return;
    if (sheet.isAnswered) return (await this.mayLeave()) && this.following(sheet);
    sheet.leave();
    await this.outbox.put({ id: newId(), assignment: sheet.handle, address: sheet.later, page: this.page, body: [] });
    await this.onwards();
  }

  // ←: the answer before this one; what is chosen here stays chosen.
  async previous() {
    await this.#chosen();
    const { sheet } = this;
    if (sheet?.isAnswered && !(await this.mayLeave())) return;
    const earlier = await this.before(sheet);
    if (!earlier) return this.say(earlier === null ? this.dataset.offline : this.dataset.first);
    if (sheet && !sheet.isAnswered) this.supply.putBack(sheet);
    this.show(earlier);
  }

  // The last answer stands open again, wherever one is; where it changed an earlier one, with what that one said. Nothing is saved by it.
  async takeBack() {
    await this.#chosen();
    const { sheet } = this;
    const last = await this.last();
    if (!last) return this.say(last === null ? this.dataset.offline : this.dataset.first);
    if (sheet && !sheet.isAnswered) this.supply.putBack(sheet);
    this.show(last);
    last.takeBack();
    this.say(this.dataset.back);
  }

  // Put the answer into the outbox if there is anything new in it; says whether the sheet may be left.
  async save(submitter = null) {
    const { sheet } = this;
    if (!sheet.isNews(submitter)) {
      await this.keeping.letGo(sheet); // changed, and changed back
      return true;
    }
    const problem = sheet.problem(submitter) || (sheet.doubtsPicture() ? "unseen" : "");
    if (problem) {
      sheet.refuse(this.dataset[problem]);
      return false;
    }
    sheet.addPresence(this.presence.take());
    await this.keeping.put(sheet, submitter);
    sheet.markSaved();
    this.given = sheet.handle;
    this.onSaved(sheet);
    return true;
  }

  // ---- from sheet to sheet

  // Show the next sheet, now or when it is here.
  async onwards() {
    if (this.supply.first) this.#goOn(this.supply.first);
    else this.wait(() => this.supply.first ?? this.supply.fill(), this.supply.coming); // not awaited: one may go back meanwhile
  }

  show(sheet) {
    const present = this.presence.take();
    const last = this.inView;
    this.#waiting = null;
    this.supply.forget(sheet.handle);
    this.piece("between").hidden = true;
    if (last !== sheet) {
      if (last && !last.isAnswered) last.addPresence(present);
      last?.remove();
      this.prepend(sheet);
    }
    sheet.inert = false;
    sheet.shown();
    scrollTo(0, 0);
    history.replaceState(null, "", sheet.address);
    this.say(sheet.news);
  }

  // Nothing is ready: wait until `find` gives the sheet to show; else it says whether the server answered. Where nothing comes, the server knows
  // why and says so on its page. Keys do not queue for a picture that nobody sees yet. What was asked for before and is `coming` does not wait
  // for the answer to be saved.
  async wait(find, coming = null) {
    const waiting = (this.#waiting = {});
    const isOver = () => this.#waiting !== waiting;
    if (this.inView) this.inView.inert = true;
    const word = setTimeout(() => isOver() || this.#sayBetween("coming"), QUIET);
    for (let pause = FIRST_PAUSE; !isOver(); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      await Promise.race([this.outbox.settled(), coming].filter(Boolean));
      const found = await find();
      if (found instanceof HTMLElement) await Promise.race([found.prefetch(), new Promise((resolve) => setTimeout(resolve, LONGEST_PAUSE))]);
      if (isOver()) break;
      if (found instanceof HTMLElement) this.#goOn(found);
      else if (found && !this.outbox.unsent.length) return location.assign(this.page);
      else {
        clearTimeout(word);
        this.#sayBetween(found ? "coming" : this.outbox.state === "signed-out" ? "ended" : "offline");
        await pauseOrOnline(pause, this.outbox);
      }
    }
    clearTimeout(word);
  }

  // What was answered since it was asked for does not come again; says whether it was so.
  turnAway(sheet, asked) {
    if (!this.keeping.isOutdated(sheet, asked)) return false;
    sheet.remove();
    this.onOutdated(sheet);
    return true;
  }

  // The sheet of this name, wherever it is here.
  find(handle) {
    return this.inView?.handle === handle ? this.inView : this.supply.find(handle);
  }

  say(news) {
    this.piece("news").textContent = news;
  }

  piece(name) {
    return this.querySelector(`:scope > [data-part=${name}]`) ?? this.querySelector(`[data-part=${name}]`);
  }

  // ---- the beginning

  // The panel shows once what was chosen here before is known: nobody acts on a sheet that looks empty and is not (desk.css).
  async #start() {
    await this.keeping.open();
    if (this.sheet) this.turnAway(this.sheet, PAGE_ASKED);
    const { sheet } = this;
    const isGiven = !sheet || this.keeping.isGiven(sheet);
    if (sheet) this.keeping.takeUp(sheet);
    if (!isGiven) this.show(sheet);
    this.begin();
    if (!isGiven) whenQuiet(() => this.supply.fill());
    else await (sheet ? this.after(sheet) : this.onwards());
    this.dataset.ready = "";
  }

  #onSubmit(event) {
    if (!event.target.matches("form.answer")) return;
    event.preventDefault();
    this.#whenFreeHere(() => this.forward(event.submitter));
  }

  // As `whenFree`; but a click is for the picture and the labels on which it was made, and for no others that come meanwhile.
  #whenFreeHere(act) {
    const clicked = this.#clicked;
    this.#clicked = null;
    this.whenFree(() => (clicked && !this.#isInView(clicked) ? undefined : act()));
  }

  // The second click of a double click is not one on the next picture, or on the next labels, which nobody has seen yet.
  #onPress(event) {
    if (event.detail === 1) this.#pressed = this.#view;
    this.#clicked = event.detail ? this.#view : null;
    if (event.detail < 2 || this.#isInView(this.#pressed)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  get #view() {
    return { sheet: this.inView, part: this.inView?.part };
  }

  #isInView(view) {
    return view?.sheet === this.inView && view?.part === this.inView?.part;
  }

  #onClick(event) {
    const way = event.target.closest("[data-key=ArrowLeft], [data-key=ArrowRight], [data-part=take-back]");
    if (!way) return;
    event.preventDefault();
    const acts = { ArrowLeft: () => this.previous(), ArrowRight: () => this.next() };
    this.#whenFreeHere(acts[way.dataset.key] ?? (() => this.takeBack()));
  }

  // ---- what goes on behind it

  // Until every choice that was made here is kept.
  async #chosen() {
    while (this.sheet?.settled) await this.sheet.settled;
  }

  #goOn(sheet) {
    this.show(sheet);
    this.supply.fill();
  }

  #sayBetween(words) {
    this.inView?.remove();
    this.piece("between").hidden = false;
    this.piece("between-text").textContent = this.dataset[words];
  }
}
