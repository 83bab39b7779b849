// The picture enlarged: zoom by wheel, pinch or keys, pan by dragging or arrows. A picture keeps its place until another one is opened.

const STEP = 1.3;
const MOVE = 80;
const LARGEST = 16;

class ZoomView extends HTMLElement {
  #scale = 1;
  #left = 0;
  #top = 0;
  #pointers = new Map();
  #isAnother = false;
  #tools = null;

  connectedCallback() {
    this.image = this.querySelector("[data-part=image]");
    this.stage = this.querySelector("[data-part=stage]");
    const presses = { in: () => this.#zoom(STEP), out: () => this.#zoom(1 / STEP), fit: () => this.#fit(), close: () => this.#dialog.close() };
    for (const [part, act] of Object.entries(presses)) this.querySelector(`[data-part=${part}]`).addEventListener("click", act);
    this.querySelector("[data-part=lighter]").addEventListener("click", () => this.#lighten());
    this.image.addEventListener("load", () => this.#fitAnother());
    this.stage.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      this.stage.addEventListener(kind, (event) => this.#onPointer(event));
    }
    this.#dialog.addEventListener("keydown", (event) => this.#onKey(event));
  }

  show(picture) {
    const address = picture.currentSrc || picture.src;
    const isAnother = this.image.src !== address;
    if (isAnother) this.image.src = address;
    this.#isAnother ||= isAnother;
    this.#tools = picture.closest("figure")?.querySelector("picture-tools");
    this.querySelector("[data-part=lighter]").hidden = !this.#tools;
    this.#showLight();
    requestAnimationFrame(() => (this.#isAnother ? this.#fitAnother() : this.#draw()));
  }

  // As bright as the picture that it enlarges, and that one as bright as this, where it has tools.
  #lighten() {
    this.#tools?.lighten();
    this.#showLight();
  }

  #showLight() {
    this.image.style.filter = this.#tools?.filter ?? "";
    this.querySelector("[data-part=light-text]").textContent = this.#tools?.light ?? "";
  }

  // All of another picture is shown once, as soon as it is there: what a key did since then stays.
  #fitAnother() {
    if (!this.#isAnother || !this.image.complete || !this.image.naturalWidth) return;
    this.#isAnother = false;
    this.#fit();
  }

  get #dialog() {
    return this.closest("dialog");
  }

  get #fitting() {
    const { clientWidth, clientHeight } = this.stage;
    return Math.min(clientWidth / this.image.naturalWidth, clientHeight / this.image.naturalHeight);
  }

  #fit() {
    if (!this.image.naturalWidth || !this.stage.clientWidth) return;
    this.#scale = this.#fitting;
    this.#left = (this.stage.clientWidth - this.image.naturalWidth * this.#scale) / 2;
    this.#top = (this.stage.clientHeight - this.image.naturalHeight * this.#scale) / 2;
    this.#draw();
  }

  // Enlarge by a factor around a point of the stage, its middle where none is given.
  #zoom(factor, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    const scale = Math.max(Math.min(this.#fitting, 1) / 2, Math.min(this.#scale * factor, LARGEST));
    const by = scale / this.#scale;
    this.#left = x - (x - this.#left) * by;
    this.#top = y - (y - this.#top) * by;
    this.#scale = scale;
    this.#draw();
  }

  #draw() {
    this.image.style.transform = `translate(${this.#left}px, ${this.#top}px) scale(${this.#scale})`;
    this.querySelector("[data-part=scale]").textContent = `${Math.round(this.#scale * 100)}%`;
  }

  #move(x, y) {
    this.#left += x;
    this.#top += y;
    this.#draw();
  }

  #onWheel(event) {
    event.preventDefault();
    const box = this.stage.getBoundingClientRect();
    this.#zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }

  #onPointer(event) {
    if (event.type === "pointerdown") {
      this.stage.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, event);
    } else if (event.type === "pointermove" && this.#pointers.has(event.pointerId)) {
      this.#drag(event);
    } else if (event.type !== "pointermove") {
      this.#pointers.delete(event.pointerId);
    }
  }

  #drag(event) {
    const before = this.#pointers.get(event.pointerId);
    const other = [...this.#pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
    this.#pointers.set(event.pointerId, event);
    if (!other) return this.#move(event.clientX - before.clientX, event.clientY - before.clientY);
    const spread = (pointer) => Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY) || 1;
    this.#zoom(spread(event) / spread(before), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [MOVE, 0], ArrowRight: [-MOVE, 0], ArrowUp: [0, MOVE], ArrowDown: [0, -MOVE] };
    const acts = { "+": () => this.#zoom(STEP), "=": () => this.#zoom(STEP), "-": () => this.#zoom(1 / STEP), 0: () => this.#fit(), [this.dataset.lightKey]: () => this.#lighten(), [this.dataset.key]: () => this.#dialog.close() };
    const act = moves[event.key] ? () => this.#move(...moves[event.key]) : acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // the page below has keys of its own
    act();
  }
}

customElements.define("zoom-view", ZoomView);
