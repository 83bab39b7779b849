"""Runs that are killed at random moments leave what one run leaves that nobody disturbed."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests import processes
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, add_study, paint, proposed, runs, settings, spec

from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened

pytestmark = pytest.mark.long("processes begin and are killed, one after another")
SEED = 13
N_IMAGES = 300
N_KILLS, N_NIGHTLY = 4, 20
EVERY = 4
"""Most kills come while a run begins or scores; of every fourth, a chunk has just been stored."""
SLOW = {"SECONDS_A_BATCH": "0.2"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
        yield workspace


def propose_command(workspace: Workspace) -> list[str]:
    every = ["propose", NAME, "--model", spec("slow_together"), "-k", "2", "--batch-size", "2", "--decode-threads", "2"]
    return [*every, "--workspace", str(workspace.folder)]


def n_stored(workspace: Workspace) -> int:
    return sum(run.n_done for run in runs(workspace))


def killed(workspace: Workspace, folder: Path, seconds: float, *, once_stored: bool) -> None:
    """Begin a run and kill it so many seconds later, or so many after its first chunk."""
    before = n_stored(workspace)
    with (
        (folder / "out").open("wb") as out,
        (folder / "err").open("wb") as err,
        processes.Begun(propose_command(workspace), os.environ | SLOW, out, err, HERE) as running,
    ):
        if once_stored:
            wait_until(lambda: n_stored(workspace) > before)
        time.sleep(seconds)
        running.kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(20_000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("nothing was stored within minutes")


def test_kills_at_random_moments_leave_what_an_undisturbed_run_leaves(workspace: Workspace, tmp_path: Path, nightly: bool) -> None:
    random = np.random.default_rng(SEED)
    n_kills = N_NIGHTLY if nightly else N_KILLS
    at_storing = set(random.permutation(n_kills)[: n_kills // EVERY].tolist())
    moments = [(number in at_storing, round(random.uniform(0, 0.2 if number in at_storing else 0.7), 3)) for number in range(n_kills)]
    print(f"seed {SEED}; killed so many seconds after a chunk (True) or after the beginning: {moments}")  # noqa: T201 – where it fails

    for once_stored, seconds in moments:
        killed(workspace, tmp_path, seconds, once_stored=once_stored)
        assert len(proposed(workspace)) == n_stored(workspace)
    (stopped,) = runs(workspace)
    assert 0 < stopped.n_done < N_IMAGES
    assert stopped.finished_at is None
    done = processes.run(*propose_command(workspace), folder=HERE)

    assert done.returncode == 0, done.stderr
    assert f"proposed for {N_IMAGES - stopped.n_done} images ({stopped.n_done} done before)" in done.stdout
    with opened(settings(tmp_path / "undisturbed"), create=True) as other:
        add_study(other, tmp_path / "pictures")
        propose(other, NAME, [spec("slow_together")], k=2, folder=HERE, now=NOW)
        assert proposed(workspace) == proposed(other)
    assert len(proposed(workspace)) == n_stored(workspace) == N_IMAGES
