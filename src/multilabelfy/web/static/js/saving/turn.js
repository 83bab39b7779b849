// One tab at a time: by the browser's locks, and over plain http, where it has none, by an entry in its storage that expires when its tab dies.
// The entry is a courtesy, no proof: the server applies an id once, whoever sends it.

const LEASE = 5_000;
const BEAT = 1_000;
const SETTLING = 25; // two tabs that write the entry at the same moment both see afterwards whose entry remained

export const TAKEN = Symbol("another tab's turn");

// Act while no other tab does; gives TAKEN, without acting, where one does.
export function inTurn(name, act) {
  if (navigator.locks) return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? act() : TAKEN));
  return byStorage(name, act);
}

async function byStorage(name, act) {
  const me = Math.random().toString(36).slice(2);
  if (!(await seize(name, me))) return TAKEN;
  const beat = setInterval(() => hold(name, me), BEAT);
  try {
    return await act();
  } finally {
    clearInterval(beat);
    if (holder(name) === me) localStorage.removeItem(name);
  }
}

async function seize(name, me) {
  try {
    if (holder(name)) return false;
    hold(name, me);
    await new Promise((resolve) => setTimeout(resolve, SETTLING));
    return holder(name) === me;
  } catch {
    return true; // no storage at all: there is no other tab to wait for
  }
}

function hold(name, me) {
  localStorage.setItem(name, JSON.stringify({ me, until: Date.now() + LEASE }));
}

// Whose turn it is; an entry that has expired, or that a clock set back left far in the future, is nobody's.
function holder(name) {
  const { me, until } = JSON.parse(localStorage.getItem(name) ?? "{}");
  const left = until - Date.now();
  return left > 0 && left <= LEASE ? me : null;
}
