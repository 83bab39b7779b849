"""Commands in the background are known to every worker; a worker's death passes them on."""

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.answering import answer
from tests.deciding import dispute
from tests.processes import BegunWork
from tests.studies import NOW, Study

from multilabelfy.annotation.study.protocol import PAPER, ExpertOrder
from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import StoreUnavailable
from multilabelfy.web.page.jobs import background, worker_process
from multilabelfy.web.page.jobs.background import Background
from multilabelfy.workflows.owning.configuring import change_protocol
from multilabelfy.workflows.serving import jobs
from multilabelfy.workflows.settling.expert_queue import order_queue
from multilabelfy.workflows.settling.overlap import decide_overlap

NAME = "report pilot"
OF_PILOT = {"name": "pilot"}
WAIT = 60.0


class Patient(worker_process.WorkerProcess):
    """A command that works until it is told to end, or until its worker dies: then it says nothing more."""

    runs: list["Patient"]

    def run(self, beat: Callable[[], object] = lambda: None, *, every: float | None = None) -> None:
        self.ends, self.dies, self.beats = threading.Event(), False, 0
        self.runs.append(self)
        while not self.ends.wait(0.01):
            beat()
            self.beats += 1
        if self.dies:
            raise StoreUnavailable("killed")

    def stop(self) -> None:
        self.ends.set()

    def die(self) -> None:
        """Its worker is killed."""
        self.dies = True
        self.ends.set()


