// One picture's form: five labels in view, three-valued answers, the chosen ones as chips, what is asked when. All state that counts lives in
// the form's own fields, so that sending the form is sending what is seen.
import { newId } from "./outbox.js";

class AnswerSheet extends HTMLElement {
  #five = 0;
  #shownAt = 0;
  #present = 0;
  #setAside = [];
  #saved = "";

  connectedCallback() {
    if (this.form) return;
    this.form = this.querySelector("form.answer");
    this.form.elements.scripted.value = "1";
    if (this.isAnswered) this.#dots.forEach((dot) => (dot.dataset.seen = ""));
    this.#rows.forEach((row) => this.#setVote(row, this.#voteIn(row)));
    this.addEventListener("change", (event) => this.#onChange(event));
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("choose", (event) => this.#onChoose(event.detail));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.picture.addEventListener("load", () => this.#fit());
    if (this.picture.complete) this.#fit();
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
    return this.#outcome === "unfit";
  }

  // The sheet is on screen now.
  shown() {
    this.#shownAt ||= Date.now();
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

  // Open the next five that was not seen; says whether there was one.
  openUnseen() {
    if (this.isUnfit) return false;
    const n = this.#dots.length;
    const order = Array.from({ length: n }, (_, i) => (this.#five + i) % n);
    const unseen = order.find((five) => !("seen" in this.#dots[five].dataset));
    if (unseen === undefined) return false;
    this.#open(unseen);
    return true;
  }

  openBeside(step) {
    this.#open(Math.max(0, Math.min(this.#five + step, this.#dots.length - 1)));
  }

  toggleCard(number) {
    const card = this.#visibleRows[number - 1]?.querySelector("details.card");
    if (card) card.open = !card.open;
  }

  // Why the answer cannot be saved as it stands, as the name of its words; empty where it can.
  problem() {
    const n = this.#ticked.length;
    if (!this.#outcome && !n) return "nothing";
    if (this.isUnfit && !this.form.elements.reason.value) return "reason";
    if (this.isUnfit && this.form.elements.reason.value === "other" && !this.form.elements.note.value.trim()) return "other";
    if (this.#isRelationAsked && !this.form.elements.relation.value) return "relation";
    return "";
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
    elements.elapsed.value = Date.now() - this.#shownAt;
    elements.present.value = Math.round(this.#present);
    this.#present = 0;
    const page = this.form.action;
    return { id: elements.id.value, assignment: this.assignment, address: page, page, body: [...new FormData(this.form)].map(([name, value]) => [name, String(value)]) };
  }

  // From now on a revision starts from this answer, at its first five.
  markSaved() {
    this.#five = 0;
    this.dataset.answered = "yes";
    this.#part("later-text").textContent = "next";
    this.#saved = this.#state;
  }

  // ---- fives

  #open(five) {
    this.#five = five;
    this.#drawFive();
    this.refuse("");
  }

  #drawFive() {
    this.#fives.forEach((five, i) => (five.hidden = i !== this.#five));
    this.#dots.forEach((dot, i) => dot.toggleAttribute("aria-current", i === this.#five));
    if (this.#shownAt) this.#note(this.#five);
    this.#part("place").textContent = `five ${this.#five + 1} of ${this.#fives.length}`;
    this.#part("back").disabled = this.#five === 0;
    this.#drawGo();
    this.#fetchStrips(this.#five + 1);
  }

  // A five that is looked at counts as opened, from its first time on.
  #note(five) {
    const opened = this.#fives[five]?.querySelector("[data-part=opened]");
    if (opened && !opened.value) opened.value = Date.now() - this.#shownAt;
    if (this.#dots[five]) this.#dots[five].dataset.seen = "";
  }

  #fetchStrips(five) {
    this.#fives[five]?.querySelectorAll("summary img[loading=lazy]").forEach((image) => (image.loading = "eager"));
  }

  #drawGo() {
    const isLast = this.isUnfit || this.#dots.every((dot, i) => "seen" in dot.dataset || i === this.#five);
    this.#part("go-text").textContent = isLast ? "Save and next" : "Next five";
  }

  // ---- answers

  #onChange(event) {
    const { target } = event;
    if (target.name === "yes") this.#turn(target.closest("[data-part=row], [data-part=chip]"));
    if (target.name === "outcome") this.#onOutcome(target);
    this.refuse("");
    this.#draw();
  }

  // no → yes → maybe (where the protocol allows it) → no
  #turn(row) {
    const after = { no: "yes", yes: this.#hasMaybe(row) ? "maybe" : "no", maybe: "no" };
    this.#setVote(row, after[row.dataset.vote ?? "no"]);
    if (row.dataset.vote !== "no") this.#setOutcome(this.#outcome === "cannot-tell" ? "cannot-tell" : "");
  }

  #setVote(row, vote) {
    const [yes, maybe] = ["yes", "maybe"].map((name) => row.querySelector(`input[name=${name}]`));
    row.dataset.vote = vote;
    yes.checked = vote === "yes";
    yes.indeterminate = vote === "maybe";
    if (maybe) maybe.checked = vote === "maybe";
  }

  #voteIn(row) {
    if (row.querySelector("input[name=maybe]")?.checked) return "maybe";
    return row.querySelector("input[name=yes]").checked ? "yes" : "no";
  }

  #hasMaybe(row) {
    return Boolean(row.querySelector("input[name=maybe]"));
  }

  // "None" and "unfit" set the chosen labels aside; taking them back brings the labels back.
  #onOutcome(box) {
    this.#setOutcome(box.checked ? box.value : "");
    if (["none", "unfit"].includes(this.#outcome)) {
      const aside = this.#ticked.map((row) => [row, row.dataset.vote]);
      if (aside.length) this.#setAside = aside;
      aside.forEach(([row]) => this.#setVote(row, "no"));
    } else {
      if (!this.#ticked.length) this.#setAside.forEach(([row, vote]) => this.#setVote(row, vote));
      this.#setAside = [];
    }
  }

  #setOutcome(value) {
    this.#outcomes.forEach((box) => (box.checked = box.value === value));
  }

  // A label that the search found: open its five and choose it there, or put it among the chosen.
  #onChoose({ label, chip }) {
    const row = [...this.#rows, ...this.#added].find((one) => one.dataset.label === label);
    if (!row) {
      this.#part("chosen").append(chip);
      this.#setVote(chip, "yes");
    } else {
      this.#setVote(row, "yes");
      const five = this.#fives.findIndex((one) => one.contains(row));
      if (five >= 0) this.#open(five);
    }
    this.#setOutcome(this.#outcome === "cannot-tell" ? "cannot-tell" : "");
    this.#closePopups();
    this.#draw();
  }

  #onClick(event) {
    const popup = event.target.closest("summary")?.parentElement;
    if (popup?.matches(".note, .search")) return this.#turnPopup(event, popup);
    const part = event.target.closest("[data-part]");
    if (part?.dataset.part === "dot") this.#open(Number(part.dataset.five));
    if (part?.dataset.part === "back") this.openBeside(-1);
    if (part?.dataset.part === "chip-off") this.#takeBack(part.closest("[data-part=chip]"));
    else if (part?.dataset.part === "chip") this.#onChip(part);
  }

  #takeBack(chip) {
    const row = this.#rowOf(chip);
    this.#setVote(row, "no");
    if (row === chip) chip.remove();
    this.#draw();
    this.focus({ preventScroll: true });
  }

  #onChip(chip) {
    const five = this.#fives.findIndex((one) => one.contains(this.#rowOf(chip)));
    if (five >= 0) this.#open(five);
  }

  #rowOf(chip) {
    return "added" in chip.dataset ? chip : this.#rows.find((row) => row.dataset.label === chip.dataset.label);
  }

