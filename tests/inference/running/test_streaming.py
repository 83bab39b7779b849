"""Pictures become scores in the manner that suits the scorer, each its own, and never more than a few are in memory."""

import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.errors import ForbiddenPath, ScorerFailed, UnreadablePicture
from multilabelfy.inference.running.batches import ScoredBatch
from multilabelfy.inference.running.streaming import Manner, manner_of, score_pictures
from multilabelfy.proposals.model import Scorer, Scores


class Brightness:
    """Scores a picture's one grey value v as (v / 255, 1 − v / 255)."""

    labels = ("bright", "dark")

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        return np.asarray(picture, dtype=np.float32)[0, 0, :1] / 255

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        return np.concatenate([batch, 1 - batch], axis=1)


class Together(Brightness):
    """The same, on several threads at once."""

    thread_safe = True


class OnDevice(Brightness):
    """The same, as if a device scored."""

    on_device = True


MANNERS = {Manner.IN_TURNS: Brightness, Manner.TOGETHER: Together, Manner.AHEAD: OnDevice}


def grey(value: int) -> Picture:
    if value == 99:
        raise UnreadablePicture("Cannot open the picture '99': it is truncated.")
    if value == 98:
        raise ForbiddenPath("98")
    return Image.new("RGB", (2, 2), (value, value, value))


def stream(scorer: Scorer, values: list[int], batch_size: int | None = 4, n_threads: int | None = 3) -> list[ScoredBatch[int]]:
    return list(score_pictures(scorer, values, open_item=grey, name_of=str, batch_size=batch_size, n_threads=n_threads))


def test_a_scorer_says_in_which_manner_it_is_used() -> None:
    assert {manner_of(scorer()): scorer for scorer in MANNERS.values()} == MANNERS


@pytest.mark.parametrize("scorer", MANNERS.values())
def test_every_item_is_scored_once_in_order_with_its_own_score(scorer: type[Brightness]) -> None:
    batches = stream(scorer(), list(range(10)))

    assert [batch.items for batch in batches] == [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9)]
    assert np.concatenate([batch.scores for batch in batches])[:, 0].tolist() == pytest.approx([value / 255 for value in range(10)])


@pytest.mark.parametrize("n_threads", [1, 2, 7])
def test_threads_that_overtake_each_other_change_nothing(n_threads: int) -> None:
    class Uneven(Together):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            time.sleep(float(batch[0, 0]) % 0.004)
            return super().score(batch)

    batches = stream(Uneven(), list(range(60)), batch_size=2, n_threads=n_threads)

    assert (
        np.concatenate([batch.scores for batch in batches]).tobytes()
        == np.concatenate([Brightness().score(Brightness().prepare(grey(value))[None]) for value in range(60)]).tobytes()
    )


def test_a_thread_safe_scorer_scores_on_several_threads_at_once() -> None:
    class Meeting(Together):
        both = threading.Barrier(2, timeout=60)

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            self.both.wait()  # broken if nobody else comes
            return super().score(batch)

    assert len(stream(Meeting(), [1, 2, 3, 4], batch_size=1, n_threads=2)) == 4


@pytest.mark.parametrize("scorer", [Brightness, OnDevice])
def test_another_scorer_scores_on_one_thread(scorer: type[Brightness]) -> None:
    scored_on: set[int] = set()

    class Watched(scorer):  # type: ignore[misc, valid-type]
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            scored_on.add(threading.get_ident())
            return super().score(batch)  # type: ignore[no-any-return]

    stream(Watched(), list(range(20)))

    assert len(scored_on) == 1
    assert (scored_on == {threading.get_ident()}) is (scorer is Brightness)  # beside a device, the thread that asks has other work


def test_a_scorer_may_say_how_many_pictures_it_wants_at_once_and_a_person_knows_better() -> None:
    class Wishful(Together):
        batch_size = 3

    assert [len(batch.items) for batch in stream(Wishful(), [1, 2, 3, 4], batch_size=None)] == [3, 1]
    assert [len(batch.items) for batch in stream(Wishful(), [1, 2, 3, 4], batch_size=2)] == [2, 2]
    assert [len(batch.items) for batch in stream(Together(), [1, 2, 3], batch_size=None, n_threads=None)] == [1, 1, 1]


def test_what_was_scored_before_an_error_comes_before_it() -> None:
    class Broken(Together):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            if batch[0, 0] * 255 > 5:
                raise ValueError("too bright")
            return super().score(batch)

    batches = score_pictures(Broken(), [1, 2, 3, 9, 4], open_item=grey, name_of=str, batch_size=1, n_threads=4)

    assert [next(batches).items for _ in range(3)] == [(1,), (2,), (3,)]
    with pytest.raises(ScorerFailed, match="failed to score 1 image from '9' on: ValueError: too bright"):
        next(batches)


