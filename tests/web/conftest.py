"""What the tests of the web share: a ready study on SQLite, and clients of its pages with or without a session."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.processes import BegunWork
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import create_app
from multilabelfy.web.page.jobs import worker_process
from multilabelfy.workflows.analysing import analysis_cache


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        """Move on by `minutes=5`, `days=1` and so on."""
        self.now += timedelta(**duration)


class Browser(TestClient):
    """A client that behaves as a browser's page does: it names its origin, and it shows redirects instead of following them."""

    def __init__(self, study: Study, clock: Clock, app: FastAPI | None = None) -> None:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        super().__init__(app or create_app(study.workspace, clock), base_url="http://study.test", headers=headers, follow_redirects=False)
        self.study = study

    def sign_in(self, name: str, role: Role = Role.ANNOTATOR) -> "Browser":
        """Go through the invitation."""
        now = self.app.state.clock()  # type: ignore[attr-defined]
        answer = self.post(self.study.link(name, role, now))
        if answer.status_code == 410:
            answer = self.post(self.study.invite(name, role, now))
        assert answer.status_code == 303, answer.text
        return self


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """Let all requests run in one event loop, as a server's do: else each starts a loop and threads of its own."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture(scope="module", autouse=True)
def commands_begin_loaded() -> Iterator[None]:
    """Let the commands that pages start begin with the product loaded, where a process can open another one's files."""
    with pytest.MonkeyPatch.context() as patch:
        if Path("/proc/self/fd").is_dir():
            patch.setattr(worker_process, "begin", BegunWork)
        yield


@pytest.fixture(scope="module", autouse=True)
def figures_of_now() -> Iterator[None]:
    """Let figures be made anew at each look, however slow the machine: tests of how long they stand have a clock of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis_cache, "QUICK_SECONDS", math.inf)
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


@pytest.fixture
def visitor(study: Study, clock: Clock) -> Browser:
    """Somebody without a session."""
    return Browser(study, clock)


@pytest.fixture
def browser_of(study: Study, clock: Clock) -> Callable[..., Browser]:
    """`browser_of("Ada", Role.EXPERT)`: a client in which this person is signed in."""
    return lambda name, role=Role.ANNOTATOR: Browser(study, clock).sign_in(name, role)
