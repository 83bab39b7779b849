"""Browser contexts that the tests of scenes hand on to each other, since making one costs more than most of these tests do.

A context is wiped before somebody else has it: no page, cookie, route or stored answer is left. What it still holds are scripts, styles and
pictures of a scene, which never change. Tests that are about what a browser keeps, that wait for the sheets which its worker fetches ahead,
or that change what can't be wiped (its clock), have a context of their own.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

STORED = "local_storage,indexeddb,service_workers,cache_storage"
MOST = 6
"""How many contexts are kept for the next test, at most."""


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
    """The contexts that tests hand on, by role and options; the one that nobody took for longest goes where there are many."""

    browser: Browser
    kept: dict[str, Kept] = field(default_factory=dict)

    def handed_on(self, role: str | None, options: dict[str, Any]) -> BrowserContext:
        """A clean context with these options. Whoever asks next for the same closes its pages."""
        kind = json.dumps([role, options], sort_keys=True)
        kept = self.kept.pop(kind, None)
        if kept is None or kept.anchor.is_closed():
            kept = self._new(options)
        else:
            kept.wipe(options["base_url"])
        self.kept[kind] = kept
        while len(self.kept) > MOST:
            self.kept.pop(next(iter(self.kept))).context.close()
        return kept.context

    def _new(self, options: dict[str, Any]) -> Kept:
        context = self.browser.new_context(**options)
        anchor = context.new_page()
        return Kept(context, anchor, context.new_cdp_session(anchor))
