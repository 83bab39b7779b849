"""A study that this process serves, what its pages complain of, and pictures that are made once for all such studies."""

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page
from tests.browser.kept import Address
from tests.studies import Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import create_app, utcnow
from multilabelfy.workflows.workspace import Workspace

TODAY = utcnow()
"""When the studies were made: now, as far as a browser's session is concerned."""
NAMES = {Role.ANNOTATOR: "Ada", Role.EXPERT: "Ed", Role.OWNER: "Olga"}
HELD = ("size", "sizes", "n_exemplars", "unpictured", "labels", "n_labels", "concepts")
"""What a study's pictures, reference pictures and labels' neighbours depend on, which a browser may hold; their addresses do not."""

_addresses: dict[Path, list[Address]] = {}
"""Those that serve nothing at the moment, by the folder of the display sizes that belongs to what a browser may hold of them."""


@dataclass(frozen=True)
class LiveServer:
    """A study and the address at which it is served."""

    study: Study
    address: str
    complaints: list[str] = field(default_factory=list)

    def accept_complaints(self) -> None:
        """For a test that breaks things on purpose: what the browser complains of is part of it."""
        self.complaints.append("accepted")


def note(server: LiveServer, message: ConsoleMessage) -> None:
    """Keep what the browser complains of."""
    if message.type in {"error", "warning"}:
        server.complaints.append(f"{message.text} ({message.location.get('url')})")


def check(server: LiveServer) -> None:
    """A script error, or a resource that was refused or missing, is a failure."""
    assert "accepted" in server.complaints or not server.complaints, server.complaints


def cut_off(page: Page) -> None:
    """Take the connection away, also from the page's worker: one that sleeps is woken first, or it would wake up with a connection."""
    page.evaluate("fetch('/healthz').then((answer) => answer.text())")
    page.context.set_offline(True)


def study_of_today(folder: Path, **wanted: Any) -> Study:
    """A ready study of this kind. Studies share the display sizes of their pictures, so that each is made once for all of them."""
    workspace = folder / "workspace"
    workspace.mkdir(parents=True)
    (workspace / "pictures").symlink_to(_display_sizes(repr([wanted.get(name) for name in HELD])))
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
    """Serve a study at an address of this machine. Studies with the same pictures follow each other at the same one."""
    waiting = _addresses.setdefault((study.workspace.folder / "pictures").resolve(), [])
    address = waiting.pop() if waiting else Address()
    address.app = create_app(study.workspace)
    try:
        yield LiveServer(study, address.url)
    finally:
        address.app = None
        waiting.append(address)


@contextlib.contextmanager
def served_workspace(workspace: Workspace) -> Iterator[str]:
    """Serve any open workspace at an address of its own, which is yielded."""
    address = Address(create_app(workspace))
    try:
        yield address.url
    finally:
        address.end()
