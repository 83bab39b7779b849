// Keep a person's answers until the server acknowledges them: in the browser's own store where there is one, over reloads, second tabs and lost
// connections. Each item is one POST with an id made here; the server applies an id once, so that sending again is safe.
import { Answered } from "./answered.js";
import { store } from "./store.js";
import { Tabs } from "./tabs.js";
import { inTurn, TAKEN } from "./turn.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

export class Outbox extends EventTarget {
  #person;
  #workspace;
  #items = [];
  #loose = new Set(); // ids that are in memory alone
  #gone = new Set(); // ids that this tab knows to be acknowledged
  #choices = new Map(); // the journal's key of the choices that an item was made of, until both are settled
  #answered; // what the server acknowledged
  #moments = new Map(); // when an item was given, by a clock that nobody sets
  #wait = FIRST_WAIT;
  #timer = null;
  #sending = null;
  state = "saved"; // saved, saving, kept (no connection), signed-out
  held = null; // what the page has, where it wants more: the last answer that is sent asks for it

  constructor(person, workspace = "") {
    super();
    this.#person = person;
    this.#workspace = workspace;
    this.#answered = new Answered(`${workspace}:${person}`);
    this.tabs = new Tabs(this.#name);
    this.tabs.addEventListener("outbox", ({ detail }) => this.#onOtherTab(detail.state));
    this.tabs.addEventListener("acknowledged", ({ detail }) => this.dispatchEvent(new CustomEvent("acknowledged", { detail })));
    store.addEventListener("change", () => this.#show());
    store.addEventListener("lost", () => this.#keepAgain());
    addEventListener("online", () => this.#soon(0));
    addEventListener("focus", () => this.state === "signed-out" && this.#soon(0));
    addEventListener("beforeunload", (event) => this.isAtRisk && event.preventDefault());
  }

  // Read what an earlier visit of this person left, and send it.
  async open() {
    await this.#refresh();
    await this.#answered.open(); // after the items: what moves from there to here meanwhile is seen in one of them
    this.#show();
    this.#soon(0);
  }

  // Whether a sheet was answered after a moment, and the server has acknowledged it.
  isAnsweredSince(handle, moment) {
    return this.#answered.isSince(handle, moment);
  }

  get unsent() {
    return this.#items.filter((item) => !item.problems);
  }

  get refused() {
    return this.#items.filter((item) => item.problems);
  }

  // Whether this browser keeps what it is given: "" where it does, "none" or "full" where not.
  get problem() {
    return store.problem;
  }

  // What the browser's store holds is there after the page is left; what is in memory alone is not.
  get isAtRisk() {
    return this.unsent.some((item) => this.#loose.has(item.id));
  }

  // Resolves once the item is in the browser's store, and the choices that it was made of (`choices`, their key in the journal) are out of it,
  // in one transaction. Sending begins at once and goes on until the server acknowledges it.
  async put(item, choices = null) {
    const kept = { ...item, person: this.#person, workspace: this.#workspace, given: Date.now(), order: this.#nextPlace };
    const outdated = this.refused.filter((old) => old.assignment === item.assignment);
    this.#moments.set(kept.id, performance.now());
    this.#choices.set(kept.id, choices);
    this.#loose.add(kept.id);
    this.#items = [...this.#items.filter((old) => !outdated.includes(old)), kept];
    this.#tell();
    await this.#keep(kept, outdated);
    this.#soon(0);
  }

  // Take items that the server refused out of this browser for good.
  async remove(items) {
    await this.#forget(items);
    this.#tell();
  }

  // Send what is waiting without further delay.
  retry() {
    this.#soon(0);
  }

  // Resolves when nothing is waiting, when an attempt to send has failed, or when another tab is sending.
  async settled() {
    while (this.#sending) await this.#sending;
  }

  get #name() {
    return `multilabelfy-outbox:${this.#workspace}:${this.#person}`;
  }

  // Answers leave in the order in which they were given: a revision after what it revises.
  get #nextPlace() {
    return Math.max(Date.now(), 1 + Math.max(0, ...this.#items.map(placeOf)));
  }

  async #keep(item, outdated = []) {
    const choices = this.#choices.get(item.id);
    const isKept = await store.write(["items", "choices"], (tables) => {
      tables.items.put(item);
      outdated.forEach((old) => tables.items.delete(old.id));
      if (choices) tables.choices.delete(choices);
    });
    if (!isKept) return;
    this.#loose.delete(item.id);
    this.#choices.delete(item.id);
    if (this.#gone.has(item.id)) await this.#forget([item]); // it was acknowledged meanwhile
  }

  async #keepAgain() {
    this.#items.forEach((item) => this.#loose.add(item.id));
    await Promise.all(this.#items.map((item) => this.#keep(item)));
  }

  // What the store holds now: other tabs put things there and take them out.
  async #refresh() {
    const rows = await store.all("items");
    if (!rows) return;
    const here = new Map(this.#items.map((item) => [item.id, item]));
    const kept = rows.filter((row) => this.#isMine(row)).map((row) => Object.assign(here.get(row.id) ?? {}, row));
    const ids = new Set(kept.map((item) => item.id));
    const loose = this.#items.filter((item) => this.#loose.has(item.id) && !ids.has(item.id));
    this.#answered.add(this.unsent.filter((item) => !this.#loose.has(item.id) && !ids.has(item.id))); // acknowledged in another tab
    this.#items = [...kept, ...loose].sort((a, b) => placeOf(a) - placeOf(b));
  }

  // An item without a workspace is from before workspaces were told apart.
  #isMine(row) {
    const isHere = !row.workspace || !this.#workspace || row.workspace === this.#workspace;
    return row.person === this.#person && isHere && !this.#gone.has(row.id);
  }

  async #onOtherTab(state) {
    await this.#refresh();
    if (this.#sending) return;
    this.#show(state === "saved" ? this.state : state);
    this.#soon(this.#wait); // should that tab die, its answers leave from here
  }

  #soon(wait) {
    clearTimeout(this.#timer);
    if (!this.unsent.length) return;
    if (wait) this.#timer = setTimeout(() => this.#send(), wait);
    else this.#send();
  }

  #send() {
    this.#sending ??= this.#sendInTurn().finally(() => {
      this.#sending = null;
      this.#show();
      this.#soon(this.#wait);
    });
  }

  async #sendInTurn() {
    const outcome = await inTurn(this.#name, () => this.#sendAll());
    if (outcome === TAKEN) this.#show(this.state === "saved" ? "saving" : this.state);
  }

  async #sendAll() {
    await this.#refresh();
    await Promise.all(this.#items.filter((item) => this.#loose.has(item.id)).map((item) => this.#keep(item)));
    while (this.unsent.length) {
      if (this.state === "saved") this.#tell("saving");
      const outcome = await this.#post(this.unsent[0]);
      if (outcome !== "done") {
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
        this.#tell(outcome);
        return this.#flush();
      }
      this.#wait = FIRST_WAIT;
    }
    this.#tell("saved");
  }

  // These answers are nowhere but here for now: have them on the disk, with all that was written before.
  #flush() {
    return store.write(["items"], ({ items }) => this.unsent.forEach((item) => items.put(item)), "strict");
  }

  async #post(item) {
    const body = new URLSearchParams(item.body);
    body.set("age", this.#ageOf(item));
    // Sent again, an answer asks for nothing but to be saved: what goes wrong with the sheets that follow never holds it up.
    const held = this.unsent.length === 1 && this.#wait === FIRST_WAIT ? this.held?.() : null;
    if (held) body.set("held", held);
    const request = { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true, signal: AbortSignal.timeout(20_000) };
    const asked = Date.now();
    let response, answer;
    try {
      response = await fetch(item.address, request);
      answer = await response.json();
    } catch {
      return "kept";
    }
    if (response.status === 401) return "signed-out";
    if (response.status >= 500 || response.status === 429 || response.status === 408) return "kept";
    if (response.ok) await this.#acknowledge(item, answer, asked);
    else await this.#refuse(item, answer);
    return "done";
  }

  // Milliseconds since the answer was given. A clock that was set back says less than the one that nobody sets, a lid that was closed makes
  // that one stand still: the larger is right, and the server lets no answer be older than its picture's hand-out.
  #ageOf(item) {
    const ticks = this.#moments.has(item.id) ? performance.now() - this.#moments.get(item.id) : 0;
    return Math.round(Math.max(0, ticks, Date.now() - item.given));
  }

  async #acknowledge(item, answer, asked) {
    await this.#forget([item], this.#answered.add([item]));
    const { ahead, ...saved } = answer; // the sheets ahead are for the page that asked
    const detail = { item: { id: item.id, assignment: item.assignment, page: item.page }, answer: saved };
    this.tabs.tell("acknowledged", detail);
    this.dispatchEvent(new CustomEvent("acknowledged", { detail: { ...detail, ahead, asked } }));
    if (this.unsent.length) this.#tell();
  }

  async #refuse(item, answer) {
    const problems = Object.values(answer.problems ?? {});
    item.problems = problems.length ? problems : [answer.error];
    await this.#keep(item);
    this.dispatchEvent(new CustomEvent("refused", { detail: { item } }));
  }

  // `answered` are rows to be written in the same transaction: wherever it breaks off, a sheet is in one of the tables.
  async #forget(items, answered = []) {
    const choices = items.map(({ id }) => this.#choices.get(id)).filter(Boolean);
    for (const { id } of items) {
      this.#gone.add(id);
      for (const known of [this.#loose, this.#choices, this.#moments]) known.delete(id);
    }
    this.#items = this.#items.filter((item) => !this.#gone.has(item.id));
    await store.write(["items", "choices", "answered"], (tables) => {
      items.forEach((item) => tables.items.delete(item.id));
      choices.forEach((key) => tables.choices.delete(key));
      answered.forEach((row) => tables.answered.put(row));
    });
  }

  // Something happened here: this page and the other tabs follow.
  #tell(state = this.state) {
    this.#show(state);
    this.tabs.tell("outbox", { state: this.state });
  }

  #show(state = this.state) {
    this.state = this.unsent.length ? state : "saved";
    this.dispatchEvent(new Event("change"));
  }
}

// An id for one answer; crypto.randomUUID exists on https and on this machine alone.
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function placeOf(item) {
  return item.order ?? item.given;
}
