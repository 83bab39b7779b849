// One disputed image's form: five labels in view, each valid or not, the valid ones as chips, a reason where none is. All state that counts
// lives in the form's own fields.
import { newId } from "../saving/outbox.js";
import { closePopups, fitPicture, leavesPopup, popupOf, turnPopup } from "../desk/parts.js";
import { _ } from "../page/words.js";

class RefineCase extends HTMLElement {
  keep = () => null; // set by the desk: keeps what stands here in the browser's own store
  #five = 0;
  #seen = new Set();
  #setAside = [];

  connectedCallback() {
    if (this.form) return;
    this.form = this.querySelector("form.answer");
    this.form.elements.scripted.value = "1";
    this.addEventListener("change", (event) => this.#onChange(event.target));
    this.addEventListener("input", (event) => event.target.matches("textarea, [type=text]") && this.keep());
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("choose", (event) => this.#onChoose(event.detail));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    fitPicture(this.picture);
    this.#open(0);
    this.#draw();
  }

  get picture() {
    return this.querySelector("img.judged");
  }

  get assignment() {
    return this.dataset.assignment;
  }

  // What it is called towards the server and in the outbox.
  get handle() {
    return this.assignment;
  }

  // Where the page is reloaded with it.
  get address() {
    return this.form.action;
  }

  get later() {
    const address = new URL(this.form.action);
    return `${address.pathname}/later${address.search}`;
  }

  // Where the case is fetched again once a blind answer is saved.
  get reveal() {
    const address = new URL(this.form.action);
    return `${address.pathname}/case${address.search}`;
  }

  get isDecided() {
    return this.dataset.answered === "yes";
  }

  // Whether an answer opens the earlier votes instead of ending the case.
  get leadsToReveal() {
    return "reveals" in this.dataset;
  }

  // Be ready before being shown: the picture is decoded.
  prefetch() {
    return this.picture.decode().catch(() => {});
  }

  // The form as it is sent, under a fresh id: once sent it is a decision of its own.
  decision(present) {
    const { elements } = this.form;
    elements.id.value = newId();
    elements.present.value = Math.round(present);
    const body = [...new FormData(this.form)].map(([name, value]) => [name, String(value)]);
    return { id: elements.id.value, assignment: this.assignment, address: this.form.action, page: this.form.action, body };
  }

  // What the journal keeps: the form as it would be sent, and the chips, as the server rendered them, of labels that were found by search.
  standing() {
    const added = [...this.querySelectorAll("[data-part=chip][data-added]")].map((chip) => chip.outerHTML);
    return { picture: this.picture.getAttribute("src"), body: [...new FormData(this.form)], added };
  }

  // Put back what an earlier visit kept; says whether it belongs to this picture.
  restore({ picture, body, added }) {
    if (picture !== this.picture.getAttribute("src")) return false;
    this.querySelectorAll("[data-part=chip][data-added]").forEach((chip) => chip.remove());
    this.#part("chosen").insertAdjacentHTML("beforeend", added.join(""));
    this.fill(body);
    return true;
  }

  // The form as it was sent before, as far as its labels are here.
  fill(body) {
    const said = (name) => body.filter(([other]) => other === name).map(([, value]) => value);
    for (const box of this.querySelectorAll("input[name=yes]")) box.checked = said("yes").includes(box.value);
    this.#part("none").checked = said("none").length > 0;
    for (const name of this.dataset.kept.split(" ")) {
      if (this.form.elements[name]) this.form.elements[name].value = said(name)[0] ?? "";
    }
    this.#draw();
  }

  // In the way of "none is valid" digits choose the reason, as they do for an unfit picture on the annotate page.
  get isUnfit() {
    return this.#part("none").checked;
  }

  openUnseen() {
    const next = this.#fives.findIndex((_, i) => !this.#seen.has(i));
    if (next < 0 || this.isUnfit) return false;
    this.#open(next);
    return true;
  }

  openBeside(step) {
    const next = this.#five + step;
    if (this.#fives[next]) this.#open(next);
  }

  toggleCard(number) {
    const card = this.#fives[this.#five]?.querySelectorAll("details.card")[number - 1];
    if (card) card.open = !card.open;
  }

  // Why it cannot be decided as it stands, as the name of its words; empty where it can.
  problem() {
    const { reason, reason_note: note } = this.form.elements;
    if (this.#ticked.length) return "";
    if (!this.isUnfit) return "nothing";
    if (!reason.value) return "reason";
    const wantsNote = this.querySelector("input[name=reason]:checked").dataset.wantsNote !== undefined;
    return wantsNote && !note.value.trim() ? "other" : "";
  }

  closePopups() {
    closePopups(this);
  }

  refuse(words) {
    const place = this.#part("refusal");
    place.textContent = words;
    place.hidden = !words;
  }

  #open(five) {
    this.#five = five;
    this.#seen.add(five);
    this.#fives.forEach((one, i) => (one.hidden = i !== five));
    this.#dots.forEach((dot, i) => {
      dot.toggleAttribute("aria-current", i === five);
      dot.toggleAttribute("data-seen", this.#seen.has(i));
    });
    if (this.#part("place")) this.#part("place").textContent = _("five %(n)s of %(all)s", { n: five + 1, all: this.#fives.length });
    this.#fives[five + 1]?.querySelectorAll("img[loading=lazy]").forEach((image) => (image.loading = "eager"));
    this.#drawGo();
    this.refuse("");
  }

  #drawGo() {
    const isLast = this.isUnfit || this.#seen.size >= this.#fives.length;
    this.#part("back").disabled = this.#five === 0;
    this.#part("go-text").textContent = isLast ? this.#part("go").dataset.words : _("Next five");
  }

  #onChange(field) {
    if (field.name === "yes" && field.checked) this.#part("none").checked = false;
    if (field.name === "none") this.#onNone(field.checked);
    this.refuse("");
    this.#draw();
    this.keep();
  }

  // "None is valid" sets the chosen labels aside; taking it back brings them back.
  #onNone(isNone) {
    if (isNone) {
      this.#setAside = this.#ticked;
      this.#setAside.forEach((box) => (box.checked = false));
    } else {
      if (!this.#ticked.length) this.#setAside.forEach((box) => (box.checked = true));
      this.#setAside = [];
    }
  }

  #onClick(event) {
    const popup = popupOf(event);
    if (popup) return this.#turnPopup(event, popup);
    const part = event.target.closest("[data-part]");
    if (part?.dataset.part === "dot") this.#open(Number(part.dataset.five));
    if (part?.dataset.part === "back") this.openBeside(-1);
    if (part?.dataset.part === "chip-off") this.#takeBack(part.closest("[data-part=chip]"));
  }

