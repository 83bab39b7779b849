// What can wait, so that the first key and the picture in view come first.

const FIRST_KEYS = 250;

// Act once the page and the pictures in view are there, the first keys could be pressed, and the browser has nothing else to do.
export function whenQuiet(act) {
  const rest = () => (globalThis.requestIdleCallback ?? setTimeout)(act);
  if (document.readyState === "complete") rest();
  else addEventListener("load", () => setTimeout(rest, FIRST_KEYS), { once: true });
}
