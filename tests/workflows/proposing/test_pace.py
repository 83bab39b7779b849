"""A run's pace says how long the rest takes, and what holds it back."""

import pytest

from multilabelfy.inference.running.batches import Spent
from multilabelfy.workflows.proposing.pace import RunPace, RunPart

BEGUN = RunPace("onnx:lite0", n_total=1000)


def test_the_rest_takes_as_long_as_what_was_done() -> None:
    pace = BEGUN.after(40, 2.0, Spent(), 0.0).after(60, 5.0, Spent(), 0.0)

    assert (pace.n_done, pace.images_per_second, pace.seconds_left) == (100, 20.0, 45.0)


@pytest.mark.parametrize(
    ("spent", "storing", "part", "share"),
    [
        (Spent(opening=1, scoring=3), 1.0, RunPart.SCORING, 0.6),
        (Spent(opening=3, scoring=1), 0.0, RunPart.OPENING, 0.75),
        (Spent(opening=1, scoring=1), 2.0, RunPart.STORING, 0.5),
    ],
)
def test_the_bottleneck_is_what_takes_the_most_of_the_work(spent: Spent, storing: float, part: RunPart, share: float) -> None:
    assert BEGUN.after(1, 1.0, spent, storing).bottleneck == (part, share)


def test_before_the_first_image_nothing_is_known() -> None:
    assert (BEGUN.images_per_second, BEGUN.seconds_left, BEGUN.bottleneck) == (None, None, None)
