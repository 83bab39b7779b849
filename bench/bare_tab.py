"""A tab that nothing records: a driver's own pages keep every response that they get in the page's process, which then seems to leak.

It speaks the protocol of Chromium's developer tools, and turns on no part of it but the one that it needs.
"""

import json
import time
from typing import Any

from playwright.sync_api import Browser

CODES = {"Enter": ("Enter", "\r", 13)}
PATIENCE = 20.0
"""Seconds for which a page may keep one waiting."""


class BareTab:
    """A tab of 1280 × 800 in the browser's own context, which no driver watches."""

    def __init__(self, browser: Browser) -> None:
        self._pump = browser.new_page()  # the driver delivers messages while it waits for one of its own pages
        self._session = browser.new_browser_cdp_session()
        self._answers: dict[int, Any] = {}
        self._n_sent = 0
        target = self._session.send("Target.createTarget", {"url": "about:blank", "width": 1280, "height": 800})["targetId"]
        self._id = self._session.send("Target.attachToTarget", {"targetId": target, "flatten": False})["sessionId"]
        self._session.on("Target.receivedMessageFromTarget", self._on_message)

    def send(self, method: str, **parameters: Any) -> Any:
        """A command of the protocol, and its result. Raises RuntimeError where it fails."""
        self._n_sent += 1
        message = json.dumps({"id": self._n_sent, "method": method, "params": parameters})
        self._session.send("Target.sendMessageToTarget", {"sessionId": self._id, "message": message})
        while self._n_sent not in self._answers:
            self._pump.wait_for_timeout(1)
        answer = self._answers.pop(self._n_sent)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def go_to(self, address: str) -> None:
        """Open an address."""
        self.send("Page.navigate", url=address)

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Until an expression is true in the page. Raises TimeoutError where it never is."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(f"Boolean({script})"):
            if time.monotonic() > end:
                raise TimeoutError(f"the page did not come to {script} within {PATIENCE:.0f} s")
            time.sleep(0.01)

    def press(self, key: str) -> None:
        """A digit, or Enter."""
        code, text, number = CODES.get(key, (f"Digit{key}", key, ord(key[0])))
        named = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **named)
        self.send("Input.dispatchKeyEvent", type="keyUp", **named)

    def _on_message(self, event: Any) -> None:
        message = json.loads(event["message"])
        if event["sessionId"] == self._id and "id" in message:
            self._answers[message["id"]] = message
