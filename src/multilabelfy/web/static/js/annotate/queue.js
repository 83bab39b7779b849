// The sheets that wait for their turn, in the order in which they came; one that was left for later keeps what was chosen on it.

export class Queue {
  #sheets = [];
  #left = new Map();

  get length() {
    return this.#sheets.length;
  }

  get first() {
    return this.#sheets[0];
  }

  get assignments() {
    return this.#sheets.map((sheet) => sheet.assignment);
  }

  shift() {
    return this.#sheets.shift();
  }

  // Back to the front: somebody goes back over earlier answers first.
  unshift(sheet) {
    this.#sheets.unshift(sheet);
  }

  // For later: the server hands it out again before the end.
  leave(sheet) {
    this.#left.set(sheet.assignment, sheet);
  }

  // A sheet comes, or the one that was left here instead of it; gives the one that waits now.
  push(fresh) {
    const sheet = this.#left.get(fresh.assignment) ?? fresh;
    if (sheet !== fresh) fresh.remove();
    this.#left.delete(sheet.assignment);
    this.#sheets.push(sheet);
    return sheet;
  }

  find(assignment) {
    return this.#sheets.find((sheet) => sheet.assignment === assignment) ?? this.#left.get(assignment);
  }

  forget(assignment) {
    this.#sheets = this.#sheets.filter((sheet) => sheet.assignment !== assignment);
    this.#left.delete(assignment);
  }
}
