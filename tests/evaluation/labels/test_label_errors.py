"""The given labels held against the final ones."""

import numpy as np

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.labels.label_errors import (
    GivenAgainstFinal,
    Replacement,
    given_against_final,
    replacements,
    wrong_by_given_label,
    wrongly_given,
)
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages

#              alone, among others, replaced, replaced by two, empty, no given label
ROWS = [[1], [1, 2], [2], [2, 3], [], [4]]
GIVEN = [1, 2, 1, 1, 5, NO_LABEL]
LABELLED = LabelledImages(LabelSets.from_rows([f"{i}.jpg" for i in range(6)], ROWS), np.array(GIVEN))


def test_each_given_label_is_counted_once() -> None:
    found = given_against_final(LABELLED)
    assert found == GivenAgainstFinal(n_images=5, n_alone=1, n_among_others=1, n_replaced=2, n_empty=1)


def test_shares_are_of_all_images_and_of_those_with_labels() -> None:
    found = given_against_final(LABELLED)
    assert found is not None
    assert found.share_valid == 2 / 5
    assert found.share_valid_of_nonempty == 2 / 4


def test_wrongly_given_images_keep_the_order_of_the_labels() -> None:
    assert wrongly_given(LABELLED).tolist() == [2, 3]


def test_the_most_frequent_replacement_comes_first() -> None:
    assert replacements(LABELLED) == (Replacement(given=1, instead=2, n_images=2), Replacement(given=1, instead=3, n_images=1))


def test_errors_by_given_label_count_empty_sets_too() -> None:
    assert wrong_by_given_label(LABELLED) == {1: (2, 3), 2: (0, 1), 5: (1, 1)}


def test_without_given_labels_nothing_is_said() -> None:
    labelled = LabelledImages(LABELLED.sets)
    assert given_against_final(labelled) is None
    assert wrongly_given(labelled).size == 0
    assert replacements(labelled) == ()
    assert wrong_by_given_label(labelled) == {}
