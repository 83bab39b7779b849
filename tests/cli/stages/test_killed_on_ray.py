"""A `propose --engine ray` whose own process is killed goes on with the same command, and nothing is done twice or left out."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, add_study, paint, proposed, runs, settings, spec

from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened

pytestmark = [
    pytest.mark.long("Ray starts twice"),
    pytest.mark.skipif(find_spec("ray") is None and not os.environ.get("CI"), reason="needs Ray"),
]
N_IMAGES = 120
PATIENCE = 200


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
        yield workspace


def begun(workspace: Workspace, seconds_a_batch: str) -> subprocess.Popen[str]:
    every = ["propose", NAME, "--model", spec("slow"), "-k", "2", "--batch-size", "2", "--engine", "ray"]
    return subprocess.Popen(
        [sys.executable, "-m", "multilabelfy", *every, "--workspace", str(workspace.folder)],
        cwd=HERE,
        env=os.environ | {"SECONDS_A_BATCH": seconds_a_batch},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_killed_driver_is_continued_by_the_same_command_exactly_once(workspace: Workspace, tmp_path: Path) -> None:
    first = begun(workspace, "0.1")
    for _ in range(10 * PATIENCE):
        if sum(run.n_done for run in runs(workspace)):
            break
        assert first.poll() is None, first.communicate()
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    (stopped,) = runs(workspace)
    assert 0 < stopped.n_done < N_IMAGES
    assert stopped.finished_at is None

    second = begun(workspace, "0")
    out, err = second.communicate(timeout=PATIENCE)

    assert second.returncode == 0, err
    assert f"proposed for {N_IMAGES - stopped.n_done} images ({stopped.n_done} done before)" in out
    with opened(settings(tmp_path / "undisturbed"), create=True) as other:
        add_study(other, tmp_path / "pictures")
        propose(other, NAME, [spec("slow")], k=2, folder=HERE, now=NOW)
        assert proposed(workspace) == proposed(other)
    assert len(proposed(workspace)) == runs(workspace)[0].n_done == N_IMAGES
