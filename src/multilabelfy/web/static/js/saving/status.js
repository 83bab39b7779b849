// Show in the header, in words, what is saved; a refused answer and an ended session carry the way to their next step.

import { whenReleased } from "../page/press.js";
import { _, ngettext } from "../page/words.js";

const QUIET = 200; // a shorter save is not worth a flicker

class SaveStatus extends HTMLElement {
  #timer = null;

  connectedCallback() {
    document.addEventListener("outbox", ({ detail }) => {
      clearTimeout(this.#timer);
      const show = () => whenReleased(() => this.#show(detail)); // a link in it that is being pressed stays
      if (detail.outbox.state === "saving") this.#timer = setTimeout(show, QUIET);
      else show();
    });
  }

  #show({ outbox, signIn }) {
    const n = outbox.unsent.length;
    const kept = ngettext("%(n)s answer kept here", "%(n)s answers kept here", n);
    const words = { saved: _("all saved"), saving: _("saving"), kept: _("%(kept)s, no connection", { kept }), "signed-out": `${kept}: ` };
    this.dataset.state = outbox.refused.length ? "refused" : outbox.state === "signed-out" ? "kept" : outbox.state;
    if (outbox.refused.length) return this.replaceChildren(this.#link(outbox.refused[0].page, _("an answer needs your attention")));
    this.replaceChildren(words[outbox.state]);
    if (outbox.state === "signed-out") this.append(this.#link(signIn, _("sign in again")));
  }

  #link(address, text) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    return link;
  }
}

customElements.define("save-status", SaveStatus);
