// What can wait: act once the page and the pictures in view are there, the first keys could be pressed, and the browser has nothing else to do.

const FIRST_KEYS = 250;

export function whenQuiet(act) {
  const rest = () => setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(act), FIRST_KEYS);
  if (document.readyState === "complete") rest();
  else addEventListener("load", rest, { once: true });
}
