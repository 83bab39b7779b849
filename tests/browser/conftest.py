"""What the tests in a real browser share: Chromium, a served study, and pages in which somebody is signed in.

`live_server` serves a small ready study (or `serve_study(...)` one of your own); `page_as(Role.EXPERT)` is a page of it with a session. A
page that reports a script error or a refused resource fails its test at the end.
"""

import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from scripts.browser import installed_browser
from tests.studies import Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import create_app, utcnow
from multilabelfy.workflows.workspace import KEY_FILE, Workspace

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP study.test 127.0.0.1",  # another machine's name: over plain http its pages have no worker, locks or caches
]
KEY = hashlib.sha256(b"the key of every study in a browser").hexdigest()
NAMES = {Role.ANNOTATOR: "Ada", Role.EXPERT: "Ed", Role.OWNER: "Olga"}


@dataclass(frozen=True)
class LiveServer:
    """A study and the address at which it is served."""

    study: Study
    address: str
    complaints: list[str] = field(default_factory=list)

    def accept_complaints(self) -> None:
        """For a test that breaks things on purpose: what the browser complains of is part of it."""
        self.complaints.append("accepted")


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


@pytest.fixture(scope="session")
def pictures_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], None]:
    """`pictures_of(workspace, kind)`: studies of one kind show the same pictures, so their sizes are made once for all of them."""
    shared = tmp_path_factory.mktemp("pictures")

    def share(workspace: Path, kind: str) -> None:
        workspace.mkdir(parents=True)
        (workspace / KEY_FILE).write_text(KEY)  # the pictures' addresses are signed with it
        here = shared / hashlib.sha256(kind.encode()).hexdigest()
        here.mkdir(exist_ok=True)
        (workspace / "pictures").symlink_to(here)

    return share


@pytest.fixture
def serve_study(tmp_path: Path, pictures_of: Callable[[Path, str], None]) -> Iterator[Callable[..., LiveServer]]:
    """`serve_study(protocol=BLIND, n_images=3)`: a ready study of this kind, served until the test ends."""
    with contextlib.ExitStack() as stack:

        def serve(**wanted: Any) -> LiveServer:
            folder = tmp_path / f"study-{len(list(tmp_path.iterdir()))}"
            pictures_of(folder / "workspace", repr(sorted(wanted.items())))
            study = ready_study(folder, now=utcnow(), **wanted)
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
            context.set_default_timeout(10_000)
            page = context.new_page()
            page.on("pageerror", lambda error: at.complaints.append(str(error)))
            page.on("console", lambda message: note(at, message))
            stack.callback(context.close)
            stack.callback(check, at)
            link = at.study.invite(name or NAMES[role], role, utcnow())
            signed_in = context.request.post(f"{at.address}{link}", max_redirects=0)
            assert signed_in.status == 303, signed_in.text()
            host = urlsplit(options.get("base_url", at.address)).hostname or ""
            (session,) = context.cookies()
            context.add_cookies([{"name": session["name"], "value": session["value"], "domain": host, "path": "/"}])
            return page

        yield open_page


def note(server: LiveServer, message: ConsoleMessage) -> None:
    """Keep what the browser complains of."""
    if message.type in {"error", "warning"}:
        server.complaints.append(f"{message.text} ({message.location.get('url')})")


def check(server: LiveServer) -> None:
    """A script error, or a resource that was refused or missing, is a failure."""
    assert "accepted" in server.complaints or not server.complaints


@contextlib.contextmanager
def served(study: Study) -> Iterator[LiveServer]:
    """Serve a study on a free port of this machine, in a thread."""
    with served_workspace(study.workspace) as address:
        yield LiveServer(study, address)


@contextlib.contextmanager
def served_workspace(workspace: Workspace) -> Iterator[str]:
    """The same for any open workspace; yields the address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)
