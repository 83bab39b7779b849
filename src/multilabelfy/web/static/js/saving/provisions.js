// What this browser holds to go on without a connection: the annotate page, the sheets that are ready, and their pictures. A service worker
// keeps and serves them; browsers have one on https and on this machine alone.

// When this page was asked for, by the clock of Date.now(): performance.timeOrigin drifts from it.
export const PAGE_ASKED = Date.now() - performance.now();
const QUIET = 1_000; // the page itself comes first
const WORKER = `${document.documentElement.dataset.prefix ?? ""}/service-worker.js`; // a proxy may show the site below a prefix

export class Provisions {
  #page;
  #owner;
  #worker = null;
  #waiting = [];

  constructor({ address, person, workspace }) {
    this.#page = address;
    this.#owner = `${workspace}:${person}`;
  }

  // Whether this browser, at this address, can work without a connection.
  static get arePossible() {
    return isSecureContext && "serviceWorker" in navigator;
  }

  // Register the worker and give it what has been told so far.
  begin() {
    if (!Provisions.arePossible) return;
    setTimeout(() => this.#begin().catch((error) => console.info(error)), QUIET);
  }

  // A sheet is here, as the server rendered it: hold it with its pictures, and with the moment at which it was asked for. One that was held
  // before has its moment already.
  hold(sheet, text, asked) {
    const pictures = [...sheet.querySelectorAll("img.judged, summary img.strip")].map(addressOf);
    const html = sheet.dataset.asked ? text : text.replace("<answer-sheet", `$& data-asked="${Math.floor(asked)}"`);
    this.#tell({ kind: "hold", assignment: sheet.dataset.assignment, html, pictures });
  }

  // Its answer is acknowledged.
  drop(assignment) {
    this.#tell({ kind: "drop", assignment });
  }

  async #begin() {
    await navigator.serviceWorker.register(WORKER);
    const { active } = await navigator.serviceWorker.ready;
    const files = [...document.querySelectorAll("link[href], script[src]")].map((one) => one.getAttribute("href") ?? one.getAttribute("src"));
    this.#worker = active;
    this.#tell({ kind: "begin", files });
    this.#waiting.forEach((message) => this.#tell(message));
    this.#waiting = [];
  }

  #tell(message) {
    if (!Provisions.arePossible) return;
    if (this.#worker) this.#worker.postMessage({ ...message, owner: this.#owner, page: this.#page });
    else this.#waiting.push(message);
  }
}

// The address that this window shows an image by: a row's reference pictures come in two sizes.
function addressOf(image) {
  const source = image.parentElement.querySelector("source");
  return source && matchMedia(source.media).matches ? source.getAttribute("srcset") : image.getAttribute("src");
}