@pytest.fixture(autouse=True)
def commands_begin_loaded() -> None:
    """They do not here: one test sees that a command starts the interpreter truly."""


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Patient]:
    """Every run of a command so far."""
    monkeypatch.setattr(Patient, "runs", [], raising=False)
    monkeypatch.setattr(background, "WorkerProcess", Patient)
    return Patient.runs


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that a thread does."""
    pause = threading.Event()
    for _ in range(int(WAIT / 0.05)):
        if holds():
            return
        pause.wait(0.05)
    raise TimeoutError


def two_workers(study: Study, **options: timedelta) -> tuple[Background, Background]:
    return Background(study.workspace, **options), Background(study.workspace, **options)  # type: ignore[arg-type]


def test_a_command_of_one_worker_is_seen_and_stopped_by_another_and_runs_once(study: Study, runs: list[Patient]) -> None:
    one, two = two_workers(study)
    assert one.start(NAME, "report", OF_PILOT, n_before=4)
    assert not two.start(NAME, "report", OF_PILOT)
    until(lambda: len(runs) == 1)
    assert (two.of(NAME).is_running, two.of(NAME).n_before) == (True, 4)
    two.stop(NAME)
    until(lambda: not one.of(NAME).is_running)
    assert (two.of(NAME).is_stopped, two.of(NAME).problem) == (True, "")
    assert len(runs) == 1


def test_a_command_that_was_never_started_is_not_running(study: Study) -> None:
    assert Background(study.workspace).of(NAME) == Job(NAME)


def test_what_has_lost_its_worker_is_run_again_by_another(study: Study, runs: list[Patient]) -> None:
    one, two = two_workers(study, lease=timedelta(seconds=-1))
    two.lease = timedelta(minutes=1)
    one.start(NAME, "report", OF_PILOT)
    until(lambda: len(runs) == 1)
    runs[0].die()
    two.take_over()
    until(lambda: len(runs) == 2)
    assert two.of(NAME).is_running
    assert (runs[1].work, runs[1].values) == ("report", OF_PILOT)
    runs[1].stop()
    until(lambda: not one.of(NAME).is_running)


def test_a_command_whose_lease_another_worker_took_ends(study: Study, runs: list[Patient]) -> None:
    one, two = two_workers(study)
    one.lease = timedelta(seconds=-1)
    one.start(NAME, "report", OF_PILOT)
    two.take_over()
    until(lambda: len(runs) == 2 and any(run.ends.is_set() for run in runs))
    assert [run.ends.is_set() for run in runs].count(True) == 1
    assert two.of(NAME).is_running
    two.stop(NAME)


def test_a_command_that_kills_its_worker_is_not_run_again_for_ever(study: Study, runs: list[Patient]) -> None:
    workers = [Background(study.workspace, lease=timedelta(seconds=-1)) for _ in range(5)]
    workers[0].start(NAME, "report", OF_PILOT)
    for number, worker in enumerate(workers[1:], start=1):
        until(lambda number=number: len(runs) >= min(number, jobs.MOST_TRIES))  # type: ignore[misc]
        runs[-1].die()
        worker.take_over()
    until(lambda: not workers[0].of(NAME).is_running)
    assert len(runs) == jobs.MOST_TRIES
    assert workers[0].of(NAME).problem == jobs.LOST


def test_a_server_that_ends_leaves_its_commands_to_the_next(study: Study, runs: list[Patient]) -> None:
    one, two = two_workers(study)
    one.start(NAME, "report", OF_PILOT)
    until(lambda: len(runs) == 1)
    one.let_go()
    until(runs[0].ends.is_set)
    two.take_over()
    until(lambda: len(runs) == 2)
    assert two.of(NAME).is_running
    two.stop(NAME)


def test_the_policy_of_an_adaptive_overlap_follows_the_votes_in_a_command_of_its_own(study: Study, runs: list[Patient]) -> None:
    one, two = two_workers(study)
    change_protocol(study.workspace, "pilot", replace(PAPER, overlap_floor=2, overlap_cap=4, overlap_bound=0.2), NOW)
    one.follow_votes()
    for who in ("Ada", "Bob"):
        answer(study, who, 0, [0])
    one.follow_votes()
    two.follow_votes()
    until(lambda: len(runs) == 1)
    assert (runs[0].work, runs[0].values) == ("overlap", OF_PILOT)
    decide_overlap(study.workspace, "pilot", NOW)
    runs[0].stop()
    until(lambda: not one.of("overlap pilot").is_running)
    one.follow_votes()
    assert not two.of("overlap pilot").is_running


def test_an_experts_queue_by_gain_is_ordered_in_a_command_of_its_own(study: Study, runs: list[Patient]) -> None:
    one, two = two_workers(study)
    change_protocol(study.workspace, "pilot", replace(PAPER, expert_order=ExpertOrder.GAIN), NOW)
    one.follow_votes()
    dispute(study)
    one.follow_votes()
    two.follow_votes()
    until(lambda: len(runs) == 1)
    assert (runs[0].work, runs[0].values) == ("queue", OF_PILOT)
    order_queue(study.workspace, "pilot")
    runs[0].stop()
    until(lambda: not one.of("queue pilot").is_running)
    one.follow_votes()
    assert not two.of("queue pilot").is_running


def test_a_policy_that_took_long_is_begun_again_only_after_ten_times_as_long(study: Study, runs: list[Patient]) -> None:
    change_protocol(study.workspace, "pilot", replace(PAPER, overlap_floor=1, overlap_cap=2, overlap_bound=0.2), NOW)
    answer(study, "Ada", 0, [0])
    seconds = [100.0]
    server = Background(study.workspace, clock=lambda: seconds[0])
    server.follow_votes()
    until(lambda: len(runs) == 1)
    seconds[0] += 7
    runs[0].stop()
    until(lambda: "overlap pilot" in server._rests_until)
    seconds[0] += 69
    server.follow_votes()
    assert not server.of("overlap pilot").is_running
    seconds[0] += 1
    server.follow_votes()
    assert server.of("overlap pilot").is_running
    server.let_go()


def test_a_job_in_a_process_of_its_own_says_what_came_of_it(study: Study) -> None:
    out, to = study.workspace.folder / "moved", Background(study.workspace)
    shutil.copytree(study.dataset.images_root or "", out)
    to.start("relocate pilot", "relocate", {"name": "pilot", "images": str(out)})
    until(lambda: not to.of("relocate pilot").is_running)
    assert (to.of("relocate pilot").problem, json.loads(to.of("relocate pilot").output)["images_root"]) == ("", str(out))


def test_a_command_that_failed_says_why(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "begin", BegunWork)
    commands = Background(study.workspace)
    commands.start("report none", "report", {"name": "none", "out": "nowhere"})
    until(lambda: not commands.of("report none").is_running)
    assert "none" in commands.of("report none").problem


def test_the_time_that_is_left_follows_the_pace_so_far() -> None:
    assert Job(NAME, is_running=True, n_before=10, seconds=20).seconds_left(15, 30) == 60  # 5 in 20 s, 15 are left
    assert Job(NAME, is_running=True, n_before=10).seconds_left(10, 30) is None
