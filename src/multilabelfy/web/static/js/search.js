// Search all labels while typing: a combobox whose list the server renders. Choosing an option hands its label and chip to the sheet.

const PAUSE = 80;

class LabelSearch extends HTMLElement {
  #timer = null;
  #asked = 0;
  #abort = null;
  #isPending = false;
  #isChosenWhenFound = false;

  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.text = this.querySelector("[data-part=found-text]");
    this.input.addEventListener("input", () => this.#ask(PAUSE));
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.list.addEventListener("click", (event) => this.#choose(event.target.closest("[role=option]")));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  }

  clear() {
    this.input.value = "";
    this.#forget();
    this.#show("");
  }

  // What is still on its way is for a text that is gone.
  #forget() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#isPending = this.#isChosenWhenFound = false;
  }

  #ask(wait) {
    this.#forget();
    this.#isPending = Boolean(this.input.value.trim());
    this.#timer = setTimeout(() => this.#find(this.input.value.trim()), wait);
  }

  async #find(query) {
    const asked = ++this.#asked;
    this.#abort?.abort();
    this.#abort = new AbortController();
    if (!query) return this.#show("");
    this.closest("form").elements.searched.value = "1";
    const address = `${this.dataset.address}?${new URLSearchParams({ q: query, assignment: this.dataset.assignment })}`;
    try {
      const response = await fetch(address, { signal: this.#abort.signal });
      if (!response.ok) throw new Error(response.statusText);
      const html = await response.text();
      if (asked === this.#asked) this.#show(html, query);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#forget();
      this.text.textContent = "The search needs a connection: try again in a moment.";
    }
  }

  #show(html, query = "") {
    const isChosen = this.#isChosenWhenFound;
    this.#isPending = this.#isChosenWhenFound = false;
    this.list.innerHTML = html;
    const n = this.#options.length;
    this.input.setAttribute("aria-expanded", String(n > 0));
    this.text.textContent = query && !n ? `No label is called “${query}”.` : "";
    this.#select(this.#options[0]);
    if (isChosen) this.#choose(this.#selected);
  }

  // Enter on a text whose labels are not here yet chooses when they are: never one that an earlier text found.
  #onEnter() {
    if (this.#isPending) this.#isChosenWhenFound = true;
    else this.#choose(this.#selected);
  }

  #onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const options = this.#options;
    const at = options.indexOf(this.#selected);
    if (event.key === "ArrowDown") this.#select(options[Math.min(at + 1, options.length - 1)]);
    else if (event.key === "ArrowUp") this.#select(options[Math.max(at - 1, 0)]);
    else if (event.key === "Enter") this.#onEnter();
    else return;
    event.preventDefault();
  }

  #choose(option) {
    if (!option) return;
    const chip = option.querySelector("template").content.firstElementChild;
    const detail = { label: option.dataset.label, chip: document.importNode(chip, true) };
    this.clear();
    this.dispatchEvent(new CustomEvent("choose", { bubbles: true, detail }));
  }

  #select(option) {
    this.#selected?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  get #selected() {
    return this.list.querySelector("[aria-selected=true]");
  }

  get #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }
}

customElements.define("label-search", LabelSearch);
