"""`serve` ends on a signal, whatever strangers hold open, and then the database's file alone has everything."""

import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from tests.cli.serving.works import serves_beside_what_never_ends
from tests.processes import processes

from multilabelfy.annotation.model import Role
from multilabelfy.cli.serving import supervising
from multilabelfy.cli.serving.serving import listen
from multilabelfy.settings import load_settings
from multilabelfy.store.database.opening.store import LOG_SECONDS
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import opened

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def link(workspace: Path) -> str:
    with opened(load_settings(workspace), create=True) as made:
        link = people.invite(made, "Ada", Role.OWNER, datetime.now(UTC)).link
    return link[link.index("/sign-in/") :]


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process hold 1,000 connections."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[0] < 2_000:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(2_000, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def server(workspace: Path, link: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server and its port."""
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline() + process.stderr.readline()
        found = re.search(r":(\d+)", said[said.index("127.0.0.1") :])
        assert found, said
        yield process, int(found[1])
        process.kill()


def test_a_thousand_silent_connections_and_slow_bodies_keep_it_from_nothing_and_a_copy_of_the_file_alone_holds_what_came_before(
    server: tuple[subprocess.Popen[str], int], link: str, many_files: None, workspace: Path, tmp_path: Path
) -> None:
    process, port = server
    cookie = httpx.post(f"http://127.0.0.1:{port}{link}", timeout=60).headers["set-cookie"].partition(";")[0]
    slow = f"POST /me HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n{FORM}Content-Length: 99\r\n\r\nlanguage=".encode()
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(1_000)]
        for number, one in enumerate(held):
            with suppress(ConnectionError):  # where connections run out, the idlest are closed
                one.sendall(slow if number % 2 else b"GET /sign-in HTTP/1.1\r\nHo")
        assert httpx.get(f"http://127.0.0.1:{port}/sign-in", timeout=60).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
        assert {received(one) for one in held} == {b""}  # the end came of itself, not when a body's 20 seconds were over: that is said
    copy = sqlite3.connect(shutil.copy(workspace / "multilabelfy.db", tmp_path / "copy.db"))
    assert copy.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
    copy.close()


def received(connection: socket.socket) -> bytes:
    """What came before the connection was closed."""
    with suppress(ConnectionError):
        return connection.recv(100)
    return b""


def test_what_is_under_way_has_its_grace_and_all_of_the_end_fits_into_ten_seconds() -> None:
    assert LOG_SECONDS < supervising.CLOSING_SECONDS
    assert supervising.GRACE_SECONDS + supervising.CLOSING_SECONDS < 10
    assert supervising.GRACE_SECONDS < supervising.END_SECONDS < 10


def test_a_request_that_never_ends_does_not_keep_the_process(workspace: Path, link: str) -> None:
    server = processes().Process(target=serves_beside_what_never_ends, args=(workspace,))
    server.start()
    server.join(60)
    if server.exitcode is None:
        server.kill()
    assert server.exitcode == 0


def test_small_answers_do_not_wait_for_the_browsers_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # asyncio switches TCP_NODELAY on for what it knows to be TCP
