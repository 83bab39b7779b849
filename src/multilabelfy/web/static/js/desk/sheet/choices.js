// A person's choices on one sheet, as a value: read from the form, changed by a rule, written to the journal, shown in the form. The form's own
// fields hold all of it, so that sending the form is sending what is seen; only what was set aside for a moment is held beside them.
//
// `votes` maps a label to "yes" or "maybe"; `outcome` is the way to end without a label ("none", "unfit"), or "cannot-tell"; `added` are the
// chips, as the server rendered them, of labels that were found by search.

const UNSEEN = ["searched", "first"]; // fields that scripts fill
const AFTER = { no: "yes", yes: "maybe", maybe: "no" };

export function read(sheet, aside = {}) {
  const { elements } = sheet.form;
  const voted = places(sheet).map((place) => [place.dataset.label, voteIn(place)]);
  return {
    votes: Object.fromEntries(voted.filter(([, vote]) => vote !== "no")),
    outcome: outcomes(sheet).find((box) => box.checked)?.value ?? "",
    ...Object.fromEntries([...keptFields(sheet), ...UNSEEN].map((name) => [name, elements[name]?.value ?? ""])),
    added: chips(sheet).map((chip) => ({ label: chip.dataset.label, html: chip.outerHTML })),
    aside,
  };
}

// The choices in the body of a form that was sent; `added` are the chips of what was found by search, as far as they are here.
export function sent(sheet, body, added = []) {
  const all = (name) => body.filter(([other]) => other === name).map(([, value]) => value);
  const votes = (vote) => all(vote).map((label) => [label, vote]);
  return {
    votes: Object.fromEntries([...votes("yes"), ...votes("maybe")]),
    outcome: all("outcome")[0] ?? (all("none").length ? "none" : ""),
    ...Object.fromEntries([...keptFields(sheet), ...UNSEEN].map((name) => [name, all(name)[0] ?? ""])),
    added: added.map((html) => ({ label: /data-label="(\d+)"/.exec(html)[1], html })),
    aside: {},
  };
}

// ---- rules: choices in, choices out

// no → yes → maybe (where the protocol allows it) → no
export function turned(choices, label, hasMaybe) {
  const next = AFTER[choices.votes[label] ?? "no"];
  const vote = next === "maybe" && !hasMaybe ? "no" : next;
  return vote === "no" ? without(choices, label) : voted(choices, label, vote);
}

export function without(choices, label) {
  const { [label]: _, ...votes } = choices.votes;
  return { ...choices, votes };
}

// The chip of an added label goes with its vote.
export function takenBack(choices, label) {
  return { ...without(choices, label), added: choices.added.filter((one) => one.label !== label) };
}

// A label that the search found; `html` is its chip where it stands in no five.
export function found(choices, label, html = "") {
  const isNew = html && !choices.added.some((one) => one.label === label);
  return { ...voted(choices, label, "yes"), added: isNew ? [...choices.added, { label, html }] : choices.added };
}

// The same outcome twice takes it back. An outcome without a label sets the chosen labels aside; taking it back restores them.
export function ended(choices, outcome) {
  if (choices.outcome === outcome) outcome = "";
  const isChosen = Object.keys(choices.votes).length > 0;
  if (outcome && outcome !== "cannot-tell") return { ...choices, outcome, votes: {}, aside: isChosen ? choices.votes : choices.aside };
  return { ...choices, outcome, votes: isChosen ? choices.votes : choices.aside, aside: {} };
}

function voted(choices, label, vote) {
  const outcome = choices.outcome === "cannot-tell" ? choices.outcome : "";
  return { ...choices, outcome, votes: { ...choices.votes, [label]: vote } };
}

// ---- the form

export function show(sheet, choices) {
  showAdded(sheet, choices.added);
  for (const place of places(sheet)) showVote(place, choices.votes[place.dataset.label] ?? "no");
  for (const box of outcomes(sheet)) box.checked = box.value === choices.outcome;
  for (const radio of sheet.form.querySelectorAll("input[type=radio]")) radio.checked = radio.value === (choices[radio.name] ?? "");
}

// What is typed shows by itself; after a reload, or in another tab, it is put back. A field that somebody types in is left alone.
export function showTexts(sheet, choices) {
  const { elements } = sheet.form;
  for (const name of [...keptFields(sheet), ...UNSEEN]) {
    const field = elements[name];
    if (field && !(field instanceof RadioNodeList) && field !== document.activeElement) field.value = choices[name] ?? "";
  }
}

function showAdded(sheet, added) {
  const wanted = new Set(added.map((one) => one.label));
  const there = new Set(chips(sheet).map((chip) => chip.dataset.label));
  chips(sheet).forEach((chip) => wanted.has(chip.dataset.label) || chip.remove());
  const fresh = added.filter((one) => !there.has(one.label)).map((one) => one.html);
  sheet.querySelector("[data-part=chosen]").insertAdjacentHTML("beforeend", fresh.join(""));
}

function showVote(place, vote) {
  const [yes, maybe] = ["yes", "maybe"].map((name) => place.querySelector(`input[name=${name}]`));
  place.dataset.vote = vote;
  yes.checked = vote === "yes";
  yes.indeterminate = vote === "maybe";
  if (maybe) maybe.checked = vote === "maybe";
}

function voteIn(place) {
  if (place.querySelector("input[name=maybe]")?.checked) return "maybe";
  return place.querySelector("input[name=yes]").checked ? "yes" : "no";
}

// The fields beside the labels that a person fills, by the form's own word.
export function keptFields(sheet) {
  return sheet.dataset.kept.split(" ");
}

// Where a label is chosen: its row in a five, or the chip of an added one.
export function places(sheet) {
  return [...sheet.querySelectorAll("[data-part=row]"), ...chips(sheet)];
}

function chips(sheet) {
  return [...sheet.querySelectorAll("[data-part=chip][data-added]")];
}

function outcomes(sheet) {
  return [...sheet.querySelectorAll("[data-part=outcome]")];
}
