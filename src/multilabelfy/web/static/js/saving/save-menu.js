// What the header shows about this browser's own store, and how to save as a file what cannot be sent. The words stand in the page.
import { whenReleased } from "../page/press.js";
import { Provisions } from "./provisions.js";

class SaveMenu extends HTMLElement {
  #outbox = null;

  connectedCallback() {
    if (this.isReady) return;
    this.isReady = true;
    document.addEventListener("outbox", ({ detail }) => whenReleased(() => this.#show(detail.outbox)));
    this.#part("download").addEventListener("click", () => this.#download());
    this.#part("remove").addEventListener("click", () => this.#outbox.remove(this.#refused));
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    document.addEventListener("click", (event) => this.contains(event.target) || this.#close(false));
  }

  #show(outbox) {
    this.#outbox = outbox;
    const state = outbox.problem || (Provisions.arePossible ? "on" : "off");
    this.dataset.state = state;
    this.querySelectorAll("[data-state]").forEach((one) => (one.hidden = one.dataset.state !== state));
    const [unsent, refused] = [this.#unsent.length, this.#refused.length];
    this.#part("n-unsent").textContent = unsent;
    this.#part("n-refused").textContent = refused;
    this.#part("waiting").hidden = unsent + refused === 0;
    this.#part("nothing").hidden = unsent + refused > 0;
    if (!refused) this.#part("removal").hidden = true;
  }

  // The file is documented in docs/formats.md; an owner imports it. What was refused may be removed here once it is in a file.
  #download() {
    const { person, dataset } = this.dataset;
    const answers = [...this.#refused, ...this.#unsent].map(({ id, assignment, address, given, body }) => ({ id, assignment, address, given, body }));
    const content = { format: "multilabelfy-answers", version: 1, person, dataset, answers };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
    link.download = `answers-${dataset}-${person}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    this.#part("removal").hidden = this.#refused.length === 0;
  }

  #close(withFocus = true) {
    const details = this.querySelector("details");
    if (details.open && withFocus) this.querySelector("summary").focus();
    details.open = false;
  }

  // Those of this page's dataset.
  get #unsent() {
    return this.#outbox.unsent.filter((item) => this.#isHere(item));
  }

  get #refused() {
    return this.#outbox.refused.filter((item) => this.#isHere(item));
  }

  #isHere(item) {
    return new URL(item.page, location.href).pathname.startsWith(this.dataset.page);
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`);
  }
}

customElements.define("save-menu", SaveMenu);
