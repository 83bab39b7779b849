// What follows on a sheet from what stands in its form: which chips are seen, whether the relation and the reason are asked, and what is filled.
import { keptFields, places } from "./choices.js";
import { _ } from "../../page/words.js";

// The places whose label is chosen, surely or maybe.
export function ticked(sheet) {
  return places(sheet).filter((place) => place.dataset.vote && place.dataset.vote !== "no");
}

// With two labels or more chosen, where the protocol asks how they relate.
export function isRelationAsked(sheet) {
  const isPossible = sheet.piece("relation") && !sheet.outcome;
  return Boolean(isPossible) && ticked(sheet).filter((place) => place.dataset.vote === "yes").length >= 2;
}

// Draw what follows from the fields.
export function drawAsked(sheet) {
  drawChips(sheet, sheet.outcome === "cannot-tell");
  sheet.form.classList.toggle("asks-reason", sheet.asksReason);
  const relation = sheet.piece("relation");
  if (relation) relation.disabled = relation.classList.toggle("is-asleep", !isRelationAsked(sheet));
  sheet.piece("reasons").disabled = !sheet.asksReason;
  for (const popup of sheet.querySelectorAll("details.note, details.search")) popup.toggleAttribute("data-filled", isFilled(sheet, popup));
}

// Whether the reason that is chosen wants a note.
export function wantsNote(sheet) {
  return sheet.querySelector("input[name=reason]:checked")?.dataset.wantsNote !== undefined;
}

function drawChips(sheet, isUnsure) {
  for (const chip of sheet.querySelectorAll("[data-part=chip]")) {
    const { vote } = placeOf(sheet, chip).dataset;
    chip.hidden = !vote || vote === "no";
    chip.classList.toggle("is-maybe", vote === "maybe" && !isUnsure);
    chip.classList.toggle("is-unsure", isUnsure);
  }
  const title = sheet.piece("chosen-title");
  title.textContent = isUnsure && ticked(sheet).length ? _("cannot tell between") : title.dataset.words;
}

// Whether something is typed there that is sent with the answer: not what is searched for.
function isFilled(sheet, popup) {
  const kept = keptFields(sheet);
  return [...popup.querySelectorAll("textarea, input")].some(({ name, value }) => kept.includes(name) && value.trim());
}

function placeOf(sheet, chip) {
  return "added" in chip.dataset ? chip : sheet.querySelector(`[data-part=row][data-label="${chip.dataset.label}"]`);
}
