"""How many labels an image has, by the chances of its labels: by hand, by counting every set, and by a distribution of sizes."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multilabelfy.disagreement.consensus.set_sizes import set_sizes, set_sizes_by_size
from multilabelfy.statistics.logistic import log_odds_of, sigmoid

CERTAIN = 100.0
chances = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=5)


def test_two_labels_as_likely_as_not_are_none_one_or_both() -> None:
    found = set_sizes(np.array([0, 0]), np.zeros(2), 1)
    assert found.tolist() == [[pytest.approx(0.25), pytest.approx(0.5), pytest.approx(0.25)]]


def test_what_is_certain_is_counted() -> None:
    image = np.array([0, 0, 1, 1, 2])
    sure = np.array([CERTAIN, CERTAIN, CERTAIN, -CERTAIN, -CERTAIN])
    assert set_sizes(image, sure, 4).round(9).tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 0, 0]]


@given(chances)
@settings(max_examples=60, deadline=None)
def test_each_number_of_labels_is_as_likely_as_all_sets_of_that_size(of: list[float]) -> None:
    by_hand = np.zeros(3)
    for valid in product([0, 1], repeat=len(of)):
        by_hand[min(sum(valid), 2)] += np.prod([p if is_valid else 1 - p for p, is_valid in zip(of, valid, strict=True)])
    found = set_sizes(np.zeros(len(of), dtype=np.int64), log_odds_of(np.array(of)), 1)
    assert found[0] == pytest.approx(by_hand, abs=1e-9)


def test_the_order_of_questions_does_not_matter() -> None:
    image, odds = np.array([0, 0, 1, 1, 1, 3]), np.array([1.0, -2.0, 0.5, 0.0, -1.0, 2.0])
    mixed = np.array([5, 2, 0, 4, 1, 3])
    for sizes in (set_sizes(image, odds, 4), set_sizes_by_size(image, odds, np.zeros(6), 4)):
        assert sizes[2].tolist() == [1.0, 0.0, 0.0]
    assert set_sizes(image[mixed], odds[mixed], 4) == pytest.approx(set_sizes(image, odds, 4))
    assert set_sizes_by_size(image[mixed], odds[mixed], np.zeros(6), 4) == pytest.approx(set_sizes_by_size(image, odds, np.zeros(6), 4))


def test_where_clear_images_have_one_label_a_doubtful_one_has_one_too() -> None:
    """Ninety images have exactly one of three; of ten the votes say nothing, and the chances alone would leave an eighth without any."""
    image = np.repeat(np.arange(100), 3)
    by_votes = np.tile([8.0, -8.0, -8.0], 100)
    by_votes[-30:] = 0.0
    found = set_sizes_by_size(image, by_votes, np.zeros(300), 100)
    assert found[:90, 1].min() > 0.99
    assert found[90:, 1].min() > 0.95
    assert set_sizes(image, by_votes, 100)[99].round(3).tolist() == [0.125, 0.375, 0.5]


def test_given_the_size_models_say_which_set_it_is_and_not_how_large() -> None:
    """Models that like every label alike say nothing of how many there are."""
    rng = np.random.default_rng(4)
    image, by_votes = np.repeat(np.arange(50), 4), rng.normal(0, 2, 200)
    without, alike = (set_sizes_by_size(image, by_votes, np.full(200, liked), 50) for liked in (0.0, 3.0))
    assert alike == pytest.approx(without, abs=1e-6)
    assert sigmoid(by_votes + 3.0).sum() > 1.3 * sigmoid(by_votes).sum()
