// A share of the pictures is answered by search alone first: until then the candidates lie in templates, which no eye and no key finds. The
// form keeps in `first` what was said by then, and goes on with it.
import { read, show } from "./choices.js";

export function isSearching(sheet) {
  return later(sheet).length > 0;
}

// Bring the candidates into view. A label that the search found and that is among them is chosen in its row from now on.
export function bringCandidates(sheet, first = saidIn(read(sheet).votes)) {
  const choices = read(sheet);
  sheet.querySelector("form.answer").elements.first.value = first;
  sheet.querySelector("form.answer").elements.stage.value = "";
  later(sheet).forEach((template) => template.replaceWith(template.content));
  const question = sheet.querySelector("[data-part=question]");
  question.textContent = question.dataset.then;
  sheet.querySelector("[data-part=hint]").remove();
  const isRow = (label) => sheet.querySelector(`[data-part=row][data-label="${label}"]`);
  show(sheet, { ...choices, added: choices.added.filter((one) => !isRow(one.label)) });
}

// The answers as the form sends them: "3:2 9:1" is a yes to label 3 and a maybe to label 9; "-" is none.
function saidIn(votes) {
  const said = Object.entries(votes).map(([label, vote]) => `${label}:${vote === "yes" ? 2 : 1}`);
  return said.join(" ") || "-";
}

function later(sheet) {
  return [...sheet.querySelectorAll("template[data-part=later]")];
}
