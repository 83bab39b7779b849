// The journal of choices: what stands on each sheet that is not saved yet, by its handle, in the browser's own store. A choice is written here
// first and shown once its transaction is complete, so that whatever is seen as chosen is there after a reload, a killed tab or a lost session.
import { store } from "./store.js";

const LONGEST = 30 * 86_400_000; // choices that nobody came back to for so long are about a picture that somebody else has

export class Journal {
  #owner;
  #tabs;
  #entries = new Map();

  // `tabs` carries each entry to the other tabs of this person.
  constructor(person, workspace, tabs) {
    this.#owner = `${workspace}:${person}`;
    this.#tabs = tabs;
    tabs.addEventListener("choices", ({ detail }) => this.#entries.set(detail.assignment, detail));
  }

  async open() {
    const rows = (await store.all("choices")) ?? [];
    const [old, fresh] = [true, false].map((isOld) => rows.filter((row) => Date.now() - row.at > LONGEST === isOld));
    fresh.filter((row) => row.owner === this.#owner).forEach((row) => this.#entries.set(row.assignment, row));
    if (old.length) await store.write(["choices"], ({ choices }) => old.forEach((row) => choices.delete(row.key)));
  }

  keyOf(handle) {
    return `${this.#owner}:${handle}`;
  }

  // What was chosen on a sheet in an earlier visit or another tab stands on it again; what is chosen from now on is kept. `before` is called
  // first each time.
  attach(sheet, before) {
    sheet.keep = (choices) => {
      before();
      return choices ? this.write(sheet.handle, sheet.standing(choices)) : this.#writeTimes(sheet.handle, sheet.standing());
    };
    const entry = this.of(sheet.handle);
    if (entry && !sheet.restore(entry)) this.drop(sheet.handle);
  }

  of(handle) {
    return this.#entries.get(handle);
  }

  // Resolves once it is kept. Where nothing can be kept it resolves in the next task: a box whose click was taken back has settled by then.
  async write(handle, standing) {
    const entry = this.#entry(handle, standing);
    this.#entries.set(handle, entry);
    if (await store.write(["choices"], ({ choices }) => choices.put(entry))) this.#tabs.tell("choices", entry);
    else await new Promise((resolve) => setTimeout(resolve));
  }

  // A five was looked at: what is chosen stands as it was kept last, perhaps by another tab, or by a key whose choice does not show yet.
  async #writeTimes(handle, standing) {
    const fresh = this.#entry(handle, standing);
    await store.change("choices", fresh.key, (kept) => {
      const entry = kept?.choices ? { ...fresh, choices: kept.choices } : fresh;
      this.#entries.set(handle, entry);
      return entry;
    });
  }

  // The sheet was saved: the outbox took its choices out of the store.
  forget(handle) {
    this.#entries.delete(handle);
  }

  async drop(handle) {
    this.forget(handle);
    await store.write(["choices"], ({ choices }) => choices.delete(this.keyOf(handle)));
  }

  // The row of the store: the handle is called `assignment` there.
  #entry(handle, standing) {
    return { ...standing, key: this.keyOf(handle), owner: this.#owner, assignment: handle, at: Date.now() };
  }
}
