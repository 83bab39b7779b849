// A press lasts from the moment a button or a finger goes down until its click is over. What is pressed, or holds the focus, stays until
// then: Chromium ends the tab where a `details` closes in the `mousedown` or `focusout` of a press inside it, and a click on what was taken
// away meanwhile is lost.

let isPressed = false;
let ending = null;
let waiting = [];

// Act now, or after the press under way.
export function whenReleased(act) {
  if (isPressed) waiting.push(act);
  else act();
}

// The same as a promise.
export function released() {
  return new Promise(whenReleased);
}

// After a touch come the mouse events that stand for it: a press of their own, and the one that moves the focus. Some presses end unseen, on
// a scroll bar or in the browser's own menu: then the next move tells.
for (const kind of ["pointerdown", "mousedown"]) addEventListener(kind, begin, true);
for (const kind of ["pointerup", "pointercancel", "mouseup", "dragend"]) addEventListener(kind, end, true);
addEventListener("pointermove", ({ buttons }) => isPressed && !buttons && end(), { capture: true, passive: true });
addEventListener("blur", ({ target }) => target === window && end(), true);

function begin() {
  clearTimeout(ending);
  isPressed = true;
}

// The click comes right after the button is up, within the same task.
function end() {
  clearTimeout(ending);
  ending = setTimeout(() => {
    isPressed = false;
    const acts = waiting;
    waiting = [];
    acts.forEach((act) => act());
  });
}
