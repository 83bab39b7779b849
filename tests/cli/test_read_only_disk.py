"""On a disk that cannot be written, or that is full, commands read what can be read, and name what they cannot do."""

import ctypes
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from tests import processes

from multilabelfy.annotation.model import Role
from multilabelfy.settings import load_settings
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import opened

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how root loses its right to write everything is Linux's")
DROP, WRITE_ALL, READ_ALL, VERSION_3 = 24, 1, 2, 0x20080522  # prctl(2), capabilities(7), capset(2)


def without_roots_rights() -> None:
    """From the next program on, modes hold for root as well."""
    if os.getuid() == 0:
        for capability in (WRITE_ALL, READ_ALL):
            ctypes.CDLL(None).prctl(DROP, capability, 0, 0, 0)


def without_them_now() -> None:
    """In this program already."""
    if os.getuid() == 0:
        header, sets = (ctypes.c_uint32 * 2)(VERSION_3, 0), (ctypes.c_uint32 * 6)()
        libc = ctypes.CDLL(None)
        libc.capget(header, sets)
        for number in (0, 1):  # effective, permitted
            sets[number] &= ~(1 << WRITE_ALL | 1 << READ_ALL)
        libc.capset(header, sets)


def small_files() -> None:
    """No file may grow beyond what is there: as where a quota is used up."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))


def command(*arguments: str, under: Callable[[], None] = without_them_now) -> subprocess.CompletedProcess[str]:
    return processes.run(*arguments, under=under)


@pytest.fixture
def link(tmp_path: Path) -> str:
    """The path of an owner's link, in a workspace that is there already."""
    with opened(load_settings(tmp_path / "w"), create=True) as made:
        link = people.invite(made, "Ada", Role.OWNER, datetime.now(UTC)).link
    return link[link.index("/sign-in/") :]


@pytest.fixture
def read_only(tmp_path: Path, link: str) -> Iterator[Path]:
    """The workspace, which nobody can write."""
    place = tmp_path / "w"
    for file in place.iterdir():
        file.chmod(0o400)
    place.chmod(0o500)
    yield place
    place.chmod(0o700)


def test_commands_that_read_do_and_those_that_write_say_that_it_is_read_only(read_only: Path) -> None:
    assert command("status", "--workspace", str(read_only)).returncode == 0
    refused = command("invite", "Bob", "--workspace", str(read_only))
    assert (refused.returncode, "it is read-only" in refused.stderr) == (1, True)
    checked = command("doctor", "--workspace", str(read_only))
    assert (checked.returncode, "is read-only" in checked.stdout) == (1, True)


def test_a_backup_of_a_read_only_workspace_is_whole(read_only: Path, tmp_path: Path) -> None:
    made = command("backup", str(tmp_path / "copy"), "--workspace", str(read_only))
    assert made.returncode == 0, made.stderr
    (tmp_path / "copy" / "multilabelfy.db").chmod(0o600)
    with opened(load_settings(tmp_path / "copy")) as copy:
        assert [person.name for person in people.everyone(copy)] == ["Ada"]


def test_what_lies_in_the_log_alone_is_read_too(tmp_path: Path, link: str) -> None:
    place = tmp_path / "w"
    with opened(load_settings(place)) as workspace:
        people.invite(workspace, "Bob", None, datetime.now(UTC))
        shutil.copytree(place, tmp_path / "killed")  # as it lies there while it is open, or after kill -9
    for file in (tmp_path / "killed").iterdir():
        file.chmod(0o400)
    (tmp_path / "killed").chmod(0o500)
    looked = command("status", "--workspace", str(tmp_path / "killed"))
    (tmp_path / "killed").chmod(0o700)
    assert looked.returncode == 0, looked.stderr


def test_people_sign_in_to_a_read_only_workspace_and_read(read_only: Path, link: str) -> None:
    every = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(read_only), "--port", "0"]
    with subprocess.Popen(every, preexec_fn=without_roots_rights, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        port = re.search(r"127\.0\.0\.1:(\d+)", server.stderr.readline())
        assert port
        assert "read-only" in server.stderr.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{port[1]}", timeout=30) as browser:
            assert browser.post(link).status_code == 303
            assert "Ada" in browser.get("/team").text
            refused = browser.post("/team/invite", data={"name": "Bob", "role": "expert"})
            assert (refused.status_code, "The workspace is read-only" in refused.text) == (503, True)
        server.terminate()


def test_a_file_that_may_not_grow_is_named(tmp_path: Path, link: str) -> None:
    refused = command("invite", "Bob", "--workspace", str(tmp_path / "w"), under=small_files)
    assert (refused.returncode, "a quota or a limit on the size of files" in refused.stderr) == (1, True), refused.stderr
    with opened(load_settings(tmp_path / "w")) as workspace:
        assert [person.name for person in people.everyone(workspace)] == ["Ada"]
