"""The command says what a run will take: before it where that is known, and after its first second by its own pace."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import processes
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, add_study, paint, settings, spec

from multilabelfy.inference.choosing.machine import this_machine
from multilabelfy.workflows.workspace import Workspace, opened

N_IMAGES = 60
PATIENCE = 120


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
        yield workspace


def propose_command(workspace: Workspace, function: str) -> list[str]:
    return ["propose", NAME, "--model", spec(function), "-k", "2", "--batch-size", "2", "--workspace", str(workspace.folder), "--json"]


def test_a_model_that_was_measured_here_is_announced_and_one_that_was_not_is_not(workspace: Workspace) -> None:
    speed = {"source": spec("colours"), "device": this_machine().processor, "images_per_second": 0.5, "n_images": 500}
    (workspace.folder / "speeds.jsonl").write_text(json.dumps(speed | {"peak_bytes": None, "at": "2026-01-01T00:00:00+00:00"}) + "\n")

    measured, unknown = (processes.run(*propose_command(workspace, model), folder=HERE) for model in ("colours", "together"))

    assert measured.stderr.splitlines() == [f"{spec('colours')}: 60 images will take about 2 minutes (as fast as it was here before)."]
    assert (unknown.returncode, unknown.stderr) == (0, "")
    assert json.loads(measured.stdout)["runs"][0]["n_new"] == N_IMAGES


def test_after_its_first_second_a_slow_run_says_how_long_it_will_take_and_what_holds_it_back(workspace: Workspace, tmp_path: Path) -> None:
    slow = os.environ | {"SECONDS_A_BATCH": "1"}
    with (
        (tmp_path / "out").open("wb") as out,
        (tmp_path / "err").open("wb") as err,
        processes.Begun(propose_command(workspace, "slow"), slow, out, err, HERE) as running,
    ):
        waited = 0.0
        while "images left" not in (tmp_path / "err").read_text() and waited < PATIENCE:
            time.sleep(0.05)
            waited += 0.05
        running.kill()

    (line,) = (tmp_path / "err").read_text().splitlines()
    assert line.startswith(f"{spec('slow')}: ")
    assert " images left: about " in line
    assert "; the model takes " in line
    assert line.endswith("Ctrl+C ends it: what is done is kept, and the same command continues.")
    assert (tmp_path / "out").read_text() == ""
