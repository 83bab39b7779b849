// Measure how long somebody is there: the page is visible, and no pause between two signs of life counts for more than a minute.

const LONGEST_PAUSE = 60_000;
const REST = 5 * 60_000; // being away from the page for this long is a break
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchstart"];

export class Presence {
  #total = 0;
  #stretch = 0;
  #last = performance.now(); // nobody sets this clock, but a closed lid may stop it: then the other one tells of the break
  #date = Date.now();
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
    const [now, date] = [performance.now(), Date.now()];
    const spent = this.#isVisible ? Math.min(now - this.#last, LONGEST_PAUSE) : 0;
    this.#total += spent;
    this.#stretch = Math.max(now - this.#last, date - this.#date) >= REST ? 0 : this.#stretch + spent;
    [this.#last, this.#date] = [now, date];
  }
}
