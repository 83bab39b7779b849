// One label of one picture: yes or no, each a button that sends the form. Nothing stands here before it is sent, so that the journal keeps nothing.
import { Sheet } from "../desk/sheet/sheet.js";
import { newId } from "../saving/outbox.js";

class QuickQuestion extends Sheet {
  get handle() {
    return `${this.dataset.assignment}-${this.dataset.label}`;
  }

  // The reference pictures count as much as the picture.
  prefetch() {
    const pictures = [...this.querySelectorAll("img.judged, img.references")];
    return Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
  }

  // Each of its buttons says something, the same as before too.
  isNews() {
    return true;
  }

  problem(submitter) {
    return submitter ? "" : "vote";
  }

  answer(submitter) {
    const id = newId();
    const body = [["id", id], ["vote", submitter.value], ["present", String(Math.round(this.present))]];
    this.present = 0;
    return { id, assignment: this.handle, address: this.address, page: this.address, body };
  }
}

customElements.define("quick-question", QuickQuestion);
