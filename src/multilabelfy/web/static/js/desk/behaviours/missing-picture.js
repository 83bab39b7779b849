// Says so where the picture that is judged cannot be shown (its disk, bucket or web server is away), and asks for it again when pressed.

class MissingPicture extends HTMLElement {
  connectedCallback() {
    if (this.picture) return;
    this.picture = this.parentElement.querySelector("img.judged");
    this.picture.addEventListener("error", () => this.#say(true));
    this.picture.addEventListener("load", () => this.#say(false));
    this.addEventListener("click", (event) => event.target.closest("button") && this.#askAgain());
    if (this.picture.complete && !this.picture.naturalWidth) this.#say(true);
  }

  #say(isMissing) {
    this.hidden = !isMissing;
  }

  #askAgain() {
    this.picture.src = this.picture.getAttribute("src");
  }
}

customElements.define("missing-picture", MissingPicture);
