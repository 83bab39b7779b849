"""Pictures are prepared ahead on threads, scored in batches, and never more than a few batches are in memory."""

import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.errors import ForbiddenPath, ScorerFailed, UnreadablePicture
from multilabelfy.inference.scores_file import ScoresFile
from multilabelfy.inference.streaming import ScoredBatch, read_rows, score_pictures
from multilabelfy.proposals.model import Scorer, Scores


class Brightness:
    """Scores a picture's one grey value v as (v / 255, 1 − v / 255)."""

    labels = ("bright", "dark")

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        return np.asarray(picture, dtype=np.float32)[0, 0, :1] / 255

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        return np.concatenate([batch, 1 - batch], axis=1)


def grey(value: int) -> Picture:
    if value == 99:
        raise UnreadablePicture("Cannot open the picture '99': it is truncated.")
    if value == 98:
        raise ForbiddenPath("98")
    if value == 97:
        raise MemoryError
    return Image.new("RGB", (2, 2), (value, value, value))


def stream(scorer: Scorer, values: list[int], batch_size: int = 4, n_threads: int = 3) -> list[ScoredBatch[int]]:
    return list(score_pictures(scorer, values, open_item=grey, name_of=str, batch_size=batch_size, n_threads=n_threads))


def test_every_item_is_scored_once_in_order_with_its_own_score() -> None:
    batches = stream(Brightness(), list(range(10)))

    assert [batch.items for batch in batches] == [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9)]
    assert np.concatenate([batch.scores for batch in batches])[:, 0].tolist() == pytest.approx([value / 255 for value in range(10)])


def test_an_unreadable_or_forbidden_picture_is_handed_on_and_the_rest_is_scored() -> None:
    (batch,) = stream(Brightness(), [1, 99, 2, 98, 97], batch_size=5)

    assert batch.items == (1, 2)
    assert [item for item, _ in batch.unreadable] == [99, 98, 97]
    assert "it is truncated" in str(batch.unreadable[0][1])


def test_a_batch_of_unreadable_pictures_alone_is_not_scored() -> None:
    (batch,) = stream(Brightness(), [99, 99])

    assert (batch.items, len(batch.scores), len(batch.unreadable)) == ((), 0, 2)


def test_no_items_make_no_batch() -> None:
    assert stream(Brightness(), []) == []


def test_a_scorer_that_cannot_prepare_is_blamed_with_the_picture() -> None:
    class Broken(Brightness):
        def prepare(self, picture: Picture) -> npt.NDArray[Any]:
            raise ValueError("too small")

    with pytest.raises(ScorerFailed, match="The scorer failed to prepare '7': ValueError: too small"):
        stream(Broken(), [7, 8])


def test_a_scorer_that_cannot_score_is_blamed_with_the_batch() -> None:
    class Broken(Brightness):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            raise RuntimeError("out of memory")

    with pytest.raises(ScorerFailed, match="failed to score 2 images from '7' on: RuntimeError: out of memory"):
        stream(Broken(), [7, 8])


def test_prepared_pictures_of_several_shapes_are_named() -> None:
    class Uneven(Brightness):
        def prepare(self, picture: Picture) -> npt.NDArray[Any]:
            return np.zeros(picture.getpixel((0, 0))[0] + 1, dtype=np.float32)  # type: ignore[index]  # RGB

    with pytest.raises(ScorerFailed, match=r"arrays of several shapes, \(1,\) and \(2,\)"):
        stream(Uneven(), [0, 1])


def test_only_three_batches_of_prepared_pictures_exist_at_a_time() -> None:
    class Watched(Brightness):
        alive = 0
        most = 0
        lock = threading.Lock()

        def prepare(self, picture: Picture) -> npt.NDArray[Any]:
            prepared = np.zeros(1, dtype=np.float32)
            with self.lock:
                Watched.alive += 1
                Watched.most = max(Watched.most, Watched.alive)
            weakref.finalize(prepared, self.gone)
            return prepared

        def gone(self) -> None:
            with self.lock:
                Watched.alive -= 1

    n_scored = 0
    for batch in score_pictures(Watched(), range(90), open_item=grey, name_of=str, batch_size=5, n_threads=2):
        n_scored += len(batch.items)

    assert n_scored == 90
    assert Watched.most <= 3 * 5 + 2 + 1  # and what each thread and the hand-over hold


def test_items_are_asked_for_only_as_they_are_needed() -> None:
    asked: list[int] = []

    def endless() -> Iterator[int]:
        for value in range(10**9):
            asked.append(value)
            yield value % 90

    batches = score_pictures(Brightness(), endless(), open_item=grey, name_of=str, batch_size=4, n_threads=2)
    next(batches)
    batches.close()  # type: ignore[attr-defined]  # it is a generator

    assert len(asked) <= 3 * 4


def test_threads_end_with_the_run_even_where_it_is_broken_off() -> None:
    def decoders() -> set[threading.Thread]:
        return {thread for thread in threading.enumerate() if thread.name.startswith("decode")}

    before = decoders()
    batches = score_pictures(Brightness(), range(90), open_item=grey, name_of=str, batch_size=4, n_threads=3)
    next(batches)
    batches.close()  # type: ignore[attr-defined]  # as above

    assert decoders() <= before


def test_rows_of_a_file_come_in_the_same_batches_by_row() -> None:
    array = np.array([[0.5, 0.5], [0.75, 0.25], [1.0, 0.0]], dtype=np.float32)
    file = ScoresFile(Path("scores.npy"), (), (), array, holds_logits=False)

    batches = list(read_rows(file, ["c", "a", "b"], row_of=lambda name: "abc".index(name), batch_size=2))

    assert [batch.items for batch in batches] == [("c", "a"), ("b",)]
    assert batches[0].scores.tolist() == [[1.0, 0.0], [0.5, 0.5]]
