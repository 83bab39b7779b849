"""How many of the wanted labels are among the first proposals."""

import numpy as np
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.errors import UnknownImage
from multilabelfy.proposals.recall import Recall, is_held, recall

PROPOSED = LabelSets.from_rows(["cat.jpg", "dog.jpg", "owl.jpg"], [[7, 3, 1], [2, 5, 7], [4, 0, 6]])


def test_a_given_label_counts_where_it_is_among_the_first_k() -> None:
    given = LabelSets.from_rows(["cat.jpg", "dog.jpg", "owl.jpg"], [[3], [7], [4]])

    assert recall(PROPOSED, given, 2) == Recall(k=2, n_images=3, n_complete=2, n_labels=3, n_held=2)
    assert recall(PROPOSED, given, 3).of_labels == 1.0
    assert recall(PROPOSED, given, 1).of_images == pytest.approx(1 / 3)


def test_images_are_joined_by_name_not_by_place() -> None:
    given = LabelSets.from_rows(["owl.jpg", "cat.jpg"], [[4], [7]])

    assert recall(PROPOSED, given, 1) == Recall(k=1, n_images=2, n_complete=2, n_labels=2, n_held=2)


def test_of_several_final_labels_each_counts_and_an_image_is_complete_with_all() -> None:
    final = LabelSets.from_rows(["cat.jpg", "dog.jpg"], [[1, 7], [5, 6]])

    assert recall(PROPOSED, final, 3) == Recall(k=3, n_images=2, n_complete=1, n_labels=4, n_held=3)


def test_an_image_that_wants_no_label_does_not_count() -> None:
    final = LabelSets.from_rows(["cat.jpg", "new.jpg"], [[7], []])

    assert recall(PROPOSED, final, 1) == Recall(k=1, n_images=1, n_complete=1, n_labels=1, n_held=1)


def test_where_nothing_is_wanted_there_is_no_recall() -> None:
    nothing = recall(PROPOSED, LabelSets.from_rows([], []), 20)

    assert (nothing.of_labels, nothing.of_images) == (None, None)


def test_a_wanted_image_without_proposals_is_named() -> None:
    with pytest.raises(UnknownImage, match=r"without proposals: 1 image, the first is 'new\.jpg'"):
        recall(PROPOSED, LabelSets.from_rows(["cat.jpg", "new.jpg"], [[7], [1]]), 20)


def test_a_given_label_is_held_where_its_image_ranks_it_and_none_given_never_is() -> None:
    ranked = np.array([[7, 3], [2, 5], [0, 1]], dtype=np.int32)

    assert is_held(ranked, np.array([3, 7, -1])).tolist() == [True, False, False]
