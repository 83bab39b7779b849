// Runs before the first paint: the page may lay itself out for its scripts.
document.documentElement.classList.add("scripted");
