// The trail of this visit: one's answers in their order, with the newest sheets at hand and older ones to be fetched again.

const REMEMBERED = 12;

export class Trail {
  #answered = [];
  #sheets = new Map();

  // A sheet that was answered, or whose answer is revised.
  remember(sheet) {
    if (!this.#answered.includes(sheet.handle)) this.#answered.push(sheet.handle);
    this.#sheets.delete(sheet.handle);
    this.#sheets.set(sheet.handle, sheet);
    if (this.#sheets.size > REMEMBERED) this.#sheets.delete(this.#sheets.keys().next().value);
  }

  // An answer of an earlier visit, before all of this one.
  lead(handle) {
    if (!this.#answered.includes(handle)) this.#answered.unshift(handle);
  }

  sheet(handle) {
    return this.#sheets.get(handle);
  }

  get first() {
    return this.#answered[0];
  }

  // The answer before a sheet's; the newest where the sheet is not answered yet.
  before(handle) {
    const at = this.#answered.indexOf(handle);
    return at < 0 ? this.#answered.at(-1) : this.#answered[at - 1];
  }

  after(handle) {
    const at = this.#answered.indexOf(handle);
    return at < 0 ? undefined : this.#answered[at + 1];
  }
}
