// One picture's form: five labels in view, three-valued answers, the chosen ones as chips, what is asked when. A choice is kept first (`keep`,
// which the desk sets to its journal) and shown once it is; what is pressed meanwhile waits for its turn.
import { drawAsked, outcomeOf, problemOf } from "./asking.js";
import { ended, found, places, read, show, showTexts, takenBack, turned } from "./choices.js";
import { Fives } from "../desk/fives.js";
import { newId } from "../saving/outbox.js";
import { bringCandidates, isSearching } from "./search-first.js";
import { closePopups, fitPicture, leavesPopup, popupOf, turnPopup } from "../desk/parts.js";
import { _ } from "../page/words.js";

class AnswerSheet extends HTMLElement {
  #shownAt = null;
  #before = 0; // milliseconds since the first look, of earlier visits
  #present = 0;
  #aside = {};
  #saved = "";
  settled = null; // a promise while a choice is being kept
  keep = () => null; // (choices) => a promise; where none are given, the times alone

  connectedCallback() {
    if (this.form) return;
    this.form = this.querySelector("form.answer");
    this.form.elements.scripted.value = "1";
    this.fives = new Fives(this);
    if (this.isAnswered) this.fives.markSeen();
    show(this, this.#choices);
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("input", (event) => this.#onInput(event.target));
    this.addEventListener("choose", (event) => this.#onChoose(event.detail));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    fitPicture(this.picture);
    this.#drawFive();
    this.#draw();
    this.#saved = this.#state;
  }

  get assignment() {
    return this.dataset.assignment;
  }

  get picture() {
    return this.querySelector("img.judged");
  }

  get isAnswered() {
    return this.dataset.answered === "yes";
  }

  get isChanged() {
    return this.#state !== this.#saved;
  }

  get isUnfit() {
    return outcomeOf(this) === "unfit";
  }

  // The sheet is on screen now.
  shown() {
    this.#shownAt ??= performance.now() - this.#before;
    this.#drawFive();
    this.focus({ preventScroll: true });
  }

  // Be ready before being shown: the picture is decoded, the first five's reference pictures are there.
  prefetch() {
    return this.picture.decode().catch(() => {});
  }

  addPresence(milliseconds) {
    this.#present += milliseconds;
  }

  // What the journal keeps of it: the choices, which fives were opened when, the time since the first look and the time present.
  standing(choices = this.#choices) {
    const { opened, at } = this.fives;
    const times = { opened, five: at, elapsed: Math.round(this.#elapsed), present: Math.round(this.#present) };
    return { answered: this.isAnswered, picture: this.#pictureName, choices, ...times };
  }

  // Put back what an earlier visit, or another tab, kept. Says whether it belongs here: the picture is the same, and was not answered since.
  restore(entry) {
    if (entry.picture !== this.#pictureName || (this.isAnswered && !entry.answered)) return false;
    const { choices, opened, five, elapsed, present } = entry;
    this.#aside = choices.aside;
    if (choices.first && isSearching(this)) bringCandidates(this, choices.first);
    show(this, choices);
    showTexts(this, choices);
    this.fives.restore(opened);
    this.#present = Math.max(this.#present, present);
    if (this.#shownAt === null) {
      this.#before = elapsed;
      this.fives.at = five;
    }
    this.#drawFive();
    this.#draw();
    return true;
  }

  // Open the next five that was not seen, or the candidates after the search; says whether there was something.
  openUnseen() {
    if (isSearching(this) && !this.isUnfit) {
      bringCandidates(this);
      this.#open(0);
      this.#draw();
      this.keep(this.#choices);
      return true;
    }
    const { unseen } = this.fives;
    if (this.isUnfit || unseen === undefined) return false;
    this.#open(unseen);
    return true;
  }

  openBeside(step) {
    this.#open(this.fives.at + step);
  }

  toggleCard(number) {
    const card = this.fives.visibleRows[number - 1]?.querySelector("details.card");
    if (card) card.open = !card.open;
  }

  // Why the answer cannot be saved as it stands, as the name of its words; empty where it can.
  problem() {
    return problemOf(this);
  }

  refuse(words) {
    const place = this.#part("refusal");
    place.textContent = words;
    place.hidden = !words;
  }

  // The form as it is sent, under a fresh id: once sent it is an answer of its own.
  answer() {
    const { elements } = this.form;
    elements.id.value = newId();
    elements.elapsed.value = Math.round(this.#elapsed);
    elements.present.value = Math.round(this.#present);
    this.#present = 0;
    const page = this.form.action;
    return { id: elements.id.value, assignment: this.assignment, address: page, page, body: [...new FormData(this.form)].map(([name, value]) => [name, String(value)]) };
  }

  // From now on a revision starts from this answer, at its first five.
  markSaved() {
    this.fives.at = 0;
    this.dataset.answered = "yes";
    this.#part("later-text").textContent = _("next");
    this.#saved = this.#state;
  }

  // ---- choosing

  // Keep what a rule makes of the choices, then show it. `after` is what has to happen first.
  #choose(rule, after = null) {
    const choosing = Promise.all([this.settled, after]).then(() => this.#keepAndShow(rule));
    const settled = choosing.catch((error) => console.error(error)).then(() => {
      if (this.settled === settled) this.settled = null;
    });
    this.settled = settled;
  }

  async #keepAndShow(rule) {
    const choices = rule(this.#choices);
    await this.keep(choices);
    this.#aside = choices.aside;
    show(this, choices);
    this.refuse("");
    this.#draw();
  }

  #onClick(event) {
    const { target } = event;
    const popup = popupOf(event);
    if (popup) return this.#turnPopup(event, popup);
    if (target.matches("input:is([name=yes], [name=outcome], [name=relation], [name=reason])")) return this.#onTick(event, target);
    const part = target.closest("[data-part]");
    if (part?.dataset.part === "dot") this.#open(Number(part.dataset.five));
    if (part?.dataset.part === "back") this.openBeside(-1);
    if (part?.dataset.part === "chip-off") this.#takeBack(part.closest("[data-part=chip]"));
    else if (part?.dataset.part === "chip") this.#openFiveOf(part.dataset.label);
  }

  // The browser ticks at once: its tick is taken back, which it does after this event, and comes when the choice is kept.
  #onTick(event, { name, value, parentElement }) {
    event.preventDefault();
    const hasMaybe = Boolean(parentElement.closest("[data-part=row], [data-part=chip]")?.querySelector("input[name=maybe]"));
    const rules = { yes: (choices) => turned(choices, value, hasMaybe), outcome: (choices) => ended(choices, value) };
    const after = event.isTrusted ? new Promise((resolve) => setTimeout(resolve)) : null;
    this.#choose(rules[name] ?? ((choices) => ({ ...choices, [name]: value })), after);
  }

  // What is typed is seen at once, and kept right after.
  #onInput({ name }) {
    if (!["note", "missing"].includes(name)) return;
    this.refuse("");
    this.#draw();
    Promise.resolve(this.settled).then(() => this.keep(this.#choices));
  }

  // A label that the search found: open its five and choose it there, or put it among the chosen.
  #onChoose({ label, chip }) {
    const isHere = places(this).some((place) => place.dataset.label === label);
    closePopups(this);
    this.#openFiveOf(label);
    this.#choose((choices) => found(choices, label, isHere ? "" : chip.outerHTML));
  }

  #takeBack(chip) {
    this.#choose((choices) => takenBack(choices, chip.dataset.label));
    this.focus({ preventScroll: true });
  }

  #openFiveOf(label) {
    const five = this.fives.of(this.querySelector(`[data-part=row][data-label="${label}"]`));
    if (five >= 0) this.#open(five);
  }

  #turnPopup(event, popup) {
    turnPopup(event, popup);
    this.#draw();
  }

  #onKey(event) {
    if (!leavesPopup(event)) return;
    event.preventDefault();
    closePopups(this);
  }

  // ---- drawing what follows from the fields

  #open(five) {
    this.fives.at = five;
    this.#drawFive();
    this.refuse("");
  }

  #drawFive() {
    const isFirstLook = this.fives.open(this.fives.at, this.#shownAt === null ? null : this.#elapsed);
    this.#drawGo();
    if (isFirstLook) this.keep();
  }

  #drawGo() {
    const isToGoOn = isSearching(this) && !this.isUnfit;
    this.#part("go-text").textContent = isToGoOn ? this.dataset.goOn : this.isUnfit || this.fives.isLast ? _("Save and next") : _("Next five");
  }

  #draw() {
    drawAsked(this);
    this.#drawGo();
  }

  // Milliseconds since the first look, by a clock that nobody sets.
  get #elapsed() {
    return this.#shownAt === null ? this.#before : performance.now() - this.#shownAt;
  }

  get #choices() {
    return read(this, this.#aside);
  }

  // What a person could change, as one text: whether anything changed is a comparison.
  get #state() {
    const fields = ["yes", "maybe", "outcome", "relation", "reason", "note", "missing"];
    return JSON.stringify([...new FormData(this.form)].filter(([name]) => fields.includes(name)));
  }

  // The picture's opaque name, whatever its size: another workspace at this address has others.
  get #pictureName() {
    return this.picture.getAttribute("src").split("-")[0];
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`);
  }
}

customElements.define("answer-sheet", AnswerSheet);
