"""What is missing in a study is weighted or bounded, and the interval that comes of it holds the truth of all images."""

import numpy as np
import pytest

from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress, share_of_whole
from multilabelfy.simulation.annotators import Habits
from multilabelfy.simulation.halfway import Staff, halfway, true_share
from multilabelfy.simulation.truth import TrueObject, Truth
from multilabelfy.statistics.intervals import Interval, wilson

N_SEEDS, N_IMAGES, N_LABELS = 10, 200, 40
HABITS = Habits(miss=0.02, miss_faint=0.3, one_name=0.1, confuse=0.02, doubt=0.03, search=0.6)
STAFF = Staff([HABITS] * 4, [Habits(miss=0.01, miss_faint=0.1, search=0.9)], {}, N_LABELS)


def test_a_finished_study_has_the_interval_of_its_share() -> None:
    whole = share_of_whole(ImagesByProgress(drawn=CountedImages(300, 150)))
    assert whole is not None
    assert whole.interval == wilson(150, 300)
    assert whole.bounds == Interval(0.5, 0.5)


def test_what_was_begun_may_turn_out_either_way() -> None:
    whole = share_of_whole(ImagesByProgress(drawn=CountedImages(80, 40), n_begun=20))
    assert whole is not None
    assert whole.bounds == Interval(0.4, 0.6)
    assert whole.interval == Interval(_low(40, 100), _high(60, 100))


def test_what_nobody_has_begun_is_like_what_was_begun() -> None:
    whole = share_of_whole(ImagesByProgress(drawn=CountedImages(80, 40), n_begun=20, n_untouched=900))
    assert whole is not None
    assert (whole.interval.low, whole.interval.high) == pytest.approx((_low(40, 100), _high(60, 100)))
    assert whole.bounds == Interval(0.04, 0.96)


def test_what_does_not_come_by_the_draw_is_known_or_may_be_anything() -> None:
    whole = share_of_whole(ImagesByProgress(drawn=CountedImages(40, 20), chosen=CountedImages(50, 10), n_others=10))
    assert whole is not None
    assert (whole.interval.low, whole.interval.high) == pytest.approx((_low(30, 100), _high(40, 100)))


def test_before_anybody_began_anything_is_possible() -> None:
    whole = share_of_whole(ImagesByProgress(n_untouched=10))
    assert whole is not None
    assert whole.interval == whole.bounds == Interval(0.0, 1.0)
    assert share_of_whole(ImagesByProgress()) is None


@pytest.mark.parametrize(("answered", "decided"), [(0.88, 0.75), (1.0, 1.0)])
def test_the_interval_holds_the_truth_of_all_images_wherever_a_study_stops(answered: float, decided: float) -> None:
    held = 0
    for seed in range(N_SEEDS):
        truths = _truths(seed)
        whole = share_of_whole(halfway(truths, STAFF, answered=answered, decided=decided, seed=seed))
        assert whole is not None
        held += whole.interval.low <= true_share(truths) <= whole.interval.high
    assert held >= 0.94 * N_SEEDS


def test_the_finished_images_alone_would_not_hold_it() -> None:
    """Before the experts begin, the finished images are the easy ones: this is what the bounds are for."""
    missed = 0
    for seed in range(N_SEEDS):
        truths = _truths(seed)
        finished = halfway(truths, STAFF, answered=1.0, decided=0.0, seed=seed).finished
        alone = wilson(finished.n_several, finished.n)
        missed += alone is None or not alone.low <= true_share(truths) <= alone.high
    assert missed > N_SEEDS / 2


def _truths(seed: int) -> list[Truth]:
    """Images of one to four things, some of them faint: the more there is to see, the more there is to differ about."""
    rng = np.random.default_rng((7, seed))
    return [
        Truth(tuple(TrueObject((int(label),), float(rng.random())) for label in rng.choice(N_LABELS, size=n, replace=False)))
        for n in rng.integers(1, 5, size=N_IMAGES)
    ]


def _low(n_of: int, n: int) -> float:
    interval = wilson(n_of, n)
    assert interval is not None
    return interval.low


def _high(n_of: int, n: int) -> float:
    interval = wilson(n_of, n)
    assert interval is not None
    return interval.high
