// The sheets that wait for their turn, in the order in which they came.

export class Queue {
  #sheets = [];

  get length() {
    return this.#sheets.length;
  }

  get first() {
    return this.#sheets[0];
  }

  get handles() {
    return this.#sheets.map((sheet) => sheet.handle);
  }

  push(sheet) {
    this.#sheets.push(sheet);
  }

  unshift(sheet) {
    this.#sheets.unshift(sheet);
  }

  find(handle) {
    return this.#sheets.find((sheet) => sheet.handle === handle);
  }

  forget(handle) {
    this.#sheets = this.#sheets.filter((sheet) => sheet.handle !== handle);
  }
}
