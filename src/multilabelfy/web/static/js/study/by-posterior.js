// What a cut of the chances would do, counted anew at each move of a slider; models are measured by the server when it rests. Without scripts the form has two numbers and a button, and the
// server counts: a slider alone would not say where it stands.
import { _, number } from "../page/words.js";

const END = 0;
const REST = 250; // ms
const MINUTES_TOLD = 120; // from so many minutes on, hours are told

class ByPosterior extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.sliders = [this.form.elements.threshold, this.form.elements.margin];
    for (const slider of this.sliders) {
      slider.type = "range";
      slider.addEventListener("pointerdown", () => this.#onPress());
      slider.addEventListener("pointercancel", () => this.#onScroll());
    }
    this.images = Uint8Array.from(atob(this.dataset.chances), (letter) => letter.charCodeAt(0));
    this.people = this.dataset.people.split(",").map(Number);
    this.wishedMargin = Number(this.form.elements.margin.value);
    this.form.addEventListener("input", (event) => this.#onInput(event.target));
    this.form.addEventListener("change", () => this.#onRest());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.models = this.querySelector("[data-models]");
    this.measured = this.#cut(); // what the page came with
    for (const slider of this.sliders) this.measured.set(slider.name, slider.defaultValue);
    this.#show(); // a browser that comes back keeps where its sliders were
    this.#measure();
  }

  // A finger that begins to scroll on a slider has moved it before the browser knows better, and takes the press from it: it goes back.
  #onPress() {
    this.pressed = [...this.sliders.map((slider) => slider.value), this.wishedMargin];
  }

  #onScroll() {
    const [threshold, margin, wished] = this.pressed;
    [this.sliders[0].value, this.sliders[1].value, this.wishedMargin] = [threshold, margin, wished];
    this.#show();
    this.#onRest();
  }

  // A cut beyond which no chance lies would settle nothing: the margin gives way, and comes back where there is room for it.
  #onInput(slider) {
    const { threshold, margin } = this.form.elements;
    const most = Math.min(threshold.value - 1, 99 - threshold.value);
    if (slider === margin) this.wishedMargin = Math.min(margin.value, most);
    margin.value = Math.min(this.wishedMargin, most);
    if (slider === threshold || slider === margin) this.#show();
  }

  // The address keeps the cut, and what is read aloud waits until the slider rests.
  #onRest() {
    const found = this.#counts();
    const values = { settled: number(found.settled), left: number(found.left) };
    this.querySelector("[role=status]").textContent = _("%(settled)s settled by the votes, %(left)s left to experts.", values);
    history.replaceState(null, "", `?${this.#cut()}`);
    this.models.ariaBusy = "true";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#measure(), REST);
  }

  // Only the newest cut is shown: answers may overtake each other.
  async #measure() {
    const cut = this.#cut();
    this.wanted = String(cut);
    const isShown = this.wanted === String(this.measured);
    const response = isShown ? null : await fetch(`${this.models.dataset.models}?${cut}`).catch(() => null);
    const html = response?.ok && !response.redirected ? await response.text().catch(() => null) : null;
    if (this.wanted !== String(cut)) return;
    if (html !== null) [this.models.innerHTML, this.measured] = [html, cut];
    this.models.ariaBusy = "false";
    this.querySelector("[data-models-problem]").hidden = isShown || html !== null;
  }

  #cut() {
    return new URLSearchParams(new FormData(this.form));
  }

  #counts() {
    const threshold = Number(this.form.elements.threshold.value);
    const margin = Number(this.form.elements.margin.value);
    return counted(this.images, this.people, Number(this.dataset.forExperts), threshold + margin, threshold - margin);
  }

  #show() {
    const found = this.#counts();
    for (const name of ["settled", "left", "below", "in-doubt"]) this.#text(`[data-count="${name}"]`, number(found[name]));
    if (this.dataset.seconds) this.#text('[data-count="time"]', time((found.left * Number(this.dataset.seconds)) / 60));
    const released = found.sizes.reduce((sum, n) => sum + n, 0);
    found.sizes.forEach((n, size) => {
      this.#text(`[data-size="${size}"]`, number(n));
      this.#text(`[data-share="${size}"]`, released ? percent(n / released, n && n < released ? 1 : 0) : "–");
      const bar = this.querySelector(`[data-bar="${size}"]`);
      bar.max = Math.max(released, 1);
      bar.value = n;
    });
    this.#showCut();
  }

  #showCut() {
    const { threshold, margin } = this.form.elements;
    for (const slider of [threshold, margin]) {
      const shown = percent(slider.value / 100, 0);
      this.#text(`[data-shows=${slider.name}]`, shown);
      slider.setAttribute("aria-valuetext", shown);
    }
    this.#text("[data-command]", `--by posterior --threshold ${threshold.value / 100} --margin ${margin.value / 100}`);
  }

  #text(selector, text) {
    const element = this.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
  }
}

// As `foreseen` in refinement/final_labels/preview.py counts. Each image is its labels' chances in percent, the greatest first; a byte of zero ends it.
function counted(images, people, forExperts, high, low) {
  const sizes = [...people];
  let [settled, below, doubtful] = [0, 0, 0];
  for (let at = 0; at < images.length; at += 1) {
    const first = at;
    while (images[at] >= high) at += 1;
    const valid = at - first;
    if (images[at] !== END && images[at] >= low) doubtful += 1;
    else if (valid === 0) below += 1;
    else {
      settled += 1;
      sizes[Math.min(valid, sizes.length - 1)] += 1;
    }
    while (images[at] !== END) at += 1;
  }
  return { settled, below, "in-doubt": doubtful, left: below + doubtful + forExperts, sizes };
}

function time(minutes) {
  if (minutes === 0) return "";
  if (minutes < 1) return _("under a minute");
  if (minutes < MINUTES_TOLD) return _("%(n)s min", { n: number(Math.round(minutes)) });
  return _("%(n)s hours", { n: places(minutes / 60) });
}

function places(value) {
  return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

function percent(share, digits) {
  return share.toLocaleString(document.documentElement.lang, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });
}

customElements.define("by-posterior", ByPosterior);