  #takeBack(chip) {
    if ("added" in chip.dataset) chip.remove();
    else this.#boxOf(chip).checked = false;
    this.#draw();
    this.keep();
    this.focus({ preventScroll: true });
  }

  // A label that the search found: tick it where it stands, or put it among the valid ones.
  #onChoose({ label, chip }) {
    const box = this.querySelector(`input[name=yes][value="${label}"]`);
    if (box) box.checked = true;
    else this.#part("chosen").append(chip);
    const five = this.#fives.findIndex((one) => box && one.contains(box));
    if (five >= 0) this.#open(five);
    this.#part("none").checked = false;
    closePopups(this);
    this.refuse("");
    this.#draw();
    this.keep();
  }

  #turnPopup(event, popup) {
    turnPopup(event, popup);
    this.#draw();
  }

  #onKey(event) {
    if (!leavesPopup(event, "reason_note")) return;
    event.preventDefault();
    closePopups(this);
  }

  #draw() {
    for (const chip of this.querySelectorAll("[data-part=chip]:not([data-added])")) chip.hidden = !this.#boxOf(chip)?.checked;
    for (const chip of this.querySelectorAll("[data-part=chip][data-added]")) chip.hidden = !chip.querySelector("input[name=yes]").checked;
    this.form.classList.toggle("is-unfit", this.isUnfit);
    this.#part("reasons").disabled = !this.isUnfit;
    const relation = this.#part("relation");
    if (relation) relation.disabled = relation.classList.toggle("is-asleep", this.#ticked.length < 2);
    this.querySelector("details.note").toggleAttribute("data-filled", Boolean(this.form.elements.note.value.trim()));
    this.querySelector("details.search").toggleAttribute("data-filled", Boolean(this.form.elements.missing.value.trim()));
    this.#drawGo();
  }

  #boxOf(chip) {
    return this.querySelector(`[data-part=row] input[name=yes][value="${chip.dataset.label}"]`);
  }

  get #ticked() {
    return [...this.querySelectorAll("input[name=yes]:checked")];
  }

  get #fives() {
    return [...this.querySelectorAll("[data-part=five]")];
  }

  get #dots() {
    return [...this.querySelectorAll("[data-part=dot]")];
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`);
  }
}

customElements.define("refine-case", RefineCase);
