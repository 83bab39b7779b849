// The desk of an expert: the case (or question) in view and the one that is ready behind it. A decision goes to the outbox, which sends it
// until the server acknowledges it; the next one is shown at once where it is here already.
import { Journal } from "../saving/journal.js";
import { listen } from "../page/keys.js";
import { newId, Outbox } from "../saving/outbox.js";
import { Presence } from "../desk/presence.js";
import { Shelf } from "../desk/shelf.js";
import { number } from "../page/words.js";

const SHEETS = ":scope > .sheet";
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;
const QUIET = 300; // what takes less is not worth a word
const NOTHING = "nothing"; // the server has no case now

class RefineDesk extends HTMLElement {
  #queue = [];
  #filling = null;
  #busy = null;
  #waiting = null;
  #presence = new Presence();

  connectedCallback() {
    if (this.outbox) return;
    const { person, workspace } = this.dataset;
    this.shelf = new Shelf(this.#part("shelf"));
    this.outbox = new Outbox(person, workspace);
    this.journal = new Journal(person, workspace, this.outbox.tabs);
    this.outbox.addEventListener("change", () => this.#tell());
    this.outbox.addEventListener("acknowledged", ({ detail }) => this.#onAcknowledged(detail.answer));
    this.outbox.addEventListener("refused", ({ detail }) => this.#onRefused(detail.item));
    this.addEventListener("submit", (event) => this.#onSubmit(event));
    this.addEventListener("click", (event) => this.#onClick(event));
    this.whenFree(() => this.#start());
  }

  get sheet() {
    return this.querySelector(SHEETS);
  }

  // Act now, or after what is still going on; a key that comes while a decision is waited for belongs to no case.
  whenFree(act) {
    if (this.#waiting) return;
    const turn = this.#busy ? this.#busy.then(() => this.#waiting || act()) : act();
    if (!(turn instanceof Promise)) return;
    const busy = turn.catch((error) => console.error(error)).then(() => {
      if (this.#busy === busy) this.#busy = null;
    });
    this.#busy = busy;
  }

  // What an earlier visit left unsent is sent first; a case that it decided is not asked again.
  async #start() {
    await Promise.all([this.outbox.open(), this.journal.open()]);
    const waiting = this.outbox.unsent.map((item) => item.assignment);
    await this.outbox.settled();
    const { sheet } = this;
    this.#attach(sheet);
    const refused = this.outbox.refused.find((item) => item.assignment === sheet.handle);
    if (refused) {
      sheet.fill(refused.body);
      sheet.refuse(refused.problems.join(" "));
    }
    const isGiven = waiting.includes(sheet.handle) && !refused && !sheet.isDecided && !this.journal.of(sheet.handle);
    return isGiven ? this.#after(sheet) : this.#show(sheet);
  }

  // What was chosen on a case in an earlier visit stands on it again, and what is chosen from now on is kept.
  #attach(sheet) {
    this.journal.attach(sheet, () => {});
  }

  #onSubmit(event) {
    if (event.target.matches("form.filtering")) return; // a page of its own
    event.preventDefault();
    if (event.target.matches("form.talking")) this.whenFree(() => this.#talk(event.target, event.submitter));
    if (event.target.matches("form.answer")) this.whenFree(() => this.forward(event.submitter));
  }

  #onClick(event) {
    const way = event.target.closest("[data-key=ArrowLeft], [data-key=ArrowRight]");
    if (!way) return;
    event.preventDefault();
    this.whenFree(() => (way.dataset.key === "ArrowLeft" ? this.previous() : this.next()));
  }

  // Enter: the next five that was not seen, else decide and go on.
  async forward(submitter = null) {
    const { sheet } = this;
    if (!sheet || sheet.openUnseen()) return;
    const problem = sheet.problem(submitter);
    if (problem) return sheet.refuse(this.dataset[problem]);
    await this.outbox.put(sheet.decision(this.#presence.take(), submitter), this.journal.keyOf(sheet.handle));
    this.journal.forget(sheet.handle);
    this.#after(sheet);
  }

  // →: among one's decisions the next, else leave this case for later.
  async next() {
    const { sheet } = this;
    if (!sheet) return;
    if (sheet.isDecided) {
      const found = await this.#fetch(`following?after=${sheet.handle}`);
      return found instanceof HTMLElement ? this.#show(found) : this.#onwards();
    }
    await this.outbox.put({ id: newId(), assignment: sheet.handle, address: sheet.later, page: this.#page, body: [] });
    this.#onwards();
  }

  // A note for other experts stays with the case; passing it on is the end of it here.
  async #talk(form, submitter) {
    const { sheet } = this;
    const isPass = submitter.value === "pass";
    const body = [...new FormData(form, submitter)].map(([name, value]) => [name, String(value)]);
    const id = newId();
    const said = body.filter(([name]) => name !== "id").concat([["id", id]]);
    const address = submitter.getAttribute("formaction") ?? form.action;
    await this.outbox.put({ id, assignment: isPass ? sheet.handle : `talk-${sheet.handle}`, address, page: sheet.address, body: said });
    form.reset();
    sheet.closePopups();
    if (isPass) this.#onwards();
  }

  // ←: the decision before this one; what is chosen here stays chosen.
  async previous() {
    const { sheet } = this;
    await this.outbox.settled();
    const found = await this.#fetch(`previous${sheet ? `?before=${sheet.handle}` : ""}`);
    if (!(found instanceof HTMLElement)) return this.#say(found ? this.dataset.first : this.dataset.offline);
    if (sheet && !sheet.isDecided) this.#queue.unshift(sheet);
    this.#show(found);
  }

  // A blind answer opens the votes on the same case; every other one goes on.
  #after(sheet) {
    if (!sheet.leadsToReveal) return this.#onwards();
    sheet.inert = true;
    this.#wait(() => (this.outbox.unsent.some((item) => item.assignment === sheet.handle) ? null : this.#fetch(sheet.reveal)));
  }

  #onwards() {
    if (this.#queue.length) return this.#show(this.#queue.shift());
    if (this.sheet) this.sheet.inert = true;
    this.#wait(() => this.#fill());
  }

  #show(sheet) {
    this.#waiting = null;
    this.#part("between").hidden = true;
    if (this.sheet !== sheet) this.sheet?.remove();
    if (this.sheet !== sheet) this.prepend(sheet);
    sheet.inert = false;
    this.#queue = this.#queue.filter((other) => other !== sheet);
    this.#presence.take();
    sheet.focus({ preventScroll: true });
    scrollTo(0, 0);
    history.replaceState(null, "", sheet.address);
    this.#say(sheet.querySelector("h1").textContent);
    this.#fill();
  }

  // Until what comes next is here: a reveal, or the next case. Where none is to come, the server says why on its page.
  async #wait(find) {
    const waiting = (this.#waiting = {});
    const word = setTimeout(() => this.#waiting === waiting && this.#between(this.dataset.saving), QUIET);
    for (let pause = FIRST_PAUSE; this.#waiting === waiting; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      await this.outbox.settled();
      const found = await find();
      if (this.#waiting !== waiting) break;
      if (found instanceof HTMLElement) this.#show(found);
      else if (found === NOTHING && !this.outbox.unsent.length) return location.assign(this.#page);
      else {
        clearTimeout(word);
        this.#between(found ? this.dataset.saving : this.dataset.offline);
        await this.#orOnline(pause);
      }
    }
    clearTimeout(word);
  }

  #between(words) {
    this.sheet?.remove();
    this.#part("between").hidden = false;
    this.#part("between-text").textContent = words;
  }

  // A pause that the return of the connection ends.
  #orOnline(milliseconds) {
    return new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
      addEventListener("online", resolve, { once: true });
      this.outbox.addEventListener("acknowledged", resolve, { once: true });
    });
  }

  // Have the next case here before it is asked for; gives it, or why there is none.
  #fill() {
    this.#filling ??= this.#fetchAhead().finally(() => (this.#filling = null));
    return this.#filling;
  }

  async #fetchAhead() {
    if (this.#queue.length) return this.#queue[0];
    const sheet = this.#waiting ? null : this.sheet;
    const held = [sheet?.handle, ...this.outbox.unsent.map((item) => item.assignment)].filter(Boolean);
    const found = await this.#fetch(`ahead?held=${[...new Set(held)].join(".")}`);
    if (found instanceof HTMLElement && found.handle !== this.sheet?.handle) this.#queue.push(found);
    if (found) this.outbox.retry(); // the server is there
    return found;
  }

  // A case that the server rendered, its picture decoded; NOTHING where it has none, null without a connection or session.
  async #fetch(path) {
    const base = path.startsWith("/") ? "" : `${this.dataset.address}/`;
    const query = path.startsWith("/") ? "" : this.dataset.query;
    const address = `${base}${path}${path.includes("?") ? "&" : "?"}fragment=true&${query}`;
    const response = await fetch(address).catch(() => null);
    if (response && new URL(response.url).pathname === "/sign-in") {
      if (!this.outbox.unsent.length) location.assign(this.dataset.signIn);
      return null;
    }
    if (response?.status === 204) return NOTHING;
    if (!response?.ok) return null;
    const html = await response.text().catch(() => "");
    const sheet = this.shelf.put(html)[0]?.sheet;
    if (!sheet) return null;
    this.#attach(sheet);
    await sheet.prefetch();
    return sheet;
  }

  #onAcknowledged(answer) {
    const thread = answer.discussion && this.querySelector(`[data-discussion="${answer.assignment}"]`);
    if (thread) thread.outerHTML = answer.discussion;
    for (const name of ["decided", "disputed"]) {
      if (name in answer) document.getElementById(`n-${name}`).textContent = number(Number(answer[name]));
    }
  }

  #onRefused(item) {
    const sheet = [this.sheet, ...this.#queue].find((one) => one?.handle === item.assignment);
    if (!sheet || this.#waiting) return location.assign(item.page);
    sheet.refuse(item.problems.join(" "));
  }

  #tell() {
    this.dataset.unsent = this.outbox.unsent.length;
    document.dispatchEvent(new CustomEvent("outbox", { detail: { outbox: this.outbox, signIn: this.dataset.signIn } }));
  }

  #say(news) {
    this.#part("news").textContent = news;
  }

  get #page() {
    return this.dataset.address + (this.dataset.query ? `?${this.dataset.query}` : "");
  }

  #part(name) {
    return this.querySelector(`:scope > [data-part=${name}]`) ?? this.querySelector(`[data-part=${name}]`);
  }
}

customElements.define("refine-desk", RefineDesk);

// Listen to the keys, and to the buttons that open dialogs.
export function begin() {
  const desk = document.querySelector("refine-desk");
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    if (opener.dataset.opens === "zoom") document.querySelector("zoom-view").show(desk.sheet.picture);
    document.getElementById(opener.dataset.opens).showModal();
  });
  listen(desk);
}
