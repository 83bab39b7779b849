// What a sheet asks, given what stands in its form: which chips are seen, whether the relation and the reason are asked, and what is missing yet.
import { places } from "./choices.js";
import { _ } from "../page/words.js";

export function outcomeOf(sheet) {
  return sheet.querySelector("input[name=outcome]:checked")?.value ?? "";
}

// Why the answer cannot be saved as it stands, as the name of its words; empty where it can.
export function problemOf(sheet) {
  const { reason, relation, note } = sheet.form.elements;
  const outcome = outcomeOf(sheet);
  if (!outcome && !ticked(sheet).length) return "nothing";
  if (outcome === "unfit" && !reason.value) return "reason";
  if (outcome === "unfit" && reason.value === "other" && !note.value.trim()) return "other";
  return isRelationAsked(sheet) && !relation.value ? "relation" : "";
}

// Draw what follows from the fields.
export function drawAsked(sheet) {
  const outcome = outcomeOf(sheet);
  drawChips(sheet, outcome === "cannot-tell");
  sheet.form.classList.toggle("is-unfit", outcome === "unfit");
  const relation = part(sheet, "relation");
  if (relation) relation.disabled = relation.classList.toggle("is-asleep", !isRelationAsked(sheet));
  part(sheet, "reasons").disabled = outcome !== "unfit";
  mark(sheet, "details.note", "note");
  mark(sheet, "details.search", "missing");
}

function drawChips(sheet, isUnsure) {
  for (const chip of sheet.querySelectorAll("[data-part=chip]")) {
    const { vote } = placeOf(sheet, chip).dataset;
    chip.hidden = !vote || vote === "no";
    chip.classList.toggle("is-maybe", vote === "maybe" && !isUnsure);
    chip.classList.toggle("is-unsure", isUnsure);
  }
  part(sheet, "chosen-title").textContent = isUnsure && ticked(sheet).length ? _("cannot tell between") : _("chosen");
}

function mark(sheet, selector, field) {
  sheet.querySelector(selector).toggleAttribute("data-filled", Boolean(sheet.form.elements[field].value.trim()));
}

function isRelationAsked(sheet) {
  const isPossible = part(sheet, "relation") && !outcomeOf(sheet);
  return Boolean(isPossible) && ticked(sheet).filter((place) => place.dataset.vote === "yes").length >= 2;
}

function ticked(sheet) {
  return places(sheet).filter((place) => place.dataset.vote && place.dataset.vote !== "no");
}

function placeOf(sheet, chip) {
  return "added" in chip.dataset ? chip : sheet.querySelector(`[data-part=row][data-label="${chip.dataset.label}"]`);
}

function part(sheet, name) {
  return sheet.querySelector(`[data-part=${name}]`);
}
