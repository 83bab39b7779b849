// A sheet that is a form: five labels in view, the chosen ones as chips, what is asked when. A choice is kept first (`keep`, which the journal
// sets) and shown once it is; what is pressed meanwhile waits for its turn. All that counts lives in the form's own fields.
import { drawAsked } from "./asking.js";
import { ended, found, keptFields, places, read, sent, show, showTexts, takenBack, turned } from "./choices.js";
import { Fives } from "./fives.js";
import { newId } from "../../saving/outbox.js";
import { closeFields, closePopups, leavesPopup, popupOf, sends, turnPopup } from "./parts.js";
import { Sheet } from "./sheet.js";
import { _ } from "../../page/words.js";

export class FormSheet extends Sheet {
  isTouched = false; // somebody chose something here
  #shownAt = null;
  #before = 0; // milliseconds since the first look, of earlier visits
  #aside = {};
  #saved = "";
  #given = []; // the choices of each answer, in their order

  begin() {
    this.form.elements.scripted.value = "1";
    this.fives = new Fives(this);
    if (this.isAnswered) this.fives.markSeen();
    show(this, this.choices);
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("input", (event) => this.#onInput(event.target));
    this.addEventListener("choose", (event) => this.#onChoose(event.detail));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.draw(); // what is asleep is not part of what stands here
    this.#saved = this.#state;
    if (this.isAnswered) this.#given = [this.choices];
    this.#drawFive();
  }

  // ---- what each kind of form defines

  // The name of the field of one line in which Enter is done with what is typed, null where there is none: buttons have the name "".
  get lastField() {
    return null;
  }

  // What the way forward is called now.
  get wayForward() {
    if (this.isAnswered && !this.isChanged) return _("Next picture");
    return this.asksReason || this.fives.isLast ? this.piece("go").dataset.words : _("Next five");
  }

  // Called before choices are put back.
  makeRoomFor() {}

  // ---- as a sheet

  get outcome() {
    return this.querySelector("[data-part=outcome]:checked")?.value ?? "";
  }

  get part() {
    return this.fives.at;
  }

  get isChanged() {
    return this.#state !== this.#saved;
  }

  shown() {
    this.#shownAt ??= performance.now() - this.#before;
    this.#drawFive();
    super.shown();
  }

  // The choices, which fives were opened when, the time since the first look and the time present.
  standing(choices = this.choices) {
    const { opened, at } = this.fives;
    const times = { opened, five: at, elapsed: Math.round(this.#elapsed), present: Math.round(this.present) };
    return { answered: this.isAnswered, picture: this.#pictureName, choices, ...times };
  }

  // What was kept belongs here where the picture is the same and was not answered since. A decision was once kept as its form's body.
  restore({ picture, answered, body, added, choices = sent(this, body ?? [], added), opened = [], five = 0, elapsed = 0, present = 0 }) {
    if (nameOf(picture) !== this.#pictureName || (this.isAnswered && !answered)) return false;
    this.#put(choices);
    this.fives.restore(opened);
    this.present = Math.max(this.present, present);
    if (this.#shownAt === null) {
      this.#before = elapsed;
      this.fives.at = five;
    }
    this.#drawFive();
    this.draw();
    return true;
  }

  putBack(body) {
    this.#put(sent(this, body));
    this.draw();
  }

  openUnseen() {
    const { unseen } = this.fives;
    if (this.asksReason || unseen === undefined) return false;
    this.open(unseen);
    return true;
  }

  openBeside(step) {
    this.open(this.fives.at + step);
  }

  toggleCard(number) {
    const card = this.fives.visibleRows[number - 1]?.querySelector("details.card");
    if (card) card.open = !card.open;
  }

  closePopups() {
    closePopups(this);
  }

  answer() {
    const { elements } = this.form;
    elements.id.value = newId();
    if (elements.elapsed) elements.elapsed.value = Math.round(this.#elapsed);
    elements.present.value = Math.round(this.present);
    this.present = 0;
    const body = [...new FormData(this.form)].map(([name, value]) => [name, String(value)]);
    return { id: elements.id.value, assignment: this.handle, address: this.address, page: this.address, body };
  }

  // From now on a revision starts from this answer, at its first five, and the sheet says so.
  markSaved() {
    this.fives.at = 0;
    this.dataset.answered = "yes";
    const heading = this.piece("heading");
    heading.textContent = heading.dataset.answered;
    this.#saved = this.#state;
    this.#given.push(this.choices);
    this.#drawGo();
  }

  // What the answer before it said is chosen again; a first answer stays chosen, to be changed.
  takeBack() {
    const earlier = this.#given.at(-2);
    if (earlier) this.#choose((choices) => ({ ...earlier, note: choices.note, missing: choices.missing }));
  }

  leave() {
    this.keep();
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
    const choices = rule(this.choices);
    this.isTouched = true;
    await this.keep(choices);
    this.#aside = choices.aside;
    show(this, choices);
    this.refuse("");
    this.draw();
  }

  #put(choices) {
    this.#aside = choices.aside;
    this.makeRoomFor(choices);
    show(this, choices);
    showTexts(this, choices);
  }

  #onClick(event) {
    const { target } = event;
    const popup = popupOf(event);
    closeFields(this, target);
    if (popup) return this.#turnPopup(event, popup);
    if (target.matches("input:is([name=yes], [type=radio], [data-part=outcome])")) return this.#onTick(event, target);
    const part = target.closest("[data-part]");
    if (part?.dataset.part === "dot") this.open(Number(part.dataset.five));
    if (part?.dataset.part === "back") this.openBeside(-1);
    if (part?.dataset.part === "chip-off") this.#takeBack(part.closest("[data-part=chip]"));
    else if (part?.dataset.part === "chip") this.#openFiveOf(part.dataset.label);
  }

  // The browser ticks at once: its tick is taken back, which it does after this event, and comes when the choice is kept.
  #onTick(event, { name, value, parentElement, dataset }) {
    event.preventDefault();
    const hasMaybe = Boolean(parentElement.closest("[data-part=row], [data-part=chip]")?.querySelector("input[name=maybe]"));
    const rules = { yes: (choices) => turned(choices, value, hasMaybe), outcome: (choices) => ended(choices, value) };
    const after = event.isTrusted ? new Promise((resolve) => setTimeout(resolve)) : null;
    this.#choose(rules[dataset.part ?? name] ?? ((choices) => ({ ...choices, [name]: value })), after);
  }

  // What is typed is seen at once, and kept right after.
  #onInput({ name }) {
    if (!keptFields(this).includes(name)) return;
    this.refuse("");
    this.draw();
    Promise.resolve(this.settled).then(() => this.keep(this.choices));
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
    if (five >= 0) this.open(five);
  }

  #turnPopup(event, popup) {
    turnPopup(event, popup);
    this.draw();
  }

  #onKey(event) {
    if (sends(event)) return this.#send(event);
    if (!leavesPopup(event, this.lastField)) return;
    event.preventDefault();
    closePopups(this);
  }

  // The answer, or the note to other experts that is being written.
  #send(event) {
    event.preventDefault();
    const { form } = event.target;
    if (form !== this.form) return form.requestSubmit(form.querySelector("button.first"));
    closePopups(this);
    form.requestSubmit(this.piece("go"));
  }

  // ---- drawing what follows from the fields

  open(five) {
    closeFields(this);
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
    this.piece("go-text").textContent = this.wayForward;
  }

  draw() {
    drawAsked(this);
    this.#drawGo();
  }

  get choices() {
    return read(this, this.#aside);
  }

  // Milliseconds since the first look, by a clock that nobody sets.
  get #elapsed() {
    return this.#shownAt === null ? this.#before : performance.now() - this.#shownAt;
  }

  // What a person could change, as one text: whether anything changed is a comparison. (FormData would lay the page out first, for the
  // lines of its texts.)
  get #state() {
    const names = ["yes", "maybe", "outcome", "none", ...keptFields(this)];
    const fields = [...this.form.elements].filter((field) => names.includes(field.name) && field.matches(":enabled"));
    return JSON.stringify(fields.filter(counts).map(({ name, value }) => [name, value]));
  }

  get #pictureName() {
    return nameOf(this.picture.getAttribute("src"));
  }
}

function counts({ type, checked }) {
  return checked || !["checkbox", "radio"].includes(type);
}

// A picture's opaque name, whatever its size: another workspace at this address has others.
function nameOf(address) {
  return address.split("-")[0];
}
