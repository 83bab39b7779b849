// Search all labels while typing, or look through the hierarchy above them: a combobox whose list the server renders. Choosing a label hands
// it and its chip to the sheet, choosing a concept shows what is below it; a text that no label has goes into "a label is missing".

import { released } from "../../page/press.js";
import { _ } from "../../page/words.js";

const PAUSE = 80;

class LabelSearch extends HTMLElement {
  #timer = null;
  #asked = 0;
  #abort = null;
  #isPending = false;
  #isChosenWhenFound = false;
  #isNothing = false; // no label has this name

  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.text = this.querySelector("[data-part=found-text]");
    this.toMissing = this.querySelector("[data-part=to-missing]");
    this.toMissing.addEventListener("click", () => this.#nameMissing());
    this.input.addEventListener("input", () => this.#ask(PAUSE));
    this.input.addEventListener("focus", () => this.input.value || this.#options.length || this.#ask(0));
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.list.addEventListener("click", (event) => this.#choose(event.target.closest("[role=option]")));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    // Emptied as it closes, so that it is empty before anything is typed into it again.
    const popup = this.closest("details");
    new MutationObserver(() => popup.open || this.clear()).observe(popup, { attributeFilter: ["open"] });
  }

  clear() {
    this.input.value = "";
    this.#forget();
    this.#show("");
  }

  // Results still on their way are for a text that is gone.
  #forget() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#isPending = this.#isChosenWhenFound = this.#isNothing = false;
  }

  #ask(wait) {
    this.#forget();
    this.#isPending = Boolean(this.input.value.trim());
    this.#offerMissing();
    this.#timer = setTimeout(() => this.#find(this.input.value.trim()), wait);
  }

  // What fits the text; without one what stands below a concept, at first the top of the hierarchy.
  async #find(query, below = "") {
    const asked = ++this.#asked;
    this.#abort?.abort();
    this.#abort = new AbortController();
    if (query) this.closest("form").elements.searched.value = "1";
    const wanted = query ? { q: query } : { below };
    const address = `${this.dataset.address}?${new URLSearchParams({ ...wanted, assignment: this.dataset.assignment })}`;
    try {
      const response = await fetch(address, { signal: this.#abort.signal });
      if (!response.ok) throw new Error(response.statusText);
      const html = await response.text();
      await released(); // a label that is being pressed stays until it is chosen
      if (asked === this.#asked) this.#show(html, query, below);
    } catch (error) {
      if (error.name === "AbortError" || asked !== this.#asked) return; // a newer text waits for its own search
      this.#forget();
      if (query || below) this.text.textContent = _("The search needs a connection: try again in a moment.");
    }
  }

  #show(html, query = "", below = "") {
    const isChosen = this.#isChosenWhenFound;
    this.#isPending = this.#isChosenWhenFound = false;
    this.list.innerHTML = html;
    const n = this.#options.length;
    this.input.setAttribute("aria-expanded", String(n > 0));
    this.#isNothing = Boolean(query) && !n;
    this.text.textContent = this.#isNothing ? _("No label is called “%(query)s”.", { query }) : "";
    // Enter in a field that nobody typed in takes nothing.
    this.#select(query || below ? this.#options.find((option) => !("up" in option.dataset)) : null);
    this.#offerMissing();
    if (isChosen) this.#choose(this.#selected);
  }

  // Enter is free where nothing was found.
  #offerMissing() {
    const name = this.input.value.trim();
    const [key, words] = this.toMissing.children;
    this.toMissing.hidden = !name;
    key.textContent = this.#isNothing ? "Enter" : "Shift + Enter";
    words.textContent = _("say that “%(name)s” is missing from this set", { name });
  }

  // Into the field for it, beside what already stands there, to be seen and mended before it is left.
  #nameMissing() {
    const name = this.input.value.trim();
    const { missing } = this.closest("form").elements;
    const names = missing.value.split(",").map((each) => each.trim()).filter(Boolean);
    const text = [...new Set([...names, name])].join(", ");
    if (name && text.length <= missing.maxLength) {
      missing.value = text;
      missing.dispatchEvent(new Event("input", { bubbles: true }));
      this.clear();
    }
    missing.focus();
  }

  // Enter on a text whose labels are not here yet chooses when they are: never one that an earlier text found.
  #onEnter(event) {
    if (event.shiftKey || this.#isNothing) this.#nameMissing();
    else if (this.#isPending) this.#isChosenWhenFound = true;
    else this.#choose(this.#selected);
  }

  #onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const options = this.#options;
    const at = options.indexOf(this.#selected);
    if (event.key === "ArrowDown") this.#select(options[Math.min(at + 1, options.length - 1)]);
    else if (event.key === "ArrowUp") this.#select(options[Math.max(at - 1, 0)]);
    else if (event.key === "Enter") this.#onEnter(event);
    else if (event.key === "Backspace" && !this.input.value && this.#up) this.#choose(this.#up);
    else return;
    event.preventDefault();
  }

  #choose(option) {
    if (!option) return;
    if ("below" in option.dataset) return this.#lookInto(option.dataset.below);
    const chip = option.querySelector("template").content.firstElementChild;
    const detail = { label: option.dataset.label, chip: document.importNode(chip, true) };
    this.clear();
    this.dispatchEvent(new CustomEvent("choose", { bubbles: true, detail }));
  }

  #lookInto(below) {
    this.input.value = "";
    this.#forget();
    this.closest("form").elements.searched.value = "1";
    this.#find("", below);
  }

  #select(option) {
    this.#selected?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  get #up() {
    return this.list.querySelector("[data-up]");
  }

  get #selected() {
    return this.list.querySelector("[aria-selected=true]");
  }

  get #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }
}

customElements.define("label-search", LabelSearch);
