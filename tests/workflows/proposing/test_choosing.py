"""A run's speed is kept for the next choice of a model, on this machine alone; a dataset's size says what suits it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.inference.hub_caches import cached
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, propose_by, settings, spec

from multilabelfy.errors import InvalidInput, UnknownDataset
from multilabelfy.inference.choosing.machine import this_machine
from multilabelfy.inference.choosing.table import LITE0
from multilabelfy.workflows.proposing.kinds import choice
from multilabelfy.workflows.proposing.offered import FOLDER, spec_of
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.proposing.speeds import FEWEST_IMAGES, FILE, KeptSpeed, keep, newest
from multilabelfy.workflows.workspace import Workspace, opened

MODEL = "timm/resnet50.a1_in1k"
HERE = this_machine().processor


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        yield workspace


def keep_one(workspace: Workspace, source: str = MODEL, seconds: float = 10.0, n_images: int = 1000, *, is_alone: bool = True) -> None:
    keep(workspace, source, object(), n_images=n_images, seconds=seconds, is_alone=is_alone, now=NOW)  # type: ignore[arg-type]  # no device


def test_a_run_that_is_long_enough_keeps_its_speed_and_memory(workspace: Workspace, tmp_path: Path) -> None:
    add_study(workspace, paint(tmp_path, n_of_each=-(-FEWEST_IMAGES // 3)))
    propose_by(workspace, "colours")

    speed = newest(workspace, [HERE])[spec("colours")]

    assert speed.images_per_second > 0
    assert speed.n_images >= FEWEST_IMAGES
    assert speed.peak_bytes is None or speed.peak_bytes > 2**20


def test_a_short_run_and_scores_of_a_file_keep_none(workspace: Workspace, tmp_path: Path) -> None:
    add_study(workspace, paint(tmp_path, n_of_each=40))
    np.save(tmp_path / "scores.npy", np.full((120, 3), 1 / 3, dtype=np.float32))
    keep_one(workspace, n_images=FEWEST_IMAGES - 1)

    propose(workspace, NAME, [f"scores:{tmp_path / 'scores.npy'}"], k=2, now=NOW)

    assert not (workspace.folder / FILE).exists()


def test_the_newest_speed_on_this_machine_counts(workspace: Workspace) -> None:
    keep_one(workspace, seconds=10.0)
    keep_one(workspace, seconds=5.0, is_alone=False)
    with (workspace.folder / FILE).open("a") as kept:
        kept.write('{"a line": "of a later version"}\nhalf a li')

    assert newest(workspace, ["another machine"]) == {}
    assert newest(workspace, [HERE]) == {MODEL: KeptSpeed(MODEL, HERE, 200.0, 1000, None, "2026-03-01T12:00:00+00:00")}


def test_what_was_measured_here_makes_the_estimate(workspace: Workspace) -> None:
    if choice(workspace).machine.cards:
        pytest.skip("a graphics card takes the best model, whatever was measured")
    assert choice(workspace).suggestion.is_guess

    keep_one(workspace)

    assert not choice(workspace).suggestion.is_guess


def test_files_in_the_workspaces_folder_are_here_with_their_speed(workspace: Workspace) -> None:
    (workspace.folder / FOLDER).mkdir()
    (workspace.folder / FOLDER / "mine.onnx").touch()
    keep_one(workspace, "onnx:mine.onnx@0a1b2c3d")

    (mine,) = [model for model in choice(workspace).here if model.known is None]

    assert mine.spec == "onnx:mine.onnx"
    assert mine.speed is not None
    assert mine.speed.images_per_second == 100.0


def test_the_suggestion_is_for_as_many_images_as_the_dataset_has(workspace: Workspace, tmp_path: Path) -> None:
    add_study(workspace, paint(tmp_path, n_of_each=2))

    assert choice(workspace, NAME).suggestion.n_images == 6
    with pytest.raises(UnknownDataset):
        choice(workspace, "color")


def test_a_folder_that_cannot_be_written_changes_nothing(workspace: Workspace) -> None:
    (workspace.folder / FILE).mkdir()

    keep_one(workspace)

    assert newest(workspace, [HERE]) == {}


def test_a_page_may_start_the_one_function_of_ours_and_no_other_code(workspace: Workspace) -> None:
    assert spec_of(workspace, LITE0) == LITE0
    for text in (LITE0 + "x", "python:os:getcwd"):
        with pytest.raises(InvalidInput):
            spec_of(workspace, text)


def test_a_classifier_in_the_hubs_cache_is_here_with_its_speed_and_a_page_may_start_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    cached(tmp_path / "hub", "lab/vit", config='{"architectures": ["ViTForImageClassification"]}')
    keep_one(workspace, "transformers:lab/vit@0a1b2c3d")

    (vit,) = [model for model in choice(workspace).here if model.known is None]

    assert vit.spec == spec_of(workspace, "transformers:lab/vit") == "transformers:lab/vit"
    assert vit.speed is not None
    for text in ("transformers:lab/other", "transformers:/srv/models/vit", "transformers:lab/vit@main"):
        with pytest.raises(InvalidInput):
            spec_of(workspace, text)
