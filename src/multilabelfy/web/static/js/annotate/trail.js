// The way that was come: one's answers of this visit in their order, the newest sheets at hand, older ones to be fetched again.

const REMEMBERED = 12;

export class Trail {
  #answered = [];
  #sheets = new Map();

  // A sheet that was answered, or whose answer is revised.
  remember(sheet) {
    if (!this.#answered.includes(sheet.assignment)) this.#answered.push(sheet.assignment);
    this.#sheets.delete(sheet.assignment);
    this.#sheets.set(sheet.assignment, sheet);
    if (this.#sheets.size > REMEMBERED) this.#sheets.delete(this.#sheets.keys().next().value);
  }

  // An answer of an earlier visit, before all of this one.
  lead(assignment) {
    if (!this.#answered.includes(assignment)) this.#answered.unshift(assignment);
  }

  sheet(assignment) {
    return this.#sheets.get(assignment);
  }

  get first() {
    return this.#answered[0];
  }

  // The answer before a sheet's; the newest where the sheet is not answered yet.
  before(assignment) {
    const at = this.#answered.indexOf(assignment);
    return at < 0 ? this.#answered.at(-1) : this.#answered[at - 1];
  }

  after(assignment) {
    const at = this.#answered.indexOf(assignment);
    return at < 0 ? undefined : this.#answered[at + 1];
  }
}
