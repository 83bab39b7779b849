"""Several workers serve from one socket: a dead one is replaced, a broken one ends all with its message, and all end together."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from tests.chaos.killing import workers_of
from tests.cli.serving.works import dies, is_broken, works

from multilabelfy.annotation.access.security_events import EventKind
from multilabelfy.annotation.model import Role
from multilabelfy.cli.serving.supervising import supervise
from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import InvalidSetting
from multilabelfy.settings import load_settings
from multilabelfy.workflows.serving.jobs import BACKUP, ask_job_to_stop, begin_job, job_of
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import Workspace, opened

with contextlib.suppress(
    ModuleNotFoundError
):  # first loaded while workers share measurements, it would keep on sharing them in this process
    import prometheus_client  # noqa: F401


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the signals back as they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def end_once(holds: Callable[[], bool]) -> Callable[[], None]:
    """Send the supervisor its signal once something holds."""

    def watch() -> None:
        pause = threading.Event()
        while not holds():
            pause.wait(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    return threading.Thread(target=watch, daemon=True).start


def begun(folder: Path) -> list[int]:
    """The workers that were begun so far."""
    return [int(path.name) for path in folder.iterdir()]


def test_all_are_started_before_it_says_that_it_serves_and_all_end_by_one_signal(tmp_path: Path) -> None:
    supervise(2, works, (tmp_path,), end_once(lambda: len(begun(tmp_path)) == 2))
    assert len(begun(tmp_path)) == 2
    assert not [number for number in begun(tmp_path) if psutil.pid_exists(number)]


def test_a_dead_worker_is_replaced(tmp_path: Path) -> None:
    def kill_one_and_end_once_it_is_replaced() -> None:
        os.kill(begun(tmp_path)[0], signal.SIGKILL)
        end_once(lambda: len(begun(tmp_path)) == 3)()

    supervise(2, works, (tmp_path,), kill_one_and_end_once_it_is_replaced)
    assert len(begun(tmp_path)) == 3


def test_one_that_cannot_start_ends_all_with_its_message_and_in_no_loop() -> None:
    with pytest.raises(InvalidSetting, match=r"The cellar is flooded: pump it out\."):
        supervise(2, is_broken, (), lambda: None)
    with pytest.raises(InvalidSetting, match=r"exit status 7"):
        supervise(1, dies, (), lambda: None)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    with opened(load_settings(tmp_path / "workspace"), create=True):
        return tmp_path / "workspace"


@pytest.fixture
def lost_job(workspace: Path) -> str:
    """The name of a job that has lost its worker, and was asked to stop before."""
    with opened(load_settings(workspace)) as before:
        begin_job(before, Job(BACKUP, "backup", owner="a dead worker"), timedelta(seconds=-1))
        ask_job_to_stop(before, BACKUP)
    return BACKUP


@pytest.fixture
def server(workspace: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`serve --workers 2` and its address."""
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--port", "0", "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert address
        yield process, address[0]
        process.kill()


def ends(workspace: Workspace, name: str) -> bool:
    """Whether the job is ended by a worker that takes it over, since it was asked to stop."""
    pause = threading.Event()
    for _ in range(1200):
        job = job_of(workspace, name)
        if not job.is_running:
            return job is not None
        pause.wait(0.05)
    return False


def test_measurements_add_up_jobs_are_taken_over_and_after_a_signal_the_file_alone_holds_everything(
    workspace: Path, lost_job: str, server: tuple["subprocess.Popen[str]", str], tmp_path: Path
) -> None:
    process, address = server
    with opened(load_settings(workspace)) as open_beside:
        link = people.invite(open_beside, "Ada", Role.OWNER, datetime.now(UTC)).link.rpartition("/")[2]
        assert ends(open_beside, lost_job)
    for _ in range(12):  # each on a connection of its own
        assert httpx.get(f"{address}/sign-in/{link}", timeout=30).status_code == 200
    assert httpx.post(f"{address}/sign-in/{link}", timeout=30).status_code == 303
    measured = httpx.get(f"{address}/metrics", timeout=30)
    if measured.status_code != 501:  # without its library nothing is measured
        assert 'requests_total{method="GET",route="/sign-in/{token}",status="200"} 12.0' in measured.text
    forged = {"X-Forwarded-For": "203.0.113.9"}
    assert httpx.get(f"{address}/sign-in/a-guess", headers=forged, timeout=30).status_code == 410
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    copy = sqlite3.connect(shutil.copy(workspace / "multilabelfy.db", tmp_path / "copy.db"))
    assert copy.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
    guesses = copy.execute("SELECT address FROM security_events WHERE kind = ?", (EventKind.WRONG_LINK.value,)).fetchall()
    assert guesses == [("127.0.0.1",)]  # no proxy was named whose word counts
    copy.close()


def test_workers_whose_parent_was_killed_end(server: tuple["subprocess.Popen[str]", str]) -> None:
    process, _ = server
    workers = workers_of(process)
    assert len(workers) == 2
    process.kill()
    assert psutil.wait_procs(workers, timeout=60)[1] == []


def test_what_is_wrong_with_the_settings_is_said_once_and_nothing_is_served(workspace: Path) -> None:
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--workers", "2", "--hsts"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1
    assert refused.stderr.count("HSTS (hsts) needs a certificate") == 1
    assert "Serving" not in refused.stderr


def test_a_command_ends_with_whoever_began_it(workspace: Path) -> None:
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--port", "0"]
    environment = {**os.environ, "MULTILABELFY_ENDS_WITH_PIPE": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as begun:
        assert begun.stdin is not None
        assert begun.stderr is not None
        assert "Serving" in begun.stderr.readline()
        begun.stdin.close()
        assert begun.wait(timeout=60) in (0, 128 + signal.SIGTERM)
