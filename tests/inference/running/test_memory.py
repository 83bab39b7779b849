"""Where memory is short, no picture is blamed for it: it is decoded once more by itself, and if that fails the run ends."""

import threading

import numpy as np
import pytest
from PIL.Image import Image as Picture
from tests.inference.running.test_streaming import MANNERS, Brightness, Together, grey

from multilabelfy.errors import ScorerFailed
from multilabelfy.inference.running.streaming import score_pictures

every_manner = pytest.mark.parametrize("scorer", MANNERS.values())


@every_manner
def test_a_picture_for_which_there_was_no_memory_is_decoded_once_more_and_scored_in_its_place(scorer: type[Brightness]) -> None:
    opened: list[int] = []

    def short_of_memory(value: int) -> Picture:
        opened.append(value)
        if value in (2, 6) and opened.count(value) == 1:
            raise MemoryError
        return grey(value)

    batches = list(score_pictures(scorer(), range(8), open_item=short_of_memory, name_of=str, batch_size=4, n_threads=3))

    assert [batch.items for batch in batches] == [(0, 1, 2, 3), (4, 5, 6, 7)]
    assert np.concatenate([batch.scores for batch in batches])[:, 0].tolist() == pytest.approx([value / 255 for value in range(8)])
    assert [batch.unreadable for batch in batches] == [(), ()]
    assert sorted(opened) == [0, 1, 2, 2, 3, 4, 5, 6, 6, 7]


@every_manner
def test_a_picture_that_finds_no_memory_by_itself_ends_the_run_behind_what_was_scored(scorer: type[Brightness]) -> None:
    def too_large(value: int) -> Picture:
        if value == 5:
            raise MemoryError
        return grey(value)

    batches = score_pictures(scorer(), range(8), open_item=too_large, name_of=str, batch_size=4, n_threads=3)

    assert next(batches).items == (0, 1, 2, 3)
    with pytest.raises(ScorerFailed, match=r"not enough memory to decode the picture '5', .*--decode-threads 1.*max_megapixels.*goes on"):
        next(batches)


def test_no_two_such_pictures_are_decoded_at_once() -> None:
    first: set[int] = set()
    at_once, most, lock = [0], [0], threading.Lock()

    def short_of_memory(value: int) -> Picture:
        with lock:
            is_first = value not in first
            first.add(value)
            at_once[0] += not is_first
            most[0] = max(most[0], at_once[0])
        if is_first:
            raise MemoryError
        threading.Event().wait(0.005)  # another one would come meanwhile
        with lock:
            at_once[0] -= 1
        return grey(value)

    batches = list(score_pictures(Together(), range(12), open_item=short_of_memory, name_of=str, batch_size=1, n_threads=4))

    assert (len(batches), most) == (12, [1])
