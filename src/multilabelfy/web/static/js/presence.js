// Measure how long somebody is there: the page is visible, and no pause between two signs of life counts for more than a minute.

const LONGEST_PAUSE = 60_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchstart"];

export class Presence {
  #total = 0;
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

  #note() {
    const now = Date.now();
    if (this.#isVisible) this.#total += Math.max(0, Math.min(now - this.#last, LONGEST_PAUSE));
    this.#last = now;
  }
}
