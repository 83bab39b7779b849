"""A browser with a profile of its own that can be closed, killed and started again, with one tab that a person looks at, and others."""

import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Page, Playwright
from playwright.sync_api import Error as BrowserError
from scripts.browser import installed_browser

ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-crash-restore-bubble",
)
MOST_TABS = 3


class ChaosBrowser:
    """Chromium on the profile in `folder`; `page` is the tab in view."""

    def __init__(self, playwright: Playwright, folder: Path, address: str, arguments: Sequence[str] = ()) -> None:
        self._playwright = playwright
        self._folder = folder
        self._address = address
        self._arguments = [*ARGUMENTS, *arguments]
        self._offline = False
        self.complaints: list[str] = []
        self._open()

    def close(self) -> None:
        """Close it, as a person does."""
        with contextlib.suppress(BrowserError):
            self._context.close()

    def restart(self) -> None:
        """Close it and start it again."""
        self.close()
        self._open()

    def kill(self) -> None:
        """Kill its processes without a warning, and start it again."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.restart()

    def set_offline(self, offline: bool) -> None:
        """Take the network from it, or give it back."""
        if offline != self._offline:
            self._offline = offline
            with contextlib.suppress(BrowserError):
                self._context.set_offline(offline)

    def delete_cookies(self) -> None:
        """Forget who is signed in."""
        self._context.clear_cookies()

    def close_tab(self) -> None:
        """Close the tab in view without asking it; another one, or a new and empty one, comes into view."""
        self.page.close(run_before_unload=False)
        there = self._pages()
        self._take_up(there[-1] if there else self._new_page())
        self.is_old = bool(there)

    def crash_tab(self) -> None:
        """Let the process of the tab in view die. An offline browser is online again: its worker dies too, and Playwright would wait for
        ever for that one to hear that it is offline."""
        self.set_offline(False)
        crashed = self.page
        with contextlib.suppress(BrowserError):
            crashed.goto("chrome://crash", wait_until="commit", timeout=3000)
        with contextlib.suppress(BrowserError):
            crashed.close(run_before_unload=False)
        self._take_up(self._new_page())

    def duplicate_tab(self, *, stay: bool) -> None:
        """Open the same address in a second tab, and look at the first or at the second."""
        first, second = self.page, self._new_page()
        with contextlib.suppress(BrowserError):
            second.goto(first.url, wait_until="commit", timeout=5000)
        self._take_up(first if stay else second)
        for page in self._pages()[:-MOST_TABS]:
            if page is not self.page:
                page.close(run_before_unload=False)

    def change_tab(self) -> None:
        """Look at the tab that was opened first and is not in view."""
        others = [page for page in self._pages() if page is not self.page]
        if others:
            self._take_up(others[0])
            self.is_old = True

    def _open(self) -> None:
        self._context: BrowserContext = self._playwright.chromium.launch_persistent_context(
            self._folder,
            executable_path=installed_browser(),
            args=self._arguments,
            base_url=self._address,
            viewport={"width": 1280, "height": 800},
            offline=self._offline,
        )
        self._context.set_default_timeout(10_000)
        self._context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self._context.on("dialog", lambda dialog: dialog.accept())
        self._take_up(self._pages()[0] if self._pages() else self._new_page())

    def _take_up(self, page: Page) -> None:
        self.page = page
        self.is_old = False  # whether it stood open while the person worked in another tab
        page.once("framenavigated", lambda _: self._renew(page))
        with contextlib.suppress(BrowserError):
            page.bring_to_front()

    @property
    def may_be_behind(self) -> bool:
        """Whether the tab in view may lack an answer: it stood open meanwhile, or another tab sends while this one loads."""
        return self.is_old or len(self._pages()) > 1

    def _renew(self, page: Page) -> None:
        if page is self.page:
            self.is_old = False

    def _new_page(self) -> Page:
        return self._context.new_page()

    def _pages(self) -> list[Page]:
        return self._context.pages

    def _processes(self) -> list[int]:
        """Chromium's processes on this profile, the ones below this process alone."""
        below = psutil.Process().children(recursive=True)
        profile = f"--user-data-dir={self._folder}"
        found = []
        for process in below:
            with contextlib.suppress(psutil.Error):
                if profile in process.cmdline():
                    found.append(process.pid)
        return found
