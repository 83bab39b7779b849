// What the annotate page's sheet and the refine page's case have in common: fields that open over the form, and the fitting of the picture.

// The field that a click opens or closes, if it is a note, the search or the talk.
export function popupOf(event) {
  const popup = event.target.closest("summary")?.parentElement;
  return popup?.matches(".note, .search, .talk") ? popup : null;
}

// The field has the focus at once: the next key is typed into it.
export function turnPopup(event, popup) {
  event.preventDefault();
  popup.open = !popup.open;
  if (popup.open) popup.querySelector("textarea, input[type=search]").focus();
}

// Esc leaves a popup, and so does Enter in the field for a missing label and in the one-line field of this name.
export function leavesPopup(event, field) {
  return event.key === "Escape" || (event.key === "Enter" && ["missing", field].includes(event.target.name));
}

// Ctrl+Enter (⌘+Enter) in a text sends what it belongs to.
export function sends(event) {
  return event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && event.target.matches("textarea, input[type=text]");
}

// A press elsewhere closes these fields, and a turned five does: they lie over labels, which nobody would see. What is typed stays.
export function closeFields(sheet, pressed = null) {
  for (const popup of sheet.querySelectorAll(":is(.note, .search, .talk)[open]")) {
    if (popup.contains(pressed)) continue;
    if (popup.contains(document.activeElement)) sheet.focus({ preventScroll: true });
    popup.open = false;
  }
}

// The sheet takes the focus at once: a closed field would keep it until the next drawing, and swallow the keys till then.
export function closePopups(sheet) {
  sheet.querySelectorAll("details[open]").forEach((details) => (details.open = false));
  sheet.focus({ preventScroll: true });
}

// A small picture is enlarged to twice its size, and where that leaves it smaller than 60% of its place, to four times at most: none goes
// beyond the place there is.
export function fitPicture(picture) {
  const fit = () => {
    const { naturalWidth: width, naturalHeight: height, style, classList } = picture;
    if (!width) return;
    style.setProperty("--w", `${width}px`);
    style.setProperty("--h", `${height}px`);
    classList.add("fitted");
  };
  picture.addEventListener("load", fit);
  if (picture.complete) fit();
}
