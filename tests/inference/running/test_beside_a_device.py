"""A device is kept busy: while it scores, the next batch is opened and placed, and what it scored before is stored.

Fakes stand in for the device, and events for its time.
"""

import threading
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.errors import ScorerFailed
from multilabelfy.inference.running import batches
from multilabelfy.inference.running.batches import ScoredBatch
from multilabelfy.inference.running.streaming import score_pictures
from multilabelfy.proposals.model import Scorer, Scores

SECONDS = 60
"""After so long a test is given up: nothing here waits for a clock."""


class OnDevice:
    """Scores a picture's one grey value v as (v / 255, 1 − v / 255)."""

    labels = ("bright", "dark")
    on_device = True

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        return np.asarray(picture, dtype=np.float32)[0, 0, :1] / 255

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        return np.concatenate([batch, 1 - batch], axis=1)


def grey(value: int) -> Picture:
    return Image.new("RGB", (2, 2), (value, value, value))


def stream(scorer: Scorer, values: Iterator[int] | range, batch_size: int = 1) -> Iterator[ScoredBatch[int]]:
    return score_pictures(scorer, values, open_item=grey, name_of=str, batch_size=batch_size, n_threads=2)


def forever() -> Iterator[int]:
    while True:
        yield 1


def test_while_a_batch_is_stored_the_next_ones_are_scored_until_two_chunks_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 2)

    class Noted(OnDevice):
        n = 0
        fifth = threading.Event()

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            Noted.n += 1
            if Noted.n == 5:
                self.fifth.set()
            return super().score(batch)

    scored = stream(Noted(), forever())
    next(scored)
    assert Noted.fifth.wait(SECONDS)  # nobody asked for another batch
    scored.close()  # type: ignore[attr-defined]  # it is a generator

    assert Noted.n == 5


def test_while_a_batch_is_scored_the_next_one_is_placed() -> None:
    class Waiting(OnDevice):
        n_placed = 0
        second = threading.Event()

        def place(self, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
            Waiting.n_placed += 1
            if Waiting.n_placed == 2:
                self.second.set()
            return batch

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            assert self.second.wait(SECONDS)
            return super().score(batch)

    assert [batch.items for batch in stream(Waiting(), range(3))] == [(0,), (1,), (2,)]


def test_what_is_scored_was_placed_by_another_thread() -> None:
    threads: dict[str, set[int]] = {"place": set(), "score": set()}

    class Elsewhere(OnDevice):
        def place(self, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
            threads["place"].add(threading.get_ident())
            return batch / 2

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            threads["score"].add(threading.get_ident())
            return super().score(batch)

    bright = np.concatenate([batch.scores[:, 0] for batch in stream(Elsewhere(), range(20), batch_size=3)])

    assert bright.tolist() == pytest.approx([value / 255 / 2 for value in range(20)])
    assert len(threads["place"]) == len(threads["score"]) == 1
    assert threads["place"] != threads["score"]


def test_two_placed_batches_exist_at_a_time_the_one_that_is_scored_and_the_next() -> None:
    class Watched(OnDevice):
        alive = most = 0
        lock = threading.Lock()

        def place(self, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
            placed = batch.copy()
            with self.lock:
                Watched.alive += 1
                Watched.most = max(Watched.most, Watched.alive)
            weakref.finalize(placed, self.gone)
            return placed

        def gone(self) -> None:
            with self.lock:
                Watched.alive -= 1

    assert len(list(stream(Watched(), range(90), batch_size=2))) == 45
    assert Watched.most <= 2


def test_where_there_is_no_room_for_the_next_batch_it_is_placed_when_it_is_scored() -> None:
    class Full(OnDevice):
        def place(self, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    assert [len(batch.items) for batch in stream(Full(), range(5), batch_size=2)] == [2, 2, 1]


def test_a_scorer_that_cannot_place_is_blamed_with_the_batch() -> None:
    class Broken(OnDevice):
        def place(self, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
            raise RuntimeError("no such device")

    with pytest.raises(ScorerFailed, match="failed to place 2 images from '7' on: RuntimeError: no such device"):
        list(stream(Broken(), range(7, 9), batch_size=2))


def test_what_was_scored_before_ctrl_c_comes_before_it_and_no_thread_is_left() -> None:
    class Interrupted(OnDevice):
        n = 0

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            Interrupted.n += 1
            if Interrupted.n == 3:
                raise KeyboardInterrupt
            return super().score(batch)

    before = set(threading.enumerate())
    scored = stream(Interrupted(), forever())

    assert [next(scored).items for _ in range(2)] == [(1,), (1,)]
    with pytest.raises(KeyboardInterrupt):
        next(scored)
    assert set(threading.enumerate()) <= before


def test_whoever_stops_asking_ends_all_threads() -> None:
    before = set(threading.enumerate())
    scored = stream(OnDevice(), forever())
    next(scored)
    scored.close()  # type: ignore[attr-defined]  # as above

    assert set(threading.enumerate()) <= before


def test_items_that_cannot_be_had_are_an_error_after_those_before_them() -> None:
    def cut_off() -> Iterator[int]:
        yield from (1, 2)
        raise ConnectionError("the database is gone")

    scored = stream(OnDevice(), cut_off())

    with pytest.raises(ConnectionError, match="the database is gone"):
        list(scored)
