// Follow one's way through the study in the header, as the server counts it with each answer that it acknowledges.

import { _, number } from "../page/words.js";

export function followProgress(outbox) {
  outbox.addEventListener("acknowledged", ({ detail: { answer } }) => {
    if (!answer.images) return;
    const bar = document.getElementById("progress");
    bar.max = answer.images;
    bar.value = answer.answered;
    document.getElementById("progress-text").textContent = _("%(n)s of %(all)s", { n: number(answer.answered), all: number(answer.images) });
  });
}
