"""Proposers are measured on the images whose valid labels somebody knows."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, settings

from multilabelfy.errors import InvalidInput
from multilabelfy.workflows.proposing.measured import recall_of_runs
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Six images, for each of which a file of scores ranks red, then green, then blue; the first label is proposed."""
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=2))
        np.save(tmp_path / "scores.npy", np.tile(np.array([0.6, 0.3, 0.1], dtype=np.float32), (6, 1)))
        propose(workspace, NAME, [f"scores:{tmp_path / 'scores.npy'}"], k=1, now=NOW)
        yield workspace


def test_recall_counts_the_valid_labels_among_the_first_k_on_the_images_of_the_file(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("image,label\nred/0.png,red\nred/0.png,green\nblue/1.png,blue\n")

    ((source, recall),) = recall_of_runs(workspace, NAME, tmp_path / "known.csv").items()

    assert source.startswith("scores:scores.npy@")
    assert (recall.k, recall.n_images, recall.n_labels, recall.n_held, recall.n_complete) == (1, 2, 3, 1, 0)
    assert recall.interval is None  # two images say nothing of others


@pytest.mark.parametrize("row", ["purple/0.png,red", "red/0.png,purple"])
def test_an_image_or_a_label_that_the_dataset_does_not_have_is_named(workspace: Workspace, tmp_path: Path, row: str) -> None:
    (tmp_path / "known.csv").write_text(f"image,label\n{row}\n")

    with pytest.raises(InvalidInput, match="purple"):
        recall_of_runs(workspace, NAME, tmp_path / "known.csv")
