// One disputed image of an expert: each of its labels valid or not, and a reason where none is.
import { ticked, wantsNote } from "../desk/sheet/asking.js";
import { FormSheet } from "../desk/sheet/form-sheet.js";

class RefineCase extends FormSheet {
  #isAsked = false;

  get lastField() {
    return "reason_note";
  }

  get isNoneValid() {
    return this.outcome === "none";
  }

  // Digits say why none is valid, as they say on the annotate page why a picture is unfit.
  get asksReason() {
    return this.isNoneValid;
  }

  // Whether an answer opens the earlier votes instead of ending the case.
  get leadsToReveal() {
    return "reveals" in this.dataset;
  }

  // Where the case is fetched again once a blind answer is saved.
  get reveal() {
    const { pathname, search } = new URL(this.address);
    return `${pathname}/case${search}`;
  }

  problem() {
    const { reason, reason_note: note } = this.form.elements;
    if (ticked(this).length) return this.#askOnce() ? "untouched" : "";
    if (!this.isNoneValid) return "nothing";
    if (!reason.value) return "reason";
    return wantsNote(this) && !note.value.trim() ? "other" : "";
  }

  // Why no label is valid may be just that there is no picture.
  doubtsPicture() {
    return !this.isNoneValid && super.doubtsPicture();
  }

  // Labels that were ticked before anybody looked are not a decision yet: whoever changes none of them is asked once.
  #askOnce() {
    const isUntouched = "startsTicked" in this.dataset && !this.isTouched && !this.isChanged;
    const asks = isUntouched && !this.#isAsked;
    this.#isAsked ||= asks;
    return asks;
  }
}

customElements.define("refine-case", RefineCase);
