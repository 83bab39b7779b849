"""Before a run begins, what it will take is said by how fast its model was here, else guessed by the work of its network, else not."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, add_study, paint, settings, spec

from multilabelfy.inference.choosing.machine import this_machine
from multilabelfy.inference.choosing.suggesting import GUESSED_GIGAMACS
from multilabelfy.inference.choosing.table import LITE0, known_models
from multilabelfy.inference.cluster.engine import Cluster
from multilabelfy.inference.spec import ScorerKind, Spec
from multilabelfy.proposals.columns import Columns
from multilabelfy.proposals.runs import Run
from multilabelfy.workflows.proposing import foreseen as module
from multilabelfy.workflows.proposing.foreseen import Basis, ForeseenRun, foreseen
from multilabelfy.workflows.proposing.jobs import Model, ProposalJob
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.proposing.speeds import FILE
from multilabelfy.workflows.workspace import Workspace, opened

HERE_NOW = this_machine()
N_IMAGES = 6


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
        yield workspace


def measure(workspace: Workspace, source: str, rate: float, device: str = HERE_NOW.processor) -> None:
    speed = {"source": source, "device": device, "images_per_second": rate, "n_images": 500, "peak_bytes": None, "at": "2026-01-01"}
    with (workspace.folder / FILE).open("a") as kept:
        kept.write(json.dumps(speed) + "\n")


class OfTheTable:
    """Stands for a network; nothing asks it to score."""

    labels = ("a",)
    on_device = False


def job(source: str, n_images: int = 1000) -> ProposalJob:
    run = Run(1, 1, source, 5, NOW, None, 0)  # type: ignore[arg-type]  # numbers
    return ProposalJob(run, 0, n_images, Model(Spec(ScorerKind.PYTHON, "a"), OfTheTable(), Columns(1, np.arange(1)), ""))  # type: ignore[arg-type]


def test_a_model_that_was_measured_here_is_expected_to_be_as_fast(workspace: Workspace) -> None:
    measure(workspace, spec("colours"), 7.0)
    measure(workspace, spec("colours"), 0.5)  # the newest counts
    measure(workspace, spec("colours"), 9.0, device="a card elsewhere")
    expected: list[ForeseenRun] = []

    propose(workspace, NAME, [spec("colours"), spec("together")], k=1, folder=HERE, now=NOW, expect=expected.append)

    assert expected == [ForeseenRun(spec("colours"), N_IMAGES, 12.0, Basis.MEASURED)]


def test_before_any_measurement_a_model_of_the_table_is_guessed_by_its_work(workspace: Workspace) -> None:
    work = known_models()[LITE0].gigamacs or 0.0

    assert foreseen(workspace, job(LITE0), None) == ForeseenRun(
        LITE0, 1000, 1000 * work / (GUESSED_GIGAMACS * HERE_NOW.n_cores), Basis.GUESSED
    )


def test_another_model_of_the_table_that_was_measured_here_says_more(workspace: Workspace) -> None:
    other, of_other = "timm/resnet50.a1_in1k@0a1b2c3d", known_models()["timm/resnet50.a1_in1k"].gigamacs or 0.0
    measure(workspace, other, 20.0)

    work = known_models()[LITE0].gigamacs or 0.0
    assert foreseen(workspace, job(LITE0), None) == ForeseenRun(LITE0, 1000, 1000 * work / (20 * of_other), Basis.ESTIMATED)


def test_nothing_is_said_of_what_nobody_knows(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measure(workspace, LITE0, 50.0)
    np.save(tmp_path / "scores.npy", np.full((N_IMAGES, 3), 1 / 3, dtype=np.float32))
    expected: list[ForeseenRun] = []

    for model in (spec("colours"), f"scores:{tmp_path / 'scores.npy'}"):
        propose(workspace, NAME, [model], k=1, folder=HERE, now=NOW, expect=expected.append)
    assert expected == []
    assert foreseen(workspace, job(LITE0), Cluster("host:6379")) is None
    assert foreseen(workspace, job(LITE0), Cluster()) is not None
    monkeypatch.setattr(module, "device_of", lambda _: "a graphics card")
    assert foreseen(workspace, job(LITE0), None) is None
