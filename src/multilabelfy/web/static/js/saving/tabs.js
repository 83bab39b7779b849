// Tell this browser's other tabs what happened here; each kind of message arrives there as an event of that name.

export class Tabs extends EventTarget {
  #channel = null;

  constructor(name) {
    super();
    if (!("BroadcastChannel" in globalThis)) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent(data.kind, { detail: data.detail }));
  }

  tell(kind, detail) {
    this.#channel?.postMessage({ kind, detail });
  }
}
