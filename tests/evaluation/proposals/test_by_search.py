"""Which share of the valid labels people found by search."""

import numpy as np
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.by_search import FoundBySearch, found_by_search


def valid(*rows: list[int]) -> LabelSets:
    return LabelSets.from_rows([f"{n}.jpg" for n in range(len(rows))], rows)


def test_labels_are_counted_of_images_that_people_were_asked_about() -> None:
    is_found, was_asked = np.array([False, True, True, False]), np.array([True, True, False, True])
    found = found_by_search(valid([1, 4], [], [2], [3]), is_found, was_asked, seed=0)
    assert found == FoundBySearch(n_images=2, n_labels=3, n_found=1, interval=None)
    assert found.share == 1 / 3


def test_the_interval_takes_whole_images_and_not_labels() -> None:
    """Of a hundred images with four labels, ten have all theirs by search: labels of one image are found together or not at all.

    The standard error is that of a share of 100 images, 3 points; 400 labels by themselves would have half of it.
    """
    found = found_by_search(valid(*[[0, 1, 2, 3]] * 100), np.repeat(np.arange(100) < 10, 4), np.ones(100, dtype=bool), seed=0)
    assert found is not None
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((0.1 - 1.96 * 0.03, 0.1 + 1.96 * 0.03), abs=0.012)


def test_that_nothing_was_found_is_not_certain() -> None:
    found = found_by_search(valid(*[[0]] * 40), np.zeros(40, dtype=bool), np.ones(40, dtype=bool), seed=0)
    assert found is not None
    assert found.interval is not None
    assert found.interval.low == 0
    assert found.interval.high == pytest.approx(0.0876, abs=1e-4)  # Wilson: z² / (n + z²)


def test_without_valid_labels_or_questions_there_is_no_share() -> None:
    assert found_by_search(valid([], []), np.array([], dtype=bool), np.array([True, True]), seed=0) is None
    assert found_by_search(valid([1]), np.array([True]), np.array([False]), seed=0) is None
