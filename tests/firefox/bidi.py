"""A thin client of WebDriver BiDi, which Firefox speaks without a driver (W3C, https://w3c.github.io/webdriver-bidi/).

Playwright speaks it, too, but asks for more than Debian's Firefox knows, and drives no other Firefox than its own build otherwise.
"""

import base64
import contextlib
import itertools
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PATIENCE = 15.0
"""Seconds until something that does not come is a failure."""
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "Control": "\ue009"}
"""WebDriver's names of the keys that print nothing."""
COARSE, MOUSE = 1, 6
"""What a finger can, and what a mouse can (fine, and hovers), in Firefox's numbers."""
SEEN = """(selector, text) => [...document.querySelectorAll(selector)].find((one) =>
  one.checkVisibility() && (one.getAttribute("aria-label") ?? one.textContent).includes(text))"""


class Tab:
    """The one tab of a Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        self.version: str = self.send("session.new", capabilities={})["capabilities"]["browserVersion"]
        self.send("session.subscribe", events=["log.entryAdded"])
        self._context: str = self.send("browsingContext.create", type="tab")["context"]

    def send(self, method: str, **params: Any) -> Any:
        """The result of a command; what the page complains of meanwhile is kept."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (message := json.loads(self._socket.recv(PATIENCE))).get("id") != number:
            self._note(message)
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
        return message["result"]

    def go(self, address: str) -> None:
        """Open an address and wait until its page is loaded."""
        self.send("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def resize(self, width: int, height: int) -> None:
        """Give the page another window."""
        self.send("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, waited for, by way of JSON."""
        wrapped = f"(async () => JSON.stringify((await ({expression})) ?? null))()"
        came = self.send("script.evaluate", expression=wrapped, target={"context": self._context}, awaitPromise=True)
        if came["type"] == "exception":
            raise RuntimeError(came["exceptionDetails"]["text"])
        return json.loads(came["result"]["value"])

    def until(self, expression: str) -> None:
        """Wait until an expression is true, also over a change of page."""
        last: object = None
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                last = self.evaluate(expression)
            except RuntimeError as error:  # the page that was asked is gone
                last = error
            if last is True:
                return
            time.sleep(0.03)
        raise TimeoutError(f"It did not come to {expression} (last: {last})")

    def press(self, *keys: str) -> None:
        """Press keys one after the other; "Control+Enter" holds the first."""
        for key in keys:
            held = [KEYS.get(name, name) for name in (key.split("+") if len(key) > 1 else [key])]
            down = [{"type": "keyDown", "value": value} for value in held]
            up = [{"type": "keyUp", "value": value} for value in reversed(held)]
            self.send("input.performActions", context=self._context, actions=[{"type": "key", "id": "keys", "actions": [*down, *up]}])

    def click(self, selector: str, text: str = "") -> None:
        """Click with the mouse on the first visible element of this kind that says this."""
        element = f"({SEEN})({json.dumps(selector)}, {json.dumps(text)})"
        self.until(f"!!{element}")
        middle = """(one) => { one.scrollIntoView({ block: "nearest" }); const box = one.getBoundingClientRect();
          return [box.left + box.width / 2, box.top + box.height / 2].map(Math.floor); }"""
        x, y = self.evaluate(f"({middle})({element})")
        pointer = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.send("input.performActions", context=self._context, actions=[{"type": "pointer", "id": "mouse", "actions": pointer}])

    def screenshot(self, path: Path) -> None:
        """What is in view, as a PNG."""
        path.write_bytes(base64.b64decode(self.send("browsingContext.captureScreenshot", context=self._context)["data"]))

    def _note(self, message: dict[str, Any]) -> None:
        entry = message.get("params", {})
        if message.get("method") == "log.entryAdded" and entry["level"] in {"error", "warn"}:
            self.complaints.append(f"{entry['level']}: {entry['text']}")


@contextlib.contextmanager
def firefox(path: str, *, touch: bool = False) -> Iterator[Tab]:
    """Firefox without a window, on a new profile; its tab. Without a window it knows neither mouse nor finger unless it is told."""
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        pointer = COARSE if touch else MOUSE
        likes = {"ui.primaryPointerCapabilities": pointer, "ui.allPointerCapabilities": pointer, "ui.useOverlayScrollbars": int(touch)}
        (Path(profile) / "user.js").write_text("".join(f'user_pref("{name}", {value});\n' for name, value in likes.items()))
        command = [path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            with connect(f"{_listening(process)}/session", max_size=None, proxy=None) as socket:
                yield Tab(socket)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _listening(process: subprocess.Popen[str]) -> str:
    """The address that Firefox names on its way up."""
    assert process.stderr is not None
    for line in process.stderr:
        if address := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return address.group(1)
    raise RuntimeError("Firefox ended before it listened.")
