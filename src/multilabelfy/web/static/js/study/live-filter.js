// Apply a filter as it is typed, and complete the names of labels. Without scripts the form has its button, and nothing is completed.
const WAIT = 250;

class LiveFilter extends HTMLElement {
  #timer = 0;
  #asked = 0;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.form.addEventListener("input", (event) => this.#onInput(event.target));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#apply();
    });
  }

  #onInput(field) {
    if (field.dataset.completes) this.#complete(field);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#apply(), WAIT);
  }

  async #complete(field) {
    const typed = field.value;
    const response = await fetch(`${this.dataset.labels}?q=${encodeURIComponent(typed)}`).catch(() => null);
    const options = response?.ok ? await response.text().catch(() => "") : "";
    if (field.value === typed) document.getElementById(field.dataset.completes).innerHTML = options; // answers may overtake each other
  }

  // Only the newest question's answer is shown. What is wrong with a field stands beside it, which the form itself is not made anew for.
  async #apply() {
    clearTimeout(this.#timer);
    const address = this.#address;
    const turn = ++this.#asked;
    const response = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (turn !== this.#asked) return;
    if (!response || response.redirected || ![200, 422].includes(response.status)) return location.assign(address);
    const html = await response.text().catch(() => null);
    if (turn !== this.#asked) return;
    if (html === null) return location.assign(address);
    const page = new DOMParser().parseFromString(html, "text/html");
    document.getElementById(this.dataset.results).replaceWith(page.getElementById(this.dataset.results));
    this.#showProblems(page);
    history.replaceState(null, "", address);
  }

  #showProblems(page) {
    this.querySelectorAll(".field > .problem").forEach((old) => old.remove());
    for (const field of this.form.elements) {
      const problem = page.getElementById(`${field.id}-problem`);
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      if (problem) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", problem.id);
        field.after(problem);
      }
    }
  }

  get #address() {
    const filled = [...new FormData(this.form)].filter(([name, value]) => value && !(name === "order" && value === "import"));
    const query = new URLSearchParams(filled);
    return `${this.form.action}${filled.length ? `?${query}` : ""}`;
  }
}

customElements.define("live-filter", LiveFilter);
