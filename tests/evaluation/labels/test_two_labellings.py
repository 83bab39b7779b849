"""Two labellings of the same images: how their sets relate, who has what by class, and who is right by gold, with severity."""

import numpy as np
import pytest
from tests.report.reports import labelled

from multilabelfy.evaluation.labels.against_gold import SetSeverity, against_gold
from multilabelfy.evaluation.labels.two_labellings import Match, compared

FIRST = labelled([[0], [1, 2], [3], [4, 5], [6], []]).sets
SECOND = labelled([[0], [1], [3, 7], [4, 8], [9], [1]]).sets


def near(first: int, second: int) -> bool:
    """Relatives, as 0 and 1 or 2 and 3 are."""
    return first // 2 == second // 2


def test_each_image_stands_once_by_how_its_sets_relate() -> None:
    found = compared(FIRST, SECOND, seed=0)
    assert {row.match: row.n_images for row in found.matches} == dict.fromkeys(Match, 1)
    assert found.equal.value == pytest.approx(1 / 6)
    assert found.jaccard.value == pytest.approx((1 + 1 / 2 + 1 / 2 + 1 / 3 + 0 + 0) / 6)
    assert (found.n_both, found.n_first, found.n_second) == (4, 3, 4)


def test_a_class_has_its_images_in_both_and_in_one_alone() -> None:
    by_label = {row.label: (row.n_both, row.n_first, row.n_second) for row in compared(FIRST, SECOND, seed=0).classes}
    assert by_label[1] == (1, 0, 1)
    assert by_label[6] == (0, 1, 0)
    assert 0 not in by_label  # nobody differs on it


def test_a_class_leans_only_where_chance_does_not_explain_it() -> None:
    often, twice = labelled([[0]] * 20 + [[1]] * 2).sets, labelled([[]] * 22).sets
    assert {row.label: row.leans for row in compared(often, twice, seed=0).classes} == {0: 1, 1: 0}
    assert {row.label: row.leans for row in compared(twice, often, seed=0).classes} == {0: 2, 1: 0}


def test_the_same_labelling_twice_differs_nowhere() -> None:
    found = compared(FIRST, FIRST, seed=0)
    assert found.equal.value == 1
    assert found.classes == ()


def test_gold_says_who_is_right_and_whose_own_labels_are_valid() -> None:
    gold = labelled([[0], [1, 2], [3], [4, 5], [9], []]).sets
    found = against_gold(FIRST, SECOND, gold, near)
    assert (found.first_right, found.second_right) == (4, 1)  # image 0 is right in both
    assert (found.first.valid.n_of, found.first.valid.n, found.first.found.n) == (6, 7, 7)
    assert (found.only_first.n_of, found.only_first.n) == (2, 3)
    assert (found.only_second.n_of, found.only_second.n) == (1, 4)


def test_a_label_near_a_valid_one_is_a_minor_mistake_and_a_far_one_a_major() -> None:
    gold = labelled([[0], [0], [0, 4], [0], []]).sets
    first = labelled([[0], [1], [0], [8], [2]]).sets
    found = against_gold(first, labelled([[0]] * 5).sets, gold, near).first.severity
    assert {kind: share.n_of for kind, share in found.items()} == {SetSeverity.CORRECT: 1, SetSeverity.MINOR: 2, SetSeverity.MAJOR: 2}


def test_counts_agree_with_a_straight_loop() -> None:
    generator = np.random.default_rng(3)
    first, second = ([sorted({int(label) for label in generator.integers(6, size=3)}) for _ in range(50)] for _ in "ab")
    found = compared(labelled(first).sets, labelled(second).sets, seed=0)
    pairs = list(zip(map(set, first), map(set, second), strict=True))
    assert found.n_both == sum(len(a & b) for a, b in pairs)
    assert found.n_first == sum(len(a - b) for a, b in pairs)
    assert sum(row.n_images for row in found.matches) == 50
    assert {row.label: row.n_first for row in found.classes} == {
        label: sum(label in a - b for a, b in pairs) for label in range(6) if any(label in a ^ b for a, b in pairs)
    }