  // ---- popups

  // The field has the focus at once: the next key is typed into it.
  #turnPopup(event, popup) {
    event.preventDefault();
    popup.open = !popup.open;
    if (popup.open) popup.querySelector("textarea, input[type=search]").focus();
    this.#draw();
  }

  // Esc leaves a popup, and so does Enter in the name of a missing label.
  #onKey(event) {
    if (event.key !== "Escape" && !(event.key === "Enter" && event.target.name === "missing")) return;
    event.preventDefault();
    this.#closePopups();
  }

  // The sheet takes the focus at once: a closed field would keep it until the next drawing, and swallow the keys till then.
  #closePopups() {
    this.querySelectorAll("details[open]").forEach((details) => (details.open = false));
    this.focus({ preventScroll: true });
  }

  // ---- drawing what follows from the fields

  #draw() {
    const outcome = this.#outcome;
    for (const chip of this.#chips) {
      const { vote } = this.#rowOf(chip).dataset;
      chip.hidden = !vote || vote === "no";
      chip.classList.toggle("is-maybe", vote === "maybe" && outcome !== "cannot-tell");
      chip.classList.toggle("is-unsure", outcome === "cannot-tell");
    }
    this.#part("chosen-title").textContent = outcome === "cannot-tell" && this.#ticked.length ? "cannot tell between" : "chosen";
    this.form.classList.toggle("is-unfit", outcome === "unfit");
    const relation = this.#part("relation");
    if (relation) relation.disabled = relation.classList.toggle("is-asleep", !this.#isRelationAsked);
    this.#part("reasons").disabled = outcome !== "unfit";
    this.#mark("details.note", this.form.elements.note.value.trim());
    this.#mark("details.search", this.form.elements.missing.value.trim());
    this.#drawGo();
  }

  #mark(selector, isFilled) {
    this.querySelector(selector).toggleAttribute("data-filled", Boolean(isFilled));
  }

  // Small pictures are enlarged up to twice their size, none beyond the place there is.
  #fit() {
    const { naturalWidth, naturalHeight, style, classList } = this.picture;
    if (!naturalWidth) return;
    style.maxWidth = `min(100%, ${2 * naturalWidth}px)`;
    style.maxHeight = `min(100%, ${2 * naturalHeight}px)`;
    classList.add("fitted");
  }

  get #outcome() {
    return this.#outcomes.find((box) => box.checked)?.value ?? "";
  }

  get #isRelationAsked() {
    return Boolean(this.#part("relation")) && !this.#outcome && this.#ticked.filter((row) => row.dataset.vote === "yes").length >= 2;
  }

  // What a person could change, as one text: whether anything changed is a comparison.
  get #state() {
    const fields = ["yes", "maybe", "outcome", "relation", "reason", "note", "missing"];
    return JSON.stringify([...new FormData(this.form)].filter(([name]) => fields.includes(name)));
  }

  get #ticked() {
    return [...this.#rows, ...this.#added].filter((row) => row.dataset.vote && row.dataset.vote !== "no");
  }

  get #rows() {
    return [...this.querySelectorAll("[data-part=row]")];
  }

  get #visibleRows() {
    return [...(this.#fives[this.#five]?.querySelectorAll("[data-part=row]") ?? [])];
  }

  get #chips() {
    return [...this.querySelectorAll("[data-part=chip]")];
  }

  get #added() {
    return [...this.querySelectorAll("[data-part=chip][data-added]")];
  }

  get #fives() {
    return [...this.querySelectorAll("[data-part=five]")];
  }

  get #dots() {
    return [...this.querySelectorAll("[data-part=dot]")];
  }

  get #outcomes() {
    return [...this.querySelectorAll("input[name=outcome]")];
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`);
  }
}

customElements.define("answer-sheet", AnswerSheet);
