// The browser's own store: one database for the journal of choices, the outbox of answers and what is answered, so that one transaction moves
// a sheet from one to the next. Where there is none (a private window) or it is full, `problem` says so and those who use it go on in memory.
//
// A transaction that is complete survives a killed tab and a killed browser. Whether it survives a power cut in the next seconds, too, is its
// durability: docs/decisions/0014-a-choice-is-kept-before-it-shows.md says where we ask for which.

const NAME = "multilabelfy-outbox";
const VERSION = 3; // version 1 had the items alone, version 2 no answered
const LONGEST = 5_000; // a store that takes longer for one write is treated as one that is not there

class BrowserStore extends EventTarget {
  #database = null;
  #opening = null;
  problem = ""; // "none": this browser keeps nothing; "full": it has no room left

  open() {
    return (this.#opening ??= this.#open());
  }

  // All rows of a table; null where they cannot be read.
  async all(table) {
    await this.open();
    try {
      const request = this.#database.transaction(table).objectStore(table).getAll();
      await inTime(completed(request.transaction));
      return request.result;
    } catch {
      return null;
    }
  }

  // One transaction over some tables: `act` gets them by name. Resolves once it is complete, and says whether what was written is kept.
  async write(tables, act, durability = "relaxed") {
    try {
      const transaction = this.#database.transaction(tables, "readwrite", { durability });
      const complete = completed(transaction);
      act(Object.fromEntries(tables.map((table) => [table, transaction.objectStore(table)])));
      transaction.commit();
      await inTime(complete);
      this.#say("");
      return true;
    } catch (error) {
      if (error?.name === "InvalidStateError") this.#reopen();
      this.#say(error?.name === "QuotaExceededError" ? "full" : "none");
      return false;
    }
  }

  // One row replaced by what `change` makes of it (undefined where there is none), in one transaction; says whether it is kept.
  async change(table, key, change) {
    try {
      const transaction = this.#database.transaction(table, "readwrite", { durability: "relaxed" });
      const complete = completed(transaction);
      const rows = transaction.objectStore(table);
      rows.get(key).onsuccess = ({ target }) => rows.put(change(target.result));
      await inTime(complete);
      return true;
    } catch {
      return false; // the next write says what is wrong with the store
    }
  }

  async #open() {
    try {
      this.#database = await opened();
      this.#database.onversionchange = () => this.#database.close();
      this.#database.onclose = () => this.#onLost();
      this.#say("");
    } catch (error) {
      this.#say(error?.name === "QuotaExceededError" ? "full" : "none");
    }
  }

  // The browser took its store away (somebody cleared this site's data): whoever has something in memory puts it there again.
  async #onLost() {
    await this.#reopen();
    this.dispatchEvent(new Event("lost"));
  }

  #reopen() {
    this.#opening = this.#open();
    return this.#opening;
  }

  #say(problem) {
    if (this.problem === problem) return;
    this.problem = problem;
    this.dispatchEvent(new Event("change"));
  }
}

// The one store of a page.
export const store = new BrowserStore();

function opened() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const tables = { items: "id", choices: "key", answered: "key" };
    for (const [table, keyPath] of Object.entries(tables)) {
      if (!request.result.objectStoreNames.contains(table)) request.result.createObjectStore(table, { keyPath });
    }
  };
  return inTime(
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }),
  );
}

function completed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

async function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("the browser's store does not answer")), LONGEST)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
