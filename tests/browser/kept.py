"""What one test leaves to the next, since making it costs more than most tests do: browser contexts, and addresses of changing studies.

A context is wiped before somebody else has it: no page, cookie, route or stored answer is left. What it still holds are scripts, styles and
pictures of an address, which are the same for every study that is served there. Tests that are about what a browser keeps, or that change
what can't be wiped (its clock), have a context of their own.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

STORED = "local_storage,indexeddb,service_workers,cache_storage"
MOST = 6
"""How many contexts are kept for the next test, at most."""


@dataclass
class Address:
    """A server of this process that stays at its port, whichever application it serves."""

    app: Any = None
    listening: socket.socket = field(default_factory=socket.socket)

    def __post_init__(self) -> None:
        self.listening.bind(("127.0.0.1", 0))
        self.listening.listen()  # whoever comes before the loop runs waits, and is not refused
        self.server = uvicorn.Server(uvicorn.Config(self._serve, interface="asgi3", log_level="warning", lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def end(self) -> None:
        """Stop serving."""
        self.server.should_exit = True
        self.thread.join(10)
        self.listening.close()

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        if self.app is not None:
            await self.app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class Kept:
    """A context, and the page that keeps its process alive and wipes it."""

    context: BrowserContext
    anchor: Page
    cdp: CDPSession

    def wipe(self, origin: str) -> None:
        """Take away everything that a test may have left."""
        self.context.set_offline(False)
        for page in self.context.pages:
            if page is not self.anchor:
                page.close()
        self.context.unroute_all(behavior="ignoreErrors")
        self.context.clear_cookies()
        self.cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORED})


@dataclass
class Contexts:
    """The contexts that tests hand on, by whatever tells them apart; the one that nobody took for longest goes where there are many."""

    browser: Browser
    waiting: dict[str, Kept] = field(default_factory=dict)

    @contextlib.contextmanager
    def borrowed(self, options: dict[str, Any], has_failed: Callable[[], bool]) -> Iterator[BrowserContext]:
        """A clean context with these options. Where a test failed meanwhile, nobody has its context after it."""
        kind = json.dumps(options, sort_keys=True)
        kept = self.taken(kind, options)
        yield kept.context
        if has_failed():
            kept.context.close()
        else:
            self.hand_on(kind, kept)

    def taken(self, kind: str, options: dict[str, Any]) -> Kept:
        """A clean context of this kind, to be handed on; a new one has these options."""
        kept = self.waiting.pop(kind, None)
        if kept is None or kept.anchor.is_closed():
            context = self.browser.new_context(**options)
            anchor = context.new_page()
            return Kept(context, anchor, context.new_cdp_session(anchor))
        kept.wipe(options["base_url"])
        return kept

    def handed_on(self, kind: str, options: dict[str, Any]) -> BrowserContext:
        """The same, for whoever does not say when they are ready: whoever asks next for this kind closes their pages."""
        kept = self.taken(kind, options)
        self.hand_on(kind, kept)
        return kept.context

    def hand_on(self, kind: str, kept: Kept) -> None:
        """Somebody else may have it from now on; its pages are closed by then."""
        self.waiting[kind] = kept
        while len(self.waiting) > MOST:
            self.waiting.pop(next(iter(self.waiting))).context.close()