@pytest.mark.parametrize("scorer", MANNERS.values())
def test_an_unreadable_or_forbidden_picture_is_passed_on_and_the_rest_is_scored(scorer: type[Brightness]) -> None:
    (batch,) = stream(scorer(), [1, 99, 2, 98], batch_size=5)

    assert batch.items == (1, 2)
    assert [item for item, _ in batch.unreadable] == [99, 98]
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
            raise RuntimeError("no kernel")

    with pytest.raises(ScorerFailed, match="failed to score 2 images from '7' on: RuntimeError: no kernel"):
        stream(Broken(), [7, 8])


@pytest.mark.parametrize("scorer", MANNERS.values())
def test_a_batch_that_does_not_fit_into_memory_is_scored_in_parts(scorer: type[Brightness]) -> None:
    sizes: list[int] = []

    class Small(scorer):  # type: ignore[misc, valid-type]
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            sizes.append(len(batch))
            if len(batch) > 3:
                raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
            return super().score(batch)  # type: ignore[no-any-return]

    batches = stream(Small(), list(range(40)), batch_size=8, n_threads=1)

    assert np.concatenate([batch.scores for batch in batches])[:, 0].tolist() == pytest.approx([value / 255 for value in range(40)])
    assert sizes[:4] == [8, 4, 2, 2]
    if scorer is not Together:
        assert 8 not in sizes[1:]  # it is not tried again


def test_a_scorer_that_has_no_room_for_one_picture_is_told_with_the_way_out() -> None:
    class Tiny(Together):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            raise MemoryError("1 TiB")

    with pytest.raises(
        ScorerFailed, match=r"not enough memory for one picture: 1 TiB\. Use a smaller model, or a device .* decode_threads='1'"
    ):
        stream(Tiny(), [7, 8])


def test_prepared_pictures_of_several_shapes_are_named() -> None:
    class Uneven(Brightness):
        def prepare(self, picture: Picture) -> npt.NDArray[Any]:
            return np.zeros(picture.getpixel((0, 0))[0] + 1, dtype=np.float32)  # type: ignore[index]  # RGB

    with pytest.raises(ScorerFailed, match=r"arrays of several shapes, \(1,\) and \(2,\)"):
        stream(Uneven(), [0, 1])


@pytest.mark.parametrize(("scorer", "most"), [(Brightness, 10 + 5), (Together, 2 * 5), (OnDevice, 3 * 5)])
def test_a_few_prepared_pictures_exist_at_a_time(scorer: type[Brightness], most: int) -> None:
    class Watched(scorer):  # type: ignore[misc, valid-type]
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
    assert Watched.most <= most + 2 + 1  # and what each thread and the hand-over hold


@pytest.mark.parametrize(("scorer", "most"), [(Brightness, 8 + 4), (Together, 16 * 2 * 4 + 4), (OnDevice, (2 + 1 + 3) * 4)])
def test_items_are_asked_for_only_as_they_are_needed(scorer: type[Brightness], most: int) -> None:
    asked: list[int] = []

    def endless() -> Iterator[int]:
        for value in range(10**9):
            asked.append(value)
            yield value % 90

    batches = score_pictures(scorer(), endless(), open_item=grey, name_of=str, batch_size=4, n_threads=2)
    next(batches)
    batches.close()  # type: ignore[attr-defined]  # it is a generator

    assert len(asked) <= most


@pytest.mark.parametrize("scorer", MANNERS.values())
def test_threads_end_with_the_run_even_where_it_is_broken_off(scorer: type[Brightness]) -> None:
    def running() -> set[threading.Thread]:
        return set(threading.enumerate())

    before = running()
    batches = score_pictures(scorer(), range(90), open_item=grey, name_of=str, batch_size=4, n_threads=3)
    next(batches)
    batches.close()  # type: ignore[attr-defined]  # as above

    assert running() <= before


@pytest.mark.parametrize("scorer", MANNERS.values())
def test_embeddings_come_with_their_scores_from_one_pass_also_in_parts(scorer: type[Brightness]) -> None:
    sizes: list[int] = []

    class Embedding(scorer):  # type: ignore[misc, valid-type]
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            raise AssertionError("one pass is enough")

        def score_and_embed(self, batch: npt.NDArray[Any]) -> tuple[Scores, npt.NDArray[Any]]:
            sizes.append(len(batch))
            if len(batch) > 3:
                raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
            return super().score(batch), np.concatenate([batch] * 5, axis=1)

    values = [1, 99, *range(2, 30)]
    batches = list(score_pictures(Embedding(), values, open_item=grey, name_of=str, batch_size=8, n_threads=2, embeddings=True))

    items = [item for batch in batches for item in batch.items]
    vectors = np.concatenate([batch.embeddings for batch in batches if batch.embeddings is not None])
    assert items == [value for value in values if value != 99]
    assert vectors.shape == (len(items), 5)
    assert vectors[:, 4] * 255 == pytest.approx(items)
    assert max(sizes) > 3  # memory ran out on the way
    assert [batch.embeddings for batch in stream(scorer(), [1, 2])] == [None]
