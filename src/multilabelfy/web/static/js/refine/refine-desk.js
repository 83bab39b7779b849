// The desk of an expert: a case (or question) in view and one ready behind it, of those that the filter asks for. A blind answer leads to its
// reveal; beside a case experts talk.
import { Desk } from "../desk/desk.js";
import { number } from "../page/words.js";
import { newId } from "../saving/outbox.js";

class RefineDesk extends Desk {
  connectedCallback() {
    if (this.outbox) return;
    super.connectedCallback();
    this.addEventListener("submit", (event) => this.#onTalk(event));
    this.addEventListener("input", ({ target }) => target.form?.matches("form.talking") && this.#keepTalk(target.form));
  }

  get waitsForPictures() {
    return true;
  }

  get page() {
    return this.dataset.address + (this.dataset.query ? `?${this.dataset.query}` : "");
  }

  // The filter stays in every address; a whole one has it already.
  fragmentAt(path) {
    if (path.startsWith("/")) return path;
    return `${super.fragmentAt(path)}${path.includes("?") ? "&" : "?"}fragment=true&${this.dataset.query}`;
  }

  show(sheet) {
    super.show(sheet);
    this.#putTalkBack(sheet);
  }

  // A blind answer opens the votes on the same case; every other one goes on.
  async after(sheet) {
    if (sheet.leadsToReveal) this.wait(() => this.#findReveal(sheet));
    else await this.onwards();
  }

  async before(sheet) {
    await this.outbox.settled();
    return this.supply.fetchOne(`previous${sheet ? `?before=${sheet.handle}` : ""}`);
  }

  async following(sheet) {
    const next = await this.supply.fetchOne(`following?after=${sheet.handle}`);
    if (next) this.show(next);
    else await this.onwards();
  }

  onAcknowledged({ answer }) {
    const thread = answer.discussion && this.querySelector(`[data-discussion="${answer.assignment}"]`);
    if (thread) thread.outerHTML = answer.discussion;
    for (const name of ["decided", "disputed"]) {
      if (name in answer) document.getElementById(`n-${name}`).textContent = number(Number(answer[name]));
    }
  }

  // A case that is not here any more comes again, with what was refused in its form.
  onRefused(item) {
    if (this.sheet && this.find(item.assignment)) super.onRefused(item);
    else location.assign(item.page);
  }

  async #findReveal(sheet) {
    if (this.outbox.unsent.some((item) => item.assignment === sheet.handle)) return false;
    return (await this.supply.fetchOne(sheet.reveal)) ?? false;
  }

  #onTalk(event) {
    if (!event.target.matches("form.talking")) return; // the filter's form is a page of its own
    event.preventDefault();
    this.whenFree(() => this.#talk(event.target, event.submitter));
  }

  // A note for other experts stays with the case; passing it on is the end of it here.
  async #talk(form, submitter) {
    const { sheet } = this;
    if (!sheet) return;
    const isPass = submitter.value === "pass";
    const id = newId();
    const fields = [...new FormData(form, submitter)].filter(([name]) => name !== "id");
    const body = [...fields.map(([name, value]) => [name, String(value)]), ["id", id]];
    const address = submitter.getAttribute("formaction") ?? form.action;
    const { journal } = this.keeping;
    journal.forget(talkOf(sheet));
    const item = { id, assignment: isPass ? sheet.handle : talkOf(sheet), address, page: sheet.address, body };
    await this.outbox.put(item, journal.keyOf(talkOf(sheet)));
    form.reset();
    drawFilled(form);
    sheet.closePopups();
    if (isPass) await this.onwards();
  }

  // A note that is not sent yet waits in the journal for its case to come back.
  #keepTalk(form) {
    const { text, to } = form.elements;
    const handle = talkOf(this.inView);
    drawFilled(form);
    if (text.value) this.keeping.journal.write(handle, { text: text.value, to: to?.value ?? "" });
    else this.keeping.journal.drop(handle);
  }

  #putTalkBack(sheet) {
    const [form, kept] = [sheet.querySelector("form.talking"), this.keeping.journal.of(talkOf(sheet))];
    if (!form || !kept || form.elements.text.value) return;
    form.elements.text.value = kept.text;
    if (form.elements.to && [...form.elements.to.options].some(({ value }) => value === kept.to)) form.elements.to.value = kept.to;
    drawFilled(form);
  }
}

function talkOf(sheet) {
  return `talk-${sheet.handle}`;
}

// That something is written there shows also where it is closed.
function drawFilled(form) {
  form.closest("details").toggleAttribute("data-filled", Boolean(form.elements.text.value));
}

customElements.define("refine-desk", RefineDesk);
