// What supplies a desk: the sheets that are ready behind the one in view, those that lie on the shelf, and the way to the server for more.
import { PAGE_ASKED } from "../../saving/provisions.js";
import { Queue } from "./queue.js";
import { Shelf } from "./shelf.js";

export class Supply {
  #desk;
  #shelf;
  #queue = new Queue();
  #elsewhere = new Set(); // what other tabs answered: a sheet that was on its way here meanwhile comes too late
  #filling = null;

  constructor(desk) {
    this.#desk = desk;
    this.#shelf = new Shelf(desk.piece("shelf"));
  }

  get first() {
    return this.#queue.first;
  }

  // Resolves when a sheet that was asked for already is here; null where none was asked for.
  get coming() {
    return this.#filling && new Promise((resolve) => this.#filling.then(() => this.first && resolve()));
  }

  find(handle) {
    return this.#queue.find(handle);
  }

  // A sheet comes into view, or is not asked any more.
  forget(handle) {
    this.#queue.forget(handle);
  }

  // Back to the front: somebody goes back over earlier answers first.
  putBack(sheet) {
    this.#queue.unshift(sheet);
  }

  // Another tab has answered it.
  forgetForGood(handle) {
    this.#elsewhere.add(handle);
    this.forget(handle);
  }

  // What is here, for a server that is asked for more; null where nothing is lacking.
  get held() {
    if (this.#queue.length >= this.#desk.nReady) return null;
    const unsent = this.#desk.outbox.unsent.map((item) => item.assignment);
    return [...new Set([this.#desk.sheet?.handle, ...this.#queue.handles, ...unsent].filter(Boolean))].join(".");
  }

  // Sheets that the server rendered, each with its text; none where it has none, null without a connection or a session.
  async fetch(path) {
    const { outbox, dataset } = this.#desk;
    const response = await fetch(this.#desk.fragmentAt(path)).catch(() => null);
    if (response && new URL(response.url).pathname === new URL(dataset.signIn, location.href).pathname) {
      if (!outbox.unsent.length) location.assign(dataset.signIn);
      return null;
    }
    if (response?.status === 204) return [];
    const html = response?.ok ? await response.text().catch(() => null) : null;
    return html === null ? null : this.#shelf.put(html);
  }

  // One sheet to be shown at once, its picture decoded: undefined where there is none, null without a connection.
  async fetchOne(path) {
    const fetched = await this.fetch(path);
    if (!fetched?.length) return fetched && undefined;
    const [{ sheet }] = fetched;
    this.#desk.keeping.attach(sheet);
    await sheet.prefetch();
    return sheet;
  }

  // Have the next sheets here before they are asked for. Gives the first, or says whether the server answered.
  async fill() {
    this.#filling ??= this.#fetchAhead().finally(() => (this.#filling = null));
    const hasAnswered = await this.#filling;
    return this.first ?? hasAnswered;
  }

  // Sheets as the server rendered them, of the page itself or in its word that an answer is saved.
  takeIn(html, asked = PAGE_ASKED) {
    this.#take(this.#shelf.put(html), asked);
  }

  async #fetchAhead() {
    const { outbox } = this.#desk;
    if (this.held === null) return true;
    if (this.#desk.asksOnceSent) await outbox.settled();
    const { held } = this;
    if (held === null) return true; // an answer brought it
    const asked = Date.now();
    const fetched = await this.fetch(`ahead?held=${held}`);
    if (!fetched) return false;
    if (this.#desk.waitsForPictures) await Promise.all(fetched.map(({ sheet }) => sheet.prefetch()));
    this.#take(fetched, asked);
    outbox.retry(); // the server is there
    return true;
  }

  // Sheets that were asked for at a moment join those that wait, unless they are here already, were answered since, or are answered here and
  // not sent yet: a word that an answer is saved may be on its way for as long as its reader answers what another request brought.
  #take(fetched, asked) {
    const here = new Set([this.#desk.sheet?.handle, ...this.#queue.handles, ...this.#desk.keeping.given, ...this.#elsewhere]);
    for (const { sheet, text } of fetched) {
      if (here.has(sheet.handle)) {
        sheet.remove();
        continue;
      }
      if (this.#desk.turnAway(sheet, asked)) continue;
      this.#queue.push(sheet);
      this.#desk.keeping.attach(sheet);
      this.#desk.onTaken(sheet, text, asked);
      sheet.prefetch();
    }
  }
}
