// Sheets on the shelf, in the page but not shown: there a browser fetches what is to be ready, and leaves what can wait. It is closed, so that
// neither a key nor a screen reader finds what lies there.

export class Shelf {
  #place;

  constructor(host) {
    this.#place = host.attachShadow({ mode: "closed" }).appendChild(document.createElement("div"));
  }

  // Put the sheets of a fragment there; gives each with the text that the server rendered.
  put(html) {
    const fragment = document.createElement("template");
    fragment.innerHTML = html;
    const fresh = [...fragment.content.children].map((sheet) => ({ sheet, text: sheet.outerHTML }));
    this.#place.append(...fragment.content.children);
    return fresh;
  }
}
