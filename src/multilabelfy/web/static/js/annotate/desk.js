// The desk of an annotator: the sheet in view, those that wait, those that were answered, and the way between them. A save never blocks the
// next picture: the answer goes to the outbox, which sends it until the server acknowledges it.
import { Journal } from "../saving/journal.js";
import { newId, Outbox } from "../saving/outbox.js";
import { pauseOrOnline } from "../desk/pause.js";
import { Presence } from "../desk/presence.js";
import { released } from "../page/press.js";
import { followProgress } from "./progress.js";
import { Provisions } from "../saving/provisions.js";
import { Queue } from "./queue.js";
import { whenQuiet } from "../page/quiet.js";
import { Shelf } from "../desk/shelf.js";
import { Trail } from "./trail.js";
import { _ } from "../page/words.js";

const READY = 3;
const LONG_STRETCH = 50 * 60_000; // after so much work without a break the page offers one
const LONGEST_PAUSE = 5_000;

class AnnotateDesk extends HTMLElement {
  #queue = new Queue();
  #trail = new Trail();
  #elsewhere = new Set(); // what other tabs answered: a sheet that was on its way here meanwhile comes too late
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
    this.provisions = new Provisions(this.dataset);
    if (this.sheet?.dataset.answered === "no") this.provisions.hold(this.sheet, this.sheet.outerHTML);
    followProgress(this.outbox);
    this.outbox.addEventListener("change", () => this.#tell());
    this.outbox.addEventListener("acknowledged", ({ detail }) => this.provisions.drop(detail.item.assignment));
    this.outbox.addEventListener("refused", ({ detail }) => this.#onRefused(detail.item));
    const { tabs } = this.outbox;
    tabs.addEventListener("choices", ({ detail }) => this.#onChoicesElsewhere(detail));
    tabs.addEventListener("answered", ({ detail }) => this.#onAnsweredElsewhere(detail.assignment));
    addEventListener("beforeunload", (event) => this.#isAtRisk && event.preventDefault());
    addEventListener("pageshow", (event) => event.persisted && location.reload()); // a page that slept does not know what others did
    this.addEventListener("submit", (event) => this.#onSubmit(event));
    this.addEventListener("click", (event) => this.#onClick(event));
    this.whenFree(() => this.#start());
  }

  get sheet() {
    return this.querySelector(":scope > answer-sheet");
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

  // The panel shows once what was chosen here before is known: nobody acts on a sheet that looks empty and is not (annotate.css).
  async #start() {
    await Promise.all([this.outbox.open(), this.journal.open()]);
    const given = this.outbox.unsent.map((item) => item.assignment);
    const sheet = this.sheet;
    const isGiven = !sheet || (given.includes(sheet.assignment) && !sheet.isAnswered && !this.journal.of(sheet.assignment));
    if (sheet?.isAnswered) this.#trail.remember(sheet);
    if (sheet) this.#attach(sheet);
    if (!isGiven) this.#show(sheet);
    const ahead = [...this.querySelectorAll("template.ahead")];
    this.#takeIn(ahead.map((template) => template.innerHTML).join(""), given);
    ahead.forEach((template) => template.remove());
    this.provisions.begin();
    if (isGiven) await this.#onwards();
    else whenQuiet(() => this.#fill());
    this.dataset.ready = "";
  }

  #attach(sheet) {
    this.journal.attach(sheet, () => sheet === this.sheet && sheet.addPresence(this.#presence.take()));
  }

  #onSubmit(event) {
    event.preventDefault();
    if (event.target.matches("form.answer")) this.whenFree(() => this.forward());
  }

  #onClick(event) {
    const way = event.target.closest("[data-key=ArrowLeft], [data-key=ArrowRight]");
    if (!way) return;
    event.preventDefault();
    this.whenFree(() => (way.dataset.key === "ArrowLeft" ? this.previous() : this.next()));
  }

  // Enter: the next five that was not seen, else save and go on.
  async forward() {
    await this.#chosen();
    if (!this.sheet || this.sheet.openUnseen()) return;
    if (await this.#save()) await ("practice" in this.sheet.dataset ? this.#compare() : this.#onwards());
  }

  // After a practice picture comes what was right, on a page of the server's; without a connection the next picture.
  async #compare() {
    const { form } = this.sheet;
    await this.outbox.settled();
    if (this.outbox.refused.length) return;
    if (this.outbox.unsent.length) return this.#onwards();
    location.assign(`${form.action}/feedback`);
  }

  // →: among one's answers the next, else leave this picture for later.
  async next() {
    await this.#chosen();
    const sheet = this.sheet;
    if (!sheet) return;
    if (sheet.isAnswered) return (await this.#save()) && this.#onwards();
    this.#queue.leave(sheet);
    const address = `${this.dataset.address}/${sheet.assignment}/later`;
    await this.outbox.put({ id: newId(), assignment: sheet.assignment, address, page: this.dataset.address, body: [] });
    await this.#onwards();
  }

  // ←: the answer before this one; what is chosen here stays chosen.
  async previous() {
    await this.#chosen();
    const sheet = this.sheet;
    if (sheet?.isAnswered && !(await this.#save())) return;
    const before = this.#trail.before(sheet?.assignment);
    const found = before ? await this.#recall(before) : await this.#fetchBefore(this.#trail.first ?? sheet?.assignment);
    if (!found) return this.#say(_("There is no answer of yours before this one."));
    if (sheet && !sheet.isAnswered) this.#queue.unshift(sheet);
    this.#show(found);
  }

  // Put the answer into the outbox if there is anything new in it; says whether it may be left.
  async #save() {
    const sheet = this.sheet;
    if (sheet.isAnswered && !sheet.isChanged) {
      if (this.journal.of(sheet.assignment)) await this.journal.drop(sheet.assignment); // changed, and changed back
      return true;
    }
    const problem = sheet.problem();
    if (problem) {
      sheet.refuse(this.dataset[problem]);
      return false;
    }
    sheet.addPresence(this.#presence.take());
    this.journal.forget(sheet.assignment);
    await this.outbox.put(sheet.answer(), this.journal.keyOf(sheet.assignment));
    this.outbox.tabs.tell("answered", { assignment: sheet.assignment });
    sheet.markSaved();
    this.#trail.remember(sheet);
    return true;
  }

  // Until every choice that was made here is kept.
  async #chosen() {
    while (this.sheet?.settled) await this.sheet.settled;
  }

  // Show the next answer of the trail, else the next picture.
  async #onwards() {
    const after = this.#trail.after(this.sheet?.assignment);
    if (after) this.#show((await this.#recall(after)) ?? this.sheet);
    else if (this.#queue.length) this.#goOn();
    else this.#wait(); // not awaited: one may go back meanwhile
  }

  #show(sheet) {
    const present = this.#presence.take();
    if (this.sheet !== sheet && !this.sheet?.isAnswered) this.sheet?.addPresence(present);
    this.#waiting = null;
    this.#part("between").hidden = true;
    if (this.sheet !== sheet) this.sheet?.remove();
    if (this.sheet !== sheet) this.prepend(sheet);
    sheet.shown();
    scrollTo(0, 0);
    history.replaceState(null, "", `${this.dataset.address}/${sheet.assignment}`);
    this.#say(sheet.isAnswered ? _("Your answer to an earlier picture.") : _("Next picture."));
    this.#part("rest").hidden = this.#presence.stretch < LONG_STRETCH;
  }

  // Nothing is ready: wait for what is on its way; where nothing comes, the server knows why and says so on its page. Keys do not queue
  // for a picture that nobody sees yet.
  async #wait() {
    const waiting = (this.#waiting = {});
    this.sheet?.remove();
    this.#part("between").hidden = false;
    this.#part("between-text").textContent = _("The next picture is on its way.");
    for (let pause = 500; this.#waiting === waiting; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      await this.outbox.settled();
      const came = await this.#fill();
      await Promise.race([this.#queue.first?.prefetch(), new Promise((resolve) => setTimeout(resolve, LONGEST_PAUSE))]);
      if (this.#waiting !== waiting) return;
      if (this.#queue.length) return this.#goOn();
      if (came && !this.outbox.unsent.length) return location.assign(this.dataset.address);
      if (!came) this.#part("between-text").textContent = this.outbox.state === "signed-out" ? this.dataset.ended : this.dataset.offline;
      await pauseOrOnline(pause, this.outbox);
    }
  }

  #goOn() {
    this.#show(this.#queue.shift());
    this.#fill();
  }

  // Have the next pictures here before they are asked for; says whether the server answered.
  #fill() {
    this.#filling ??= this.#fetchAhead().finally(() => (this.#filling = null));
    return this.#filling;
  }

  async #fetchAhead() {
    if (this.#queue.length >= READY) return true;
    await this.outbox.settled();
    const unsent = this.outbox.unsent.map((item) => item.assignment);
    const held = [this.sheet?.assignment, ...this.#queue.assignments, ...unsent].filter(Boolean);
    try {
      const response = await fetch(`${this.dataset.address}/ahead?held=${[...new Set(held)].join(".")}`);
      if (response.redirected && !this.outbox.unsent.length) location.assign(this.dataset.signIn);
      if (!response.ok || response.redirected) return false;
      this.#takeIn(await response.text());
      this.outbox.retry(); // the server is there
      return true;
    } catch {
      return false;
    }
  }

  // Sheets that the server rendered; those in `given` are on their way back to it.
  #takeIn(html, given = []) {
    const there = new Set([this.sheet?.assignment, ...this.#queue.assignments, ...given, ...this.#elsewhere]);
    for (const { sheet: fresh, text } of this.shelf.put(html)) {
      if (there.has(fresh.assignment)) {
        fresh.remove();
        continue;
      }
      const sheet = this.#queue.push(fresh);
      this.#attach(sheet);
      this.provisions.hold(sheet, text);
      sheet.prefetch();
    }
  }

  async #recall(assignment) {
    return this.#trail.sheet(assignment) ?? this.#fetchSheet(`${this.dataset.address}/${assignment}/sheet`);
  }

  async #fetchBefore(assignment) {
    const sheet = await this.#fetchSheet(`${this.dataset.address}/previous?sheet=true${assignment ? `&before=${assignment}` : ""}`);
    if (sheet) this.#trail.lead(sheet.assignment);
    return sheet;
  }

  async #fetchSheet(address) {
    const response = await fetch(address).catch(() => null);
    if (!response?.ok || response.status === 204) return null;
    const [{ sheet }] = this.shelf.put(await response.text());
    this.#attach(sheet);
    await sheet.prefetch();
    return sheet;
  }

  #onRefused(item) {
    const sheet = this.sheet?.assignment === item.assignment ? this.sheet : this.#trail.sheet(item.assignment);
    sheet?.refuse(item.problems.join(" "));
  }

  // Another tab has the same picture: both show the same choices.
  async #onChoicesElsewhere(entry) {
    const { assignment } = entry;
    const here = this.sheet?.assignment === assignment ? this.sheet : null;
    const sheet = here ?? this.#queue.find(assignment) ?? this.#trail.sheet(assignment);
    await sheet?.settled;
    sheet?.restore(entry);
  }

  // Another tab saved a picture that waits here, or is in view: it is not asked again.
  #onAnsweredElsewhere(assignment) {
    this.#elsewhere.add(assignment);
    this.journal.forget(assignment);
    this.#queue.forget(assignment);
    this.whenFree(async () => {
      await released();
      if (this.sheet?.assignment === assignment && !this.sheet.isAnswered) await this.#onwards();
    });
  }

  // Choices that only this page's memory has.
  get #isAtRisk() {
    return Boolean(this.outbox.problem && this.sheet?.isChanged);
  }

  #tell() {
    this.dataset.unsent = this.outbox.unsent.length;
    document.dispatchEvent(new CustomEvent("outbox", { detail: { outbox: this.outbox, signIn: this.dataset.signIn } }));
  }

  #say(news) {
    this.#part("news").textContent = news;
  }

  #part(name) {
    return this.querySelector(`:scope > [data-part=${name}]`) ?? this.querySelector(`[data-part=${name}]`);
  }
}

customElements.define("annotate-desk", AnnotateDesk);
