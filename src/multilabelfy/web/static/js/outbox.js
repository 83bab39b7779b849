// Keep what a person said until the server acknowledges it: in the browser's own store where there is one, over reloads and lost
// connections. Each item is one POST with an id made here; the server applies an id once, so that sending again is safe.

const NAME = "multilabelfy-outbox";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

export class Outbox extends EventTarget {
  #person;
  #items = [];
  #database = null;
  #wait = FIRST_WAIT;
  #timer = null;
  #sending = null;
  state = "saved"; // saved, saving, kept (no connection), signed-out

  constructor(person) {
    super();
    this.#person = person;
    addEventListener("online", () => this.#soon(0));
    addEventListener("focus", () => this.state === "signed-out" && this.#soon(0));
    addEventListener("beforeunload", (event) => this.#isAtRisk && event.preventDefault());
  }

  // Read what an earlier visit of this person left, and send it.
  async open() {
    try {
      this.#database = await opened(indexedDB.open(NAME, 1));
      const all = await done(this.#table("readonly").getAll());
      this.#items.unshift(...all.filter((item) => item.person === this.#person));
    } catch {
      this.#database = null; // a private window or a full disk: the answers wait in memory, and leaving the page asks
    }
    this.#tell();
    if (this.unsent.length) this.#soon(0);
  }

  get unsent() {
    return this.#items.filter((item) => !item.problems);
  }

  get refused() {
    return this.#items.filter((item) => item.problems);
  }

  // Resolves once the item is in the browser's store; sending begins at once and goes on until the server acknowledges it.
  async put(item) {
    const kept = { ...item, person: this.#person, given: Date.now() };
    this.#forget((old) => old.problems && old.assignment === item.assignment);
    this.#items.push(kept);
    this.#tell();
    if (this.#database) await done(this.#table("readwrite").put(kept)).catch(() => {});
    this.#soon(0);
  }

  // Do not wait any longer with what waits.
  retry() {
    if (this.unsent.length) this.#soon(0);
  }

  // Resolves when nothing waits, or when an attempt to send has failed.
  async settled() {
    while (this.#sending) await this.#sending;
  }

  // What the browser's store holds, or what is on its way this very moment, needs no question when the page is left.
  get #isAtRisk() {
    return this.unsent.length > 0 && (!this.#database || this.state === "kept" || this.state === "signed-out");
  }

  #soon(wait) {
    clearTimeout(this.#timer);
    if (wait) this.#timer = setTimeout(() => this.#send(), wait);
    else this.#send();
  }

  #send() {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
      this.#tell();
      if (this.unsent.length) this.#soon(this.#wait);
    });
  }

  async #sendAll() {
    while (this.unsent.length) {
      if (this.state === "saved") this.#tell("saving");
      const outcome = await this.#post(this.unsent[0]);
      if (outcome !== "done") {
        this.#tell(outcome);
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
        return;
      }
      this.#wait = FIRST_WAIT;
    }
    this.#tell("saved");
  }

  async #post(item) {
    const body = new URLSearchParams(item.body);
    body.set("age", Math.max(0, Date.now() - item.given));
    const request = { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true, signal: AbortSignal.timeout(20_000) };
    let response, answer;
    try {
      response = await fetch(item.address, request);
      answer = await response.json();
    } catch {
      return "kept";
    }
    if (response.status === 401) return "signed-out";
    if (response.status >= 500 || response.status === 429 || response.status === 408) return "kept";
    if (response.ok) {
      this.#forget((old) => old.id === item.id);
      this.dispatchEvent(new CustomEvent("acknowledged", { detail: { item, answer } }));
    } else {
      this.#refuse(item, answer);
    }
    return "done";
  }

  #refuse(item, answer) {
    const problems = Object.values(answer.problems ?? {});
    item.problems = problems.length ? problems : [answer.error];
    if (this.#database) done(this.#table("readwrite").put(item)).catch(() => {});
    this.dispatchEvent(new CustomEvent("refused", { detail: { item } }));
  }

  #forget(which) {
    for (const item of this.#items.filter(which)) {
      this.#items.splice(this.#items.indexOf(item), 1);
      if (this.#database) done(this.#table("readwrite").delete(item.id)).catch(() => {});
    }
  }

  #tell(state = this.unsent.length ? this.state : "saved") {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }

  #table(mode) {
    return this.#database.transaction("items", mode).objectStore("items");
  }
}

// An id for one answer; crypto.randomUUID exists on https and on this machine alone.
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function opened(request) {
  request.onupgradeneeded = () => request.result.createObjectStore("items", { keyPath: "id" });
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}

// The result of a request once its transaction is complete.
function done(request) {
  return new Promise((resolve, reject) => {
    request.transaction.oncomplete = () => resolve(request.result);
    request.transaction.onerror = request.transaction.onabort = () => reject(request.transaction.error);
  });
}
