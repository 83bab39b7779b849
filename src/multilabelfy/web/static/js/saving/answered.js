// What the server acknowledged, by its handle, in the browser's own store: a sheet that is held to go on without a connection is not asked again
// once it was answered, even where the word to let go of it never arrived.
import { store } from "./store.js";

const LONGEST = 30 * 86_400_000; // a sheet that was held for so long is somebody else's
const MOST = 1_000; // many times what a browser holds

export class Answered {
  #owner;
  #moments = new Map();

  constructor(owner) {
    this.#owner = owner;
  }

  async open() {
    const rows = ((await store.all("answered")) ?? []).sort((a, b) => b.at - a.at);
    const own = rows.filter((row) => row.owner === this.#owner);
    own.forEach((row) => this.#moments.set(row.handle, row.at));
    const old = [...own.slice(MOST), ...rows.filter((row) => Date.now() - row.at > LONGEST)];
    if (old.length) await store.write(["answered"], ({ answered }) => old.forEach((row) => answered.delete(row.key)));
  }

  // The rows to be written for these items; what was left for later (it has no body) may come again.
  add(items) {
    const at = Date.now();
    const handles = items.filter((item) => item.body.length).map((item) => item.assignment);
    handles.forEach((handle) => this.#moments.set(handle, at));
    return handles.map((handle) => ({ key: `${this.#owner}:${handle}`, owner: this.#owner, handle, at }));
  }

  isSince(handle, moment) {
    return this.#moments.get(handle) >= moment || Date.now() - moment > LONGEST;
  }
}
