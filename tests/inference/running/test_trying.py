"""A scorer that wants to be tried out sees the first pictures before anything of it is passed on."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.errors import ScorerFailed, UnreadablePicture
from multilabelfy.inference.running.batches import ScoredBatch
from multilabelfy.inference.running.streaming import score_pictures
from multilabelfy.inference.running.trying import MOST_OPENED, N_TRIED
from multilabelfy.proposals.model import Scores

UNREADABLE = 99


class OnTrial:
    """Scores a picture's one grey value v as (v / 255, 1 − v / 255), and keeps what it was tried out with."""

    labels = ("bright", "dark")

    def __init__(self, *, thread_safe: bool = False, on_device: bool = False) -> None:
        self.thread_safe = thread_safe
        self.on_device = on_device
        self.seen: list[int] = []
        self.n_scored = 0

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        return np.asarray(picture, dtype=np.float32)[0, 0, :1] / 255

    def try_out(self, first: npt.NDArray[Any]) -> None:
        assert self.n_scored == 0
        self.seen += np.rint(255 * first[:, 0]).astype(int).tolist()

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        self.n_scored += len(batch)
        return np.concatenate([batch, 1 - batch], axis=1)


opened: list[int] = []


def grey(value: int) -> Picture:
    opened.append(value)
    if value == UNREADABLE:
        raise UnreadablePicture("Cannot open the picture '99': it is truncated.")
    return Image.new("RGB", (2, 2), (value, value, value))


def stream(scorer: OnTrial, values: list[int]) -> list[ScoredBatch[int]]:
    opened.clear()
    return list(score_pictures(scorer, values, open_item=grey, name_of=str, batch_size=3, n_threads=2))


@pytest.mark.parametrize("scorer", [OnTrial(), OnTrial(thread_safe=True), OnTrial(on_device=True)])
def test_the_first_pictures_are_opened_once_tried_and_then_scored_as_ever(scorer: OnTrial) -> None:
    values = [5, UNREADABLE, *range(20, 40)]
    batches = stream(scorer, values)

    assert scorer.seen == [5, *range(20, 19 + N_TRIED)]
    assert sorted(opened) == sorted(values)
    assert [item for batch in batches for item in batch.items] == [5, *range(20, 40)]
    assert [batch.items for batch in batches][:2] == [(5, 20), (21, 22, 23)]
    assert [item for batch in batches for item, _ in batch.unreadable] == [UNREADABLE]


def test_where_there_are_fewer_pictures_it_is_tried_with_those() -> None:
    scorer = OnTrial()
    stream(scorer, [1, 2])

    assert scorer.seen == [1, 2]


def test_a_scorer_that_fails_the_trial_scores_nothing() -> None:
    class Unfit(OnTrial):
        def try_out(self, first: npt.NDArray[Any]) -> None:
            raise ScorerFailed("In bfloat16 this model does not propose what it proposes in float32.")

    scorer = Unfit()
    with pytest.raises(ScorerFailed, match="does not propose"):
        stream(scorer, [1, 2, 3])

    assert scorer.n_scored == 0


def test_a_trial_that_breaks_is_said_of_the_scorer() -> None:
    class Broken(OnTrial):
        def try_out(self, first: npt.NDArray[Any]) -> None:
            raise RuntimeError("no kernel")

    with pytest.raises(ScorerFailed, match="failed to be tried out with 2 pictures: RuntimeError: no kernel"):
        stream(Broken(), [1, 2])


def test_pictures_that_cannot_be_read_are_no_trial() -> None:
    few, many = OnTrial(), OnTrial()

    assert len(stream(few, [UNREADABLE] * 4)[0].unreadable) == 3
    assert few.seen == []
    with pytest.raises(ScorerFailed, match=f"none of the first {MOST_OPENED} pictures can be read"):
        stream(many, [UNREADABLE] * MOST_OPENED + [1])
