"""What the tests in a real browser share: Chromium, a served study, and pages in which somebody is signed in.

`live_server` serves a small ready study (or `serve_study(...)` one of your own); `page_as(Role.EXPERT)` is a page of it with a session. A
page that reports a script error or a refused resource fails its test at the end. A test that saves nothing asks for `look_at("paper")`,
which costs half as much: it is a page of a study that many tests look at.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from scripts.browser import installed_browser
from tests.browser.live import NAMES, LiveServer, check, listen, served, study_of_today
from tests.browser.scenes import Scenes, scenes

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import utcnow

__all__ = ["scenes"]
expect.set_options(timeout=30_000)  # as long as an action waits: five seconds may be too few on a busy machine
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--renderer-process-limit=1",  # a new process for each page is a quarter of what a page costs
    "--host-resolver-rules=MAP study.test 127.0.0.1",  # another machine's name: over plain http its pages have no worker, locks or caches
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each page gets a context of its own."""
    path = installed_browser()
    if path is None:
        pytest.skip("needs a Chromium: run `python scripts/browser.py`, or name one in MULTILABELFY_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def serve_study(tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """`serve_study(protocol=BLIND, n_images=3)`: a ready study of this kind, served until the test ends."""
    with contextlib.ExitStack() as stack:

        def serve(**wanted: Any) -> LiveServer:
            study = study_of_today(tmp_path / f"study-{len(list(tmp_path.iterdir()))}", **wanted)
            stack.callback(study.workspace.close)
            return stack.enter_context(served(study))

        yield serve


@pytest.fixture
def live_server(serve_study: Callable[..., LiveServer]) -> LiveServer:
    """A small study under the paper's protocol."""
    return serve_study()


@pytest.fixture
def page_as(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`page_as(Role.OWNER)`: an empty page, in whose browser such a person is signed in at `live_server`.

    `server=` names another server, `name=` the person; everything else is an option of the browser's context.
    """
    with contextlib.ExitStack() as stack:

        def open_page(role: Role = Role.ANNOTATOR, *, name: str = "", server: LiveServer | None = None, **options: Any) -> Page:
            at: LiveServer = server or request.getfixturevalue("live_server")
            context = chromium.new_context(**{"base_url": at.address, "viewport": {"width": 1280, "height": 800}, **options})
            page = context.new_page()
            listen(page, at.complaints)
            stack.callback(context.close)
            stack.callback(check, at.complaints)
            link = at.study.link(name or NAMES[role], role, utcnow())
            signed_in = context.request.post(f"{at.address}{link}", max_redirects=0)
            assert signed_in.status == 303, signed_in.text()
            host = urlsplit(options.get("base_url", at.address)).hostname or ""
            (session,) = context.cookies()
            context.add_cookies([{"name": session["name"], "value": session["value"], "domain": host, "path": "/"}])
            return page

        yield open_page


@pytest.fixture
def look_at(scenes: Scenes) -> Iterator[Callable[..., Page]]:
    """`look_at("paper", Role.EXPERT)`: an empty page of a scene, for a test that saves nothing; options are the context's."""
    with contextlib.ExitStack() as stack:

        def open_page(scene: str, role: Role = Role.ANNOTATOR, **options: Any) -> Page:
            page = scenes.page(scene, role, **options)
            complaints: list[str] = []
            listen(page, complaints)
            stack.callback(page.close)
            stack.callback(check, complaints)
            return page

        yield open_page
