"""Agreement on whole sets: distances by hand, and alpha with them."""

from collections.abc import Mapping

import numpy as np
import pytest

from multilabelfy.disagreement.agreement.agreement import agreement
from multilabelfy.disagreement.agreement.set_agreement import alpha, joint_sets, masi
from multilabelfy.disagreement.questions import Questions, questions_of_votes
from multilabelfy.statistics.intervals import Measured, wilson


def questions(votes: dict[tuple[int, int], str]) -> Questions:
    """From {(image, label): one letter a rater, n, m or y}, a dash where the rater was not shown it."""
    rows = [(i, q, who, "nmy".index(vote)) for (i, q), said in votes.items() for who, vote in enumerate(said) if vote != "-"]
    return questions_of_votes(*np.array(rows, dtype=np.int64).T)


def sets(votes: Questions) -> Mapping[str, Measured]:
    """The measures of whole sets, a maybe counted as a no."""
    return agreement(votes, seed=0).sets


def test_distances_by_hand() -> None:
    # image 0: {0} and {0}; image 1: {0, 1} and {0}: Jaccard 1/2, MASI 1 − 1/2·2/3
    result = sets(questions({(0, 0): "yy", (0, 1): "nn", (1, 0): "yy", (1, 1): "yn"}))
    assert result["equal"].value == pytest.approx(1 / 2)
    assert result["jaccard"].value == pytest.approx((0 + 1 / 2) / 2)
    assert result["masi"].value == pytest.approx((0 + 2 / 3) / 2)


def test_two_empty_sets_are_equal_and_one_is_as_far_as_can_be() -> None:
    both = sets(questions({(0, 0): "nn"}))
    assert (both["equal"].value, both["jaccard"].value, both["masi"].value) == (1, 0, 0)
    one = sets(questions({(0, 0): "yn"}))
    assert (one["equal"].value, one["jaccard"].value, one["masi"].value) == (0, 1, 1)


def test_a_maybe_counts_as_a_no_and_again_as_a_yes() -> None:
    votes = questions({(0, 0): "ym"})
    assert sets(votes)["equal"].value == 0
    assert agreement(votes, seed=0).sets_with_maybe["equal"].value == 1


def test_labels_that_only_one_was_shown_are_left_out() -> None:
    result = sets(questions({(0, 0): "yy", (0, 7): "y-"}))
    assert result["equal"].value == 1


def test_alpha_with_jaccard_by_hand() -> None:
    # image 0: {0},{0}; image 1: {1},{1}; image 2: {0},{1}. Observed (0+0+1)/3.
    # Expected over 6·5 ordered pairs of answers, three {0} and three {1}: 18 of 30 differ.
    votes = questions({(0, 0): "yy", (0, 1): "nn", (1, 0): "nn", (1, 1): "yy", (2, 0): "yn", (2, 1): "ny"})
    result = sets(votes)
    assert result["alpha_jaccard"].value == pytest.approx(1 - (1 / 3) / (18 / 30))


def test_alpha_is_undefined_where_all_sets_are_the_same() -> None:
    assert sets(questions({(0, 0): "yy", (1, 0): "yy"}))["alpha_masi"].value is None


def test_images_with_one_annotator_are_left_out() -> None:
    result = sets(questions({(0, 0): "y"}))
    assert (result["equal"].value, result["jaccard"].value, result["alpha_jaccard"].value) == (None, None, None)


def test_the_interval_of_alpha_is_that_of_resampled_images() -> None:
    """Against resampling the images themselves and working alpha out anew each time, which is exact and slow."""
    generator = np.random.default_rng(3)
    truth = generator.random((120, 4)) < 0.4
    votes = {
        (image, label): "".join("y" if truth[image, label] ^ (generator.random() < 0.1) else "n" for _ in range(3))
        for image in range(120)
        for label in range(4)
    }
    found = sets(questions(votes))["alpha_masi"]
    exact = []
    for _ in range(200):
        drawn = generator.integers(120, size=120)
        resample = questions({(place, label): votes[int(image), label] for place, image in enumerate(drawn) for label in range(4)})
        exact.append(alpha(joint_sets(resample, maybe_is_yes=False), masi, seed=0).value)
    assert found.interval is not None
    assert [found.interval.low, found.interval.high] == pytest.approx(np.quantile(np.array(exact, dtype=float), [0.025, 0.975]), abs=0.02)


def test_no_interval_of_alpha_is_told_from_a_single_image() -> None:
    found = sets(questions({(0, 0): "yn", (0, 1): "ny"}))["alpha_jaccard"]
    assert found.value is not None
    assert found.interval is None


def test_a_label_that_one_of_two_found_by_search_makes_their_sets_differ() -> None:
    """Both ticked the first label, and the first annotator found another: nobody was asked about it, and their sets differ."""
    shown, found = questions({(0, 0): "yy", (1, 0): "yy", (2, 0): "nn"}), questions({(0, 7): "y-", (2, 8): "yy"})
    without, having = agreement(shown, seed=0), agreement(shown, found, seed=0)
    assert without.sets["equal"].value == 1.0
    assert having.sets["equal"].value == pytest.approx(2 / 3)
    assert having.sets["jaccard"].value == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert having.answers == without.answers  # single answers are those that were asked for


def test_a_label_that_one_was_shown_and_another_found_counts_in_both_sets() -> None:
    shown, found = questions({(0, 0): "yy", (0, 5): "y-"}), questions({(0, 5): "-y"})
    assert agreement(shown, found, seed=0).sets["equal"].value == 1.0


def test_shares_near_one_have_wilsons_interval() -> None:
    """Two of fourteen images have different sets: resamples would say 64 to 100%."""
    equal = sets(questions({(image, 0): "yn" if image < 2 else "yy" for image in range(14)}))["equal"]
    assert equal.interval == wilson(12, 14)
