// A figure drawn live: the picture of it stays in its place (it keeps the size, and is what prints) and hides once the drawing is ready.
// Vega itself names the drawing for a screen reader. Pointing at a value, or stepping to it by the arrow keys, says it in words below the figure.
const NEAR = "400px";
const OPTIONS = { ast: true, actions: false, tooltip: false, defaultStyle: false, renderer: "svg", hover: false };

class LiveChart extends HTMLElement {
  #values = [];
  #place = -1;

  connectedCallback() {
    this.still = this.querySelector("img");
    this.canvas = this.querySelector("[data-part=canvas]");
    this.said = this.querySelector("[data-part=said]");
    this.#watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.#draw(), { rootMargin: NEAR });
    this.#watch.observe(this);
  }

  disconnectedCallback() {
    this.#watch.disconnect();
  }

  #watch;

  async #draw() {
    this.#watch.disconnect();
    try {
      const [{ embed }, answer] = await Promise.all([import(this.dataset.script), fetch(this.dataset.figure)]);
      if (!answer.ok) return;
      await embed(this.canvas, await answer.json(), OPTIONS);
    } catch (problem) {
      console.info("The figure stays as it was drawn:", problem);
      this.canvas.replaceChildren();
      return;
    }
    this.#begin();
  }

  #begin() {
    this.#values = [...this.canvas.querySelectorAll(".mark-symbol [aria-label], .mark-rect [aria-label]")];
    this.canvas.tabIndex = 0;
    this.canvas.addEventListener("pointerover", (event) => this.#say(this.#values.indexOf(event.target)));
    this.canvas.addEventListener("pointerleave", () => this.#say(-1));
    this.canvas.addEventListener("keydown", (event) => this.#onKey(event));
    this.canvas.addEventListener("blur", () => this.#say(-1));
    this.dataset.state = "live";
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const last = this.#values.length - 1;
    const places = { ArrowRight: Math.min(this.#place + 1, last), ArrowLeft: Math.max(this.#place - 1, 0), Home: 0, End: last, Escape: -1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.#say(places[event.key]);
  }

  #say(place) {
    this.#values[this.#place]?.classList.remove("said");
    this.#place = place;
    const value = this.#values[place];
    value?.classList.add("said");
    this.said.textContent = value?.getAttribute("aria-label") ?? "";
  }
}

customElements.define("live-chart", LiveChart);
