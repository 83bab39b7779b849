// Measure how long somebody is there: the page is visible, and no pause between two signs of life counts for more than a minute.

const LONGEST_PAUSE = 60_000;
const REST = 5 * 60_000; // so long away from the page is a break
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchstart"];

export class Presence {
  #total = 0;
  #stretch = 0;
  #last = Date.now();
  #isVisible = !document.hidden;

  constructor() {
    for (const sign of SIGNS) document.addEventListener(sign, () => this.#note(), { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => {
      this.#note();
      this.#isVisible = !document.hidden;
    });
  }

  // The milliseconds since the last time this was asked.
  take() {
    this.#note();
    const taken = this.#total;
    this.#total = 0;
    return taken;
  }

  // The milliseconds of work since the last break.
  get stretch() {
    return this.#stretch;
  }

  #note() {
    const now = Date.now();
    const spent = this.#isVisible ? Math.max(0, Math.min(now - this.#last, LONGEST_PAUSE)) : 0;
    this.#total += spent;
    this.#stretch = now - this.#last >= REST ? 0 : this.#stretch + spent;
    this.#last = now;
  }
}
