"""A study that this process serves, what its pages complain of, and pictures that are made once for all such studies."""

import contextlib
import hashlib
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import ConsoleMessage, Page
from tests.studies import WORDS, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import create_app, utcnow
from multilabelfy.workflows.workspace import Workspace

TODAY = utcnow()
"""When the studies were made: now, as far as a browser's session is concerned."""
NAMES = {Role.ANNOTATOR: "Ada", Role.EXPERT: "Ed", Role.OWNER: "Olga"}
UNPICTURED = tuple(range(6, len(WORDS)))
"""The labels without reference pictures where a first five shall have them all: each row asks the server for its own, and a page that holds
those of twenty rows and of three more sheets takes more time than all else that most tests do."""
HARDLY_PICTURED = (0, *range(3, len(WORDS)))
"""The same where nobody looks at them."""
DRAWN_BY = ("size", "sizes", "n_exemplars", "unpictured")
"""What a study's pictures and reference pictures depend on; their addresses depend on the key."""

REACHES = "fetch('/healthz', { cache: 'no-store' }).then((answer) => answer.text()).then(() => true, () => false)"
"""Whether a page reaches its server."""


@dataclass(frozen=True)
class LiveServer:
    """A study and the address at which it is served."""

    study: Study
    address: str
    complaints: list[str] = field(default_factory=list)

    def accept_complaints(self) -> None:
        """For a test that breaks things on purpose: what the browser complains of is part of it."""
        self.complaints.append("accepted")


def listen(page: Page, complaints: list[str]) -> None:
    """Keep what the page and its browser complain of."""
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: note(message, complaints))


def note(message: ConsoleMessage, complaints: list[str]) -> None:
    """A line of the browser's console."""
    if message.type in {"error", "warning"}:
        complaints.append(f"{message.text} ({message.location.get('url')})")


def check(complaints: list[str]) -> None:
    """A script error, or a resource that was refused or missing, is a failure."""
    assert "accepted" in complaints or not complaints, complaints


def cut_off(page: Page) -> None:
    """Take the connection away, also from the page's worker: one that sleeps is woken first, or it would wake up with a connection."""
    page.evaluate(REACHES)
    page.context.set_offline(True)
    while page.evaluate(REACHES):  # a worker that began just now may not have heard of it
        page.context.set_offline(False)
        page.context.set_offline(True)


def study_of_today(folder: Path, **wanted: Any) -> Study:
    """A ready study of this kind, of which two labels have reference pictures unless a test wants others (`unpictured`).

    Studies share the display sizes of their pictures, so that each is made once for all of them.
    """
    wanted = {"unpictured": HARDLY_PICTURED, **wanted}
    workspace = folder / "workspace"
    workspace.mkdir(parents=True)
    (workspace / "pictures").symlink_to(_display_sizes(repr([wanted.get(name) for name in DRAWN_BY])))
    return ready_study(folder, now=TODAY, **wanted)


@cache
def _display_sizes(kind: str) -> Path:
    folder = Path(_scratch().name) / hashlib.sha256(kind.encode()).hexdigest()
    folder.mkdir()
    return folder


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """Removed when this process ends."""
    return tempfile.TemporaryDirectory(prefix="pictures-")


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
        listening.listen()  # whoever comes before the loop runs waits, and is not refused
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)
