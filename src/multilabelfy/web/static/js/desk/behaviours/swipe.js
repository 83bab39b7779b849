// On a touch screen a swipe over the labels opens the five beside: to the left the next, to the right the one before.

const FAR = 60;
const STEEP = 2; // a swipe is at least so many times as wide as high

class SwipeArea extends HTMLElement {
  #from = null;

  connectedCallback() {
    if (this.dataset.swipes) return;
    this.dataset.swipes = "yes";
    this.addEventListener("pointerdown", (event) => (this.#from = event.pointerType === "touch" && event.isPrimary ? event : null));
    this.addEventListener("pointercancel", () => (this.#from = null));
    this.addEventListener("pointerup", (event) => this.#onUp(event));
  }

  #onUp(event) {
    const from = this.#from;
    this.#from = null;
    if (!from || from.pointerId !== event.pointerId) return;
    const [x, y] = [event.clientX - from.clientX, event.clientY - from.clientY];
    if (Math.abs(x) < FAR || Math.abs(x) < STEEP * Math.abs(y)) return;
    this.addEventListener("click", swallow, { capture: true, once: true }); // the finger ends on a label: that is not a tap
    setTimeout(() => this.removeEventListener("click", swallow, { capture: true }), 50);
    const isForward = document.dir === "rtl" ? x > 0 : x < 0;
    this.closest(".sheet").openBeside(isForward ? 1 : -1);
  }
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

customElements.define("swipe-area", SwipeArea);
