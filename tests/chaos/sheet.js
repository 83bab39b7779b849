// What a person sees on the annotate page now, read from its elements: the sheet, the five in view, what is shown as chosen.
// Where `before` is given, once it is something else; null where that takes too long.
async ([before, isEntered, seconds]) => {
  for (const end = performance.now() + 1000 * seconds; ; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const seen = look();
    if (!before || differs(seen)) return seen;
    if (performance.now() > end) return null;
  }

  function look() {
    const desk = document.querySelector("annotate-desk");
    const title = document.querySelector("h1")?.textContent.trim() ?? "";
    if (!desk) return { kind: location.pathname.startsWith("/sign-in") ? "sign-in" : "page", title };
    const sheet = desk.querySelector(":scope > answer-sheet");
    const status = document.querySelector("save-status").textContent.trim();
    if (!sheet) return { kind: status.includes("sign in again") ? "signed-out" : "between", title: `${desk.innerText.trim()} | ${status}` };
    if (sheet.querySelector("form.answer").elements.scripted.value !== "1") return { kind: "loading", title };
    if (getComputedStyle(sheet.querySelector(".panel")).visibility === "hidden") return { kind: "loading", title };
    const fives = [...sheet.querySelectorAll("[data-part=five]")];
    const refusal = sheet.querySelector("[data-part=refusal]");
    return {
      kind: "sheet",
      title,
      status,
      assignment: Number(sheet.dataset.assignment),
      isAnswered: sheet.dataset.answered === "yes",
      five: fives.findIndex((five) => !five.hidden),
      fives: fives.map((five) => [...five.querySelectorAll("[data-part=row]")].map((row) => Number(row.dataset.label))),
      opened: fives.map((five) => five.querySelector("[data-part=opened]").value !== ""),
      votes: Object.fromEntries(votes(sheet)),
      outcome: sheet.querySelector("input[name=outcome]:checked")?.value ?? "",
      refusal: refusal.hidden ? "" : refusal.textContent.trim(),
    };
  }

  // A row shows its choice by its box.
  function votes(sheet) {
    return [...sheet.querySelectorAll("[data-part=row]")].flatMap((row) => {
      const yes = row.querySelector("input[name=yes]");
      const vote = yes.indeterminate || row.querySelector("input[name=maybe]")?.checked ? "maybe" : yes.checked ? "yes" : "no";
      return vote === "no" ? [] : [[row.dataset.label, vote]];
    });
  }

  function differs(seen) {
    const told = (one) => JSON.stringify(isEntered ? [one.kind, one.assignment, one.five, one.refusal] : [one.kind, one.assignment, one.votes, one.outcome]);
    return told(seen) !== told(before);
  }
}
