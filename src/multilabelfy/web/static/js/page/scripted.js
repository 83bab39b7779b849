// Runs before the first paint: the page may lay itself out for its scripts.
document.documentElement.classList.add("scripted");
setTimeout(() => document.documentElement.classList.add("late"), 5000); // what waits for a script that never came shows without it
