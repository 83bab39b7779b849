// The fives of a sheet: one in view, a dot for each, and the moment at which each was first looked at.

import { whenQuiet } from "../../page/quiet.js";
import { _ } from "../../page/words.js";

export class Fives {
  #sheet;
  at = 0;

  constructor(sheet) {
    this.#sheet = sheet;
  }

  // Show a five. Says whether it was looked at for the first time, `since` milliseconds after the first look (null: nobody looks yet).
  open(five, since) {
    this.at = Math.max(0, Math.min(five, this.#dots.length - 1));
    this.#fives.forEach((one, i) => (one.hidden = i !== this.at));
    this.#dots.forEach((dot, i) => dot.toggleAttribute("aria-current", i === this.at));
    if (this.#part("place")) this.#part("place").textContent = _("five %(n)s of %(all)s", { n: this.at + 1, all: this.#fives.length });
    this.#part("back").disabled = this.at === 0;
    whenQuiet(() => this.#fetchStrips(this.at + 1));
    return since !== null && this.#fives.length > 0 && this.#note(this.at, since);
  }

  // The next five that nobody looked at, from the one in view on; undefined where there is none.
  get unseen() {
    const n = this.#dots.length;
    const order = Array.from({ length: n }, (_, i) => (this.at + i) % n);
    return order.find((five) => !this.#isSeen(five));
  }

  // Whether nothing but the five in view is unseen.
  get isLast() {
    return this.#dots.every((_, i) => i === this.at || this.#isSeen(i));
  }

  get visibleRows() {
    return [...(this.#fives[this.at]?.querySelectorAll("[data-part=row]") ?? [])];
  }

  // The five in which an element stands, -1 for none.
  of(element) {
    return this.#fives.findIndex((five) => five.contains(element));
  }

  // An answer that is revised has seen them all.
  markSeen() {
    this.#dots.forEach((dot) => (dot.dataset.seen = ""));
  }

  // When each was first looked at, in milliseconds since the first look at the sheet.
  get opened() {
    return this.#openings.map((field) => field.value);
  }

  // Put back what the journal kept; a moment that is known here already stays.
  restore(opened) {
    this.#openings.forEach((field, i) => {
      if (!opened[i]) return;
      field.value ||= opened[i];
      if (this.#dots[i]) this.#dots[i].dataset.seen = "";
    });
  }

  #note(five, since) {
    const isFirst = !this.#isSeen(five);
    const field = this.#openings[five];
    if (field && !field.value) field.value = Math.round(since);
    if (this.#dots[five]) this.#dots[five].dataset.seen = "";
    return isFirst;
  }

  // A single five has no dot, and is in view.
  #isSeen(five) {
    const dot = this.#dots[five];
    return !dot || "seen" in dot.dataset;
  }

  #fetchStrips(five) {
    this.#fives[five]?.querySelectorAll("summary img[loading=lazy]").forEach((image) => (image.loading = "eager"));
  }

  get #openings() {
    return [...this.#sheet.querySelectorAll("[data-part=opened]")];
  }

  get #fives() {
    return [...this.#sheet.querySelectorAll("[data-part=five]")];
  }

  get #dots() {
    return [...this.#sheet.querySelectorAll("[data-part=dot]")];
  }

  #part(name) {
    return this.#sheet.querySelector(`[data-part=${name}]`);
  }
}
