// Press the control that carries a key: `data-key` on a control is its key cap. Digits go by the key's position (AZERTY types them with
// Shift), letters by what they print, and by position if the layout prints no Latin letters.

const OURS = /^(Digit|Numpad)([0-9])$/;
const NATIVE_ENTER = "a[href], button, summary, input:not([type=checkbox]), textarea, select";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function listen(desk) {
  let ahead = null; // what is typed for a field whose key waits for its turn
  document.addEventListener("keydown", (event) => {
    if (ahead && (ahead = typedAhead(desk, event, ahead))) return;
    if (event.defaultPrevented) return;
    const name = nameOf(event);
    if (!name || !isFree(event, name)) return;
    if (event.repeat && !name.startsWith("Arrow")) return event.preventDefault();
    event.preventDefault();
    if (!desk.isBusy || !opensField(name)) return desk.whenFree(() => press(desk, name));
    const typed = (ahead = { text: "" });
    desk.whenFree(() => {
      press(desk, name);
      type(typed.text);
      if (ahead === typed) ahead = null;
    });
  });
}

// Keys that come before the field is open are typed into it, instead of choosing something. Gives null once no more are: Esc leaves the field,
// and Ctrl+Enter (⌘+Enter) is pressed in it again, behind what was typed.
function typedAhead(desk, event, ahead) {
  const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (!sends && (event.ctrlKey || event.metaKey || event.altKey)) return ahead;
  event.preventDefault();
  if (sends) {
    desk.whenFree(() => void document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event)));
    return null;
  }
  if (event.key === "Escape") {
    desk.whenFree(() => desk.sheet?.closePopups());
    return null;
  }
  if (event.key === "Backspace") ahead.text = ahead.text.slice(0, -1);
  else if (event.key === "Enter") ahead.text += "\n";
  else if (event.key.length === 1) ahead.text += event.key;
  return ahead;
}

function type(text) {
  const field = document.activeElement;
  if (!text || !field.matches(TYPING)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function opensField(name) {
  return Boolean(document.querySelector(`.sheet summary[data-key="${CSS.escape(name)}"]`));
}

// The name of a key in `data-key`: "1", "Shift+1", "u", "/", "Enter", "ArrowUp".
export function nameOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const digit = OURS.exec(event.code)?.[2];
  if (digit && event.code.startsWith("Digit") && digit >= "1" && digit <= "5") return event.shiftKey ? `Shift+${digit}` : digit;
  if (digit && (event.key === digit || (digit === "0" && !event.shiftKey))) return digit;
  if (/^(Enter|Arrow(Up|Down|Left|Right))$/.test(event.key)) return event.shiftKey ? null : event.key;
  if (event.key === "/" || event.key === "?") return event.key;
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  const printsNoLatin = event.key.length === 1 && event.key.charCodeAt(0) > 0x24f;
  return printsNoLatin ? (/^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase() ?? null) : null;
}

// Not while somebody types or a dialog is open; Enter stays native where it means something, arrows in a group of radio buttons.
function isFree(event, name) {
  const target = event.target instanceof Element ? event.target : document.body;
  if (document.querySelector("dialog[open]") || target.closest(TYPING)) return false;
  if (document.body.dataset.keys === "off" && !/^(Enter|Arrow)/.test(name)) return false; // the person's own setting (WCAG 2.1.4)
  if (name === "Enter") return !target.closest(NATIVE_ENTER);
  return !(name.startsWith("Arrow") && target.closest("input[type=radio]"));
}

// What a key does, now or, as a promise, in a moment.
function press(desk, name) {
  const { sheet } = desk;
  if (name === "Enter") return desk.forward();
  if (name === "ArrowLeft") return desk.previous();
  if (name === "ArrowRight") return desk.next();
  if (name === "ArrowDown") return sheet?.openBeside(1);
  if (name === "ArrowUp") return sheet?.openBeside(-1);
  if (name === desk.dataset.takeBack) return desk.takeBack();
  if (name === "?") return document.querySelector("[data-opens=keys]")?.click(); // also where a menu holds it
  if (name.startsWith("Shift+")) return sheet?.toggleCard(Number(name.slice(6)));
  controlOf(sheet, name)?.click();
  return sheet?.settled; // a choice shows once it is kept
}

function controlOf(sheet, name) {
  if (sheet?.asksReason && /^[1-9]$/.test(name)) return sheet.querySelector(`[data-reason-key="${name}"]`);
  const controls = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)];
  return controls.find((control) => !control.closest("[inert]") && (control.checkVisibility?.() ?? control.offsetParent !== null));
}
