"""What models' first labels hold of the valid ones in files."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.studies import NOW

from multilabelfy.errors import InvalidInput
from multilabelfy.workflows.reporting.missed import missed_by_files


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    (tmp_path / "labels.json").write_text(json.dumps({f"{n}.jpg": ["0", "3"] for n in range(20)}))
    return tmp_path / "labels.json"


def predictions(folder: Path, name: str, ranked: list[int]) -> Path:
    np.save(folder / name, np.tile(np.array(ranked), (20, 1)))
    return folder / name


def test_it_tells_each_model_of_the_files(labels: Path, tmp_path: Path) -> None:
    files = [predictions(tmp_path, "a.npy", [0, 1, 2, 4, 5]), predictions(tmp_path, "b.npy", [3, 6, 7, 8, 9])]
    told = missed_by_files(labels, files, k=2, now=NOW)
    assert told.summary[0] == "The first 2 labels of a and b hold 50.0% of the valid labels."
    assert "2 models together hold 50.0 points" in told.finding("proposals-of-several-models").title


def test_scores_of_a_file_are_calibrated_and_ranks_where_there_are_none(labels: Path, tmp_path: Path) -> None:
    """Model a is sure where it is right, and b is right on the other images: scores say whom to believe, and first ranks do not."""
    (tmp_path / "labels.json").write_text(json.dumps({f"{n}.jpg": ["0"] for n in range(20)}))
    knows = np.arange(20) // 2 % 2 == 0
    scores = np.full((20, 3), 0.05)
    scores[knows, 0], scores[~knows, 1], scores[~knows, 0] = 0.9, 0.5, 0.45
    np.save(tmp_path / "a.npy", scores)
    np.save(tmp_path / "b.npy", np.where(knows, 2, 0)[:, np.newaxis])
    told = missed_by_files(labels, [tmp_path / "a.npy", tmp_path / "b.npy"], k=1, now=NOW)
    recalls = {row["models"]: row["recall"] for row in told.finding("proposals-of-several-models").table.records()}
    assert recalls == {"a": 0.5, "a + b, taking turns": 0.5, "a + b, by reciprocal ranks": 0.5, "a + b, by calibrated scores": 1.0}


def test_models_of_one_name_and_labels_without_any_are_refused(labels: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    twice = [predictions(tmp_path, "a.npy", [0, 1, 2, 4, 5]), predictions(tmp_path / "more", "a.npy", [0, 1, 2, 4, 5])]
    with pytest.raises(InvalidInput, match="several models of the name 'a'"):
        missed_by_files(labels, twice, k=2, now=NOW)
    labels.write_text(json.dumps({f"{n}.jpg": [] for n in range(20)}))
    with pytest.raises(InvalidInput, match="no image has a valid label"):
        missed_by_files(labels, twice[:1], k=2, now=NOW)
