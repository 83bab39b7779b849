"""Scores made elsewhere are read row by row."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from multilabelfy.errors import InvalidInput, InvalidScores, ScorerUnavailable
from multilabelfy.inference.scorers.scores_file import open_scores


def saved(folder: Path, array: npt.NDArray[np.generic], card: str | None = None) -> Path:
    path = folder / "scores.npy"
    np.save(path, array)
    if card is not None:
        (folder / "scores.npy.json").write_text(card)
    return path


def test_rows_are_in_the_order_of_the_import(tmp_path: Path) -> None:
    scores = open_scores(saved(tmp_path, np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]], dtype=np.float32)))

    assert scores.labels == ()
    scores.check_number(3)
    assert scores.images == ()
    assert scores.rows([2, 0, 1, 2])[:, 0].tolist() == pytest.approx([0.3, 0.1, 0.2, 0.3])
    assert scores.rows([]).shape == (0, 2)


def test_another_number_of_rows_than_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidScores, match="it has 2 rows, and the dataset 3 images"):
        open_scores(saved(tmp_path, np.zeros((2, 2)))).check_number(3)


def test_a_card_may_name_the_image_of_each_row(tmp_path: Path) -> None:
    scores = open_scores(saved(tmp_path, np.zeros((3, 2)), '{"images": ["c.jpg", "x.jpg", "a.jpg"]}'))

    assert {image: scores.row_of(["a.jpg", "c.jpg"])[image] for image in ("a.jpg", "c.jpg")} == {"a.jpg": 2, "c.jpg": 0}
    with pytest.raises(InvalidScores, match=r"its card names 3 images, but not 1 of the dataset's, the first is 'b\.jpg'"):
        scores.row_of(["a.jpg", "b.jpg"])


def test_a_card_that_names_another_number_of_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidScores, match="it has 2 rows, and its card names 1 image"):
        open_scores(saved(tmp_path, np.zeros((2, 2)), '{"images": ["c.jpg"]}'))


def test_a_card_that_names_an_image_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="an image is named more than once"):
        open_scores(saved(tmp_path, np.zeros((2, 2)), '{"images": ["c.jpg", "c.jpg"]}'))


def test_logits_become_softmax_where_the_card_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path, np.log(np.array([[1.0, 3.0]], dtype=np.float32)), '{"output": "logits", "labels": ["cat", "dog"]}')

    scores = open_scores(path)

    assert scores.labels == ("cat", "dog")
    assert scores.rows([0])[0].tolist() == pytest.approx([0.25, 0.75])


def test_a_card_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"scores\.npy\.json, output: Input should be 'softmax' or 'logits' \(it is 'probabilities'\)"):
        open_scores(saved(tmp_path, np.ones((1, 1)), '{"output": "probabilities"}'))


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((2, 3), dtype=np.int64), np.zeros((1, 2, 3))], ids=["vector", "integers", "cube"])
def test_what_is_no_table_of_floats_is_refused(tmp_path: Path, array: npt.NDArray[np.generic]) -> None:
    with pytest.raises(InvalidScores, match=r"floats of shape \(n_images, n_labels\) are wanted"):
        open_scores(saved(tmp_path, array))


def test_an_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    np.savez(path, a=np.zeros((2, 2)))

    with pytest.raises(InvalidScores, match="an archive of several arrays"):
        open_scores(path)


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "scores.npy"
    np.save(path, np.array([[{"a": 1}]], dtype=object), allow_pickle=True)

    with pytest.raises(ScorerUnavailable, match="as plain numbers"):
        open_scores(path)


def test_a_file_that_is_no_array_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scores.npy"
    path.write_bytes(b"image,label,score\n")

    with pytest.raises(ScorerUnavailable, match=r"Cannot read the scores in '.*scores\.npy'"):
        open_scores(path)
