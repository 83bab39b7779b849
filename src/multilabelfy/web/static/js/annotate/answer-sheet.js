// One picture of an annotator: which of its candidates are in it. Some are answered by search alone first (search-first.js).
import { isRelationAsked, ticked, wantsNote } from "../desk/sheet/asking.js";
import { FormSheet } from "../desk/sheet/form-sheet.js";
import { _ } from "../page/words.js";
import { bringCandidates, isSearching } from "./search-first.js";

class AnswerSheet extends FormSheet {
  get wayForward() {
    return isSearching(this) && !this.asksReason ? this.dataset.goOn : super.wayForward;
  }

  get news() {
    return this.isAnswered ? _("Your answer to an earlier picture.") : _("Next picture.");
  }

  // The picture is unfit: digits say why.
  get asksReason() {
    return this.outcome === "unfit";
  }

  makeRoomFor({ first }) {
    if (first && isSearching(this)) bringCandidates(this, first);
  }

  // The next five that was not seen, or the candidates after the search.
  openUnseen() {
    if (!isSearching(this) || this.asksReason) return super.openUnseen();
    bringCandidates(this);
    this.open(0);
    this.draw();
    this.keep(this.choices);
    return true;
  }

  problem() {
    const { reason, relation, note } = this.form.elements;
    if (!this.outcome && !ticked(this).length) return "nothing";
    if (this.asksReason && !reason.value) return "reason";
    if (this.asksReason && wantsNote(this) && !note.value.trim()) return "other";
    return isRelationAsked(this) && !relation.value ? "relation" : "";
  }

  // That a picture is unfit, or that one cannot tell, is what somebody who sees none would say.
  doubtsPicture() {
    return !["unfit", "cannot-tell"].includes(this.outcome) && super.doubtsPicture();
  }

  markSaved() {
    super.markSaved();
    this.piece("later-text").textContent = _("next");
  }
}

customElements.define("answer-sheet", AnswerSheet);
