"""`serve` ends on a signal, whatever strangers hold open, and then the database's file alone has everything."""

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from multilabelfy.annotation.model import Role
from multilabelfy.cli.serving.serving import listen
from multilabelfy.settings import load_settings
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import opened


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def link(workspace: Path) -> str:
    with opened(load_settings(workspace), create=True) as made:
        link = people.invite(made, "Ada", Role.OWNER, datetime.now(UTC)).link
    return link[link.index("/sign-in/") :]


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


def test_after_a_signal_a_copy_of_the_file_alone_holds_what_was_said(
    server: tuple[subprocess.Popen[str], int], workspace: Path, link: str, tmp_path: Path
) -> None:
    process, port = server
    assert httpx.post(f"http://127.0.0.1:{port}{link}", timeout=30).status_code == 303
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    copy = shutil.copy(workspace / "multilabelfy.db", tmp_path / "copy.db")
    assert sqlite3.connect(copy).execute("SELECT count(*) FROM sessions").fetchone() == (1,)


def test_slow_bodies_and_silent_connections_keep_it_from_nothing(server: tuple[subprocess.Popen[str], int]) -> None:
    process, port = server
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(200)]
        for number, one in enumerate(held):
            slow = (
                b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nlink="
            )
            one.sendall(slow if number % 2 else b"GET /sign-in HTTP/1.1\r\nHo")
        assert httpx.get(f"http://127.0.0.1:{port}/sign-in", timeout=30).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_small_answers_do_not_wait_for_the_browsers_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # asyncio switches TCP_NODELAY on for what it knows to be TCP
