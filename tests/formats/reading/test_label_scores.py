"""Scores of labels come back as `aggregate` wrote them; a row that is none is named by its line."""

from pathlib import Path

import numpy as np
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.label_scores import read_label_scores
from multilabelfy.formats.score_table import write_scores


@pytest.mark.parametrize("name", ["scores.csv", "scores.parquet"])
def test_what_aggregate_writes_is_read_again(name: str, tmp_path: Path) -> None:
    write_scores(tmp_path / name, ["a.jpg", "a.jpg"], ["cat", "dog"], np.array([0.25, 1.0]))
    read = read_label_scores(tmp_path / name)
    assert (read.images, read.labels, read.scores.tolist()) == (("a.jpg", "a.jpg"), ("cat", "dog"), [0.25, 1.0])


def test_reals_arrays_are_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "scores.npz", tensor=np.array([0.5]), info=np.array([["a.jpg", "7"]]))
    assert read_label_scores(tmp_path / "scores.npz").labels == ("7",)


def test_a_score_that_is_no_chance_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("image,label,score\na.jpg,cat,0.5\nb.jpg,cat,80\n")
    with pytest.raises(InvalidInput, match=r"scores\.csv:3"):
        read_label_scores(tmp_path / "scores.csv")
