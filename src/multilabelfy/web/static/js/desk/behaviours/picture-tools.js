// What helps to see one picture: a magnifier under the pointer and more light for dark pictures. Both last for this picture alone.

import { number } from "../../page/words.js";

const ENLARGED = 3;
const LIGHT = [1, 1.5, 2.2, 3];

class PictureTools extends HTMLElement {
  #light = 0;

  connectedCallback() {
    if (this.lens) return;
    this.lens = this.querySelector("[data-part=lens]");
    this.addEventListener("click", (event) => this.#onClick(event.target.closest("button")));
    this.#figure.addEventListener("pointermove", (event) => this.#follow(event));
    this.#picture.addEventListener("load", () => this.#forget());
  }

  // One step brighter; after the brightest, the picture's own light.
  lighten() {
    this.#lighten((this.#light + 1) % LIGHT.length);
  }

  // How bright the picture is shown, in words ("1.5×", nothing for its own light) and as a filter.
  get light() {
    return this.#light ? `${number(LIGHT[this.#light])}×` : "";
  }

  get filter() {
    return this.#light ? `brightness(${LIGHT[this.#light]})` : "";
  }

  #onClick(button) {
    if (button?.dataset.part === "magnify") this.#magnify(this.lens.hidden);
    if (button?.dataset.part === "light") this.lighten();
  }

  #magnify(isOn) {
    this.lens.hidden = !isOn;
    this.#button("magnify").setAttribute("aria-pressed", String(isOn));
    if (!isOn) return;
    this.lens.style.backgroundImage = `url("${this.#picture.currentSrc}")`;
    const box = this.#drawn;
    this.#look(box.x + box.width / 2, box.y + box.height / 2);
  }

  #follow(event) {
    if (this.lens.hidden) return;
    const place = this.#figure.getBoundingClientRect();
    this.#look(event.clientX - place.left, event.clientY - place.top);
  }

  // Put the lens around a point of the figure and show there what lies under it, three times as large.
  #look(x, y) {
    const { lens } = this;
    const box = this.#drawn;
    const half = lens.offsetWidth / 2;
    lens.style.translate = `${x - half}px ${y - half}px`;
    lens.style.backgroundSize = `${box.width * ENLARGED}px ${box.height * ENLARGED}px`;
    lens.style.backgroundPosition = `${half - (x - box.x) * ENLARGED}px ${half - (y - box.y) * ENLARGED}px`;
  }

  #lighten(step) {
    this.#light = step;
    this.#picture.style.filter = this.lens.style.filter = this.filter;
    this.#button("light").setAttribute("aria-pressed", String(step > 0));
    this.querySelector("[data-part=light-text]").textContent = this.light;
  }

  #forget() {
    this.#magnify(false);
    this.#lighten(0);
  }

  // Where the picture itself is drawn within the figure: an image element may be larger than what it shows.
  get #drawn() {
    const { naturalWidth, naturalHeight, offsetLeft, offsetTop, offsetWidth, offsetHeight } = this.#picture;
    const scale = Math.min(offsetWidth / naturalWidth, offsetHeight / naturalHeight) || 1;
    const [width, height] = [naturalWidth * scale, naturalHeight * scale];
    return { x: offsetLeft + (offsetWidth - width) / 2, y: offsetTop + (offsetHeight - height) / 2, width, height };
  }

  get #figure() {
    return this.closest("figure");
  }

  get #picture() {
    return this.#figure.querySelector("img.judged");
  }

  #button(part) {
    return this.querySelector(`button[data-part=${part}]`);
  }
}

customElements.define("picture-tools", PictureTools);
