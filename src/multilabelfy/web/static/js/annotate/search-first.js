// A share of the pictures is answered by search alone first: until then the candidates lie in templates, which no eye and no key finds. The
// form keeps in `first` what was said by then, and goes on with it.
import { read, show } from "../desk/sheet/choices.js";

export function isSearching(sheet) {
  return later(sheet).length > 0;
}

// Bring the candidates into view. A label that the search found and that is among them is chosen in its row from now on.
export function bringCandidates(sheet, first = votesAsSent(read(sheet).votes)) {
  const choices = read(sheet);
  sheet.form.elements.first.value = first;
  sheet.form.elements.stage.value = "";
  later(sheet).forEach((template) => template.replaceWith(template.content));
  const heading = sheet.piece("heading");
  heading.textContent = heading.dataset.then;
  sheet.piece("hint").remove();
  const isRow = (label) => sheet.querySelector(`[data-part=row][data-label="${label}"]`);
  show(sheet, { ...choices, added: choices.added.filter(({ label }) => !isRow(label)) });
}

// The votes as the form sends them: "3:2 9:1" is a yes to label 3 and a maybe to label 9; "-" is none.
function votesAsSent(votes) {
  const parts = Object.entries(votes).map(([label, vote]) => `${label}:${vote === "yes" ? 2 : 1}`);
  return parts.join(" ") || "-";
}

function later(sheet) {
  return [...sheet.querySelectorAll("template[data-part=later]")];
}
