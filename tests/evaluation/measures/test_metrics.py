"""The measures on toy values that can be checked by eye."""

import numpy as np
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.metrics import HitCounts, Measures, ValidLabels, asma, hits, measures, tally, variable_topk_strict
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages


def labelled(rows: list[list[int]], given: list[int] | None = None) -> LabelledImages:
    names = [f"{position}.jpg" for position in range(len(rows))]
    return LabelledImages(LabelSets.from_rows(names, rows), None if given is None else np.array(given))


def counted(rows: list[list[int]], ranked: list[list[int]], given: list[int] | None = None) -> HitCounts:
    images = labelled(rows, given)
    return tally(hits(images, ValidLabels.of(images), np.array(ranked)))


def measured(rows: list[list[int]], ranked: list[list[int]], given: list[int] | None = None) -> Measures:
    return measures(counted(rows, ranked, given))


def test_top1_asks_for_the_given_label_over_all_images() -> None:
    found = measured([[1], [2, 3], []], [[1], [3], [5]], given=[1, 2, 5])
    assert found.top1 == 2 / 3  # the empty image's given label was named, the second's was not


def test_top1_of_nonempty_leaves_out_images_without_labels() -> None:
    found = measured([[1], [2, 3], []], [[1], [3], [5]], given=[1, 2, 5])
    assert found.top1_of_nonempty == 1 / 2


def test_top1_is_not_defined_without_given_labels() -> None:
    found = measured([[1]], [[1]])
    assert found.top1 is None
    assert found.top1_of_nonempty is None


def test_an_image_without_a_given_label_is_left_out_of_top1() -> None:
    found = measured([[1], [2]], [[1], [2]], given=[1, NO_LABEL])
    assert found.top1 == 1.0


def test_real_takes_any_valid_label_over_images_that_have_one() -> None:
    found = measured([[1], [2, 3], [], [4]], [[1], [3], [5], [0]])
    assert found.real == 2 / 3


def test_an_empty_set_counts_as_right_under_its_own_name() -> None:
    found = measured([[1], [2, 3], [], [4]], [[1], [3], [5], [0]])
    assert found.real_empty_counts_as_right == 3 / 4


def test_variable_topk_looks_at_as_many_ranks_as_there_are_labels() -> None:
    found = measured([[1, 2], [3]], [[1, 9, 2], [9, 3, 0]])
    assert found.variable_topk == (1 / 2 + 0) / 2  # the second label at rank 3 and the label at rank 2 come too late


def test_variable_topk_leaves_out_images_with_more_labels_than_ranks() -> None:
    found = measured([[1, 2], [3]], [[1], [3]])
    assert found.variable_topk == 1.0
    assert found.n_variable_topk == 1


def test_variable_topk_is_not_defined_where_no_image_has_enough_ranks() -> None:
    found = measured([[1, 2], [3, 4]], [[1], [3]])
    assert (found.variable_topk, found.variable_topk_strict, found.asma) == (None, None, None)


def test_a_ranking_that_ends_early_is_left_out_of_variable_topk() -> None:
    found = measured([[1, 2], [1, 2]], [[1, NO_LABEL], [1, 2]])
    assert found.variable_topk == 1.0
    assert found.n_variable_topk == 1


def test_strict_variable_topk_asks_for_the_whole_set() -> None:
    assert variable_topk_strict(counted([[1, 2], [1, 2]], [[2, 1], [2, 9]])) == 1 / 2


def test_asma_weighs_subgroups_alike_however_large_they_are() -> None:
    of = counted([[1], [1], [1], [2, 3]], [[1, 0], [1, 0], [0, 9], [2, 0]])
    assert asma(of) == pytest.approx((2 / 3 + 1 / 2) / 2, abs=1e-15)


def test_asma_of_large_subgroups_leaves_out_the_small_ones() -> None:
    of = counted([[1], [1], [2, 3]], [[1, 0], [1, 0], [0, 9]])
    assert asma(of, at_least=2) == 1.0
    assert asma(of, at_least=3) is None


def test_nothing_is_defined_where_every_set_is_empty_except_the_convention_that_calls_that_right() -> None:
    found = measured([[], []], [[1], [2]])
    assert (found.real, found.variable_topk) == (None, None)
    assert found.real_empty_counts_as_right == 1.0
    assert found.n_without_labels == 2


def test_a_label_beyond_all_valid_ones_is_not_mistaken_for_another_images() -> None:
    valid = ValidLabels.of(labelled([[0], [1]]))
    assert valid.contain(np.array([0]), np.array([3])).tolist() == [False]  # 0 × 2 + 3 would be image 1's label 1


def test_unsigned_labels_are_compared_as_numbers() -> None:
    images = labelled([[1], [2]], given=[1, NO_LABEL])
    of = hits(images, ValidLabels.of(images), np.array([[1], [2]], dtype=np.uint16))
    assert measures(tally(of)).top1 == 1.0
