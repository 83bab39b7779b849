"""The headline by rule over the votes alone, and how sure it is of images and annotators."""

from math import log
from pathlib import Path

import numpy as np
import pytest

from multilabelfy.disagreement.questions import Questions, questions_of_votes
from multilabelfy.evaluation.labels.consensus import several_by_rule
from multilabelfy.formats.reading.votes import read_votes

YES, MAYBE, NO = 2, 1, 0


def questions(*votes: tuple[int, int, int, int]) -> Questions:
    """From (image, label, annotator, vote)."""
    return questions_of_votes(*([vote[place] for vote in votes] for place in range(4)))


def test_rules_differ_in_what_they_take_as_valid() -> None:
    found = several_by_rule(
        questions(
            *((0, label, rater, YES) for label in (0, 1) for rater in (0, 1)),  # both labels from both
            *((1, 0, rater, YES) for rater in (0, 1)), (1, 1, 0, YES), (1, 1, 1, MAYBE),  # one from both, one from one
            (2, 0, 0, NO), (2, 0, 1, MAYBE),  # nothing
        )
    )  # fmt: skip
    assert [(one.rule, one.sizes.n_images, one.sizes.n_nonempty, one.sizes.n_several) for one in found] == [
        ("unanimous", 3, 2, 1),
        ("majority", 3, 2, 1),
        ("union", 3, 2, 2),
    ]
    assert found[0].share == 1 / 3
    assert found[0].share_of_nonempty == 1 / 2


def some_votes(n_images: int, n_raters: int, lenience: float) -> Questions:
    """Two annotators an image; each has a threshold of their own, spread by `lenience`, on the image's and label's plausibility."""
    generator = np.random.default_rng(0)
    thresholds = 0.5 + lenience * (np.arange(n_raters) / (n_raters - 1) - 0.5)
    rows = []
    for image in range(n_images):
        plausible = generator.random(4)
        for rater in generator.choice(n_raters, size=2, replace=False):
            rows += [(image, label, int(rater), YES if plausible[label] > thresholds[rater] else NO) for label in range(4)]
    return questions(*rows)


def test_annotators_that_differ_make_the_headline_less_sure() -> None:
    alike, different = (several_by_rule(some_votes(150, 6, lenience))[1].interval for lenience in (0.0, 0.8))
    assert alike is not None
    assert different is not None
    assert different.high - different.low > 1.5 * (alike.high - alike.low)


def test_each_interval_holds_its_share_and_stays_within_zero_and_one() -> None:
    for one in several_by_rule(some_votes(60, 5, 0.5)):
        assert one.interval is not None
        assert one.share is not None
        assert 0 <= one.interval.low <= one.share <= one.interval.high <= 1


def test_where_no_image_has_several_labels_the_interval_still_says_how_many_might() -> None:
    found = several_by_rule(questions(*((image, 0, rater, YES) for image in range(10) for rater in (0, 1))))
    assert found[0].share == 0.0
    assert found[0].interval is not None
    assert found[0].interval.high > 0.2


def test_no_votes_say_nothing() -> None:
    assert several_by_rule(questions()) == ()


def test_an_annotator_is_left_out_as_if_they_had_never_answered() -> None:
    dice = np.random.default_rng(4)
    asked = [(image, label, rater) for image in range(200) for label in range(3) for rater in dice.choice(6, 3, replace=False).tolist()]
    votes = [(*row, int(dice.choice([YES, MAYBE, NO], p=[0.45, 0.1, 0.45]))) for row in asked]
    without = [several_by_rule(questions(*(vote for vote in votes if vote[2] != rater))) for rater in range(6)]
    for place, row in enumerate(several_by_rule(questions(*votes))):
        share, odds = row.share or 0, [log(row.share / (1 - row.share)) for row in (rows[place] for rows in without) if row.share]
        variance = 5 / 6 * sum((each - sum(odds) / 6) ** 2 for each in odds) + 1 / (row.sizes.n_images * share * (1 - share))
        assert row.interval is not None
        ends = [log(end / (1 - end)) for end in (row.interval.low, row.interval.high)]
        assert ends == pytest.approx([log(share / (1 - share)) + side * 1.959964 * variance**0.5 for side in (-1, 1)], abs=1e-5)


@pytest.mark.real_data
def test_reals_share_by_majority_and_by_union(shared_data: Path) -> None:
    """PROTOCOL: 9.2% by majority of yes, 28.9% by union, of the non-empty, where the 25,111 images that nobody was asked have one label."""
    found = {one.rule: one.sizes for one in several_by_rule(read_votes(shared_data / "real" / "raters.npz").questions)}
    n_unasked = 50_000 - found["majority"].n_images
    shares = {rule: sizes.n_several / (sizes.n_nonempty + n_unasked) for rule, sizes in found.items()}
    assert shares["majority"] == pytest.approx(0.092, abs=5e-4)
    assert shares["union"] == pytest.approx(0.289, abs=5e-4)
