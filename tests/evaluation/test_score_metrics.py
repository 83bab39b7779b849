"""Mean average precision and subset accuracy, by hand and against the definition spelled out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.score_metrics import average_precisions, score_measures, subset_accuracy


def sets(*rows: list[int]) -> LabelSets:
    return LabelSets.from_rows([f"{i}" for i in range(len(rows))], rows)


def test_average_precision_by_hand() -> None:
    # label 0: ranks 1 and 3 of three images: (1/1 + 2/3) / 2; label 1: rank 2: 1/2
    found = average_precisions(sets([0], [], [0, 1]), np.array([[0.9, 0.1], [0.5, 0.8], [0.1, 0.4]]))
    assert found == pytest.approx([(1 + 2 / 3) / 2, 1 / 2])


def test_a_label_that_no_image_has_is_left_out_of_the_mean() -> None:
    found = score_measures(sets([0], [0]), np.array([[0.9, 0.1], [0.8, 0.2]]))
    assert (found.mean_average_precision, found.n_labels) == (1.0, 1)


def test_equal_scores_stand_and_fall_together() -> None:
    first = average_precisions(sets([0], []), np.array([[0.5], [0.5]]))
    second = average_precisions(sets([], [0]), np.array([[0.5], [0.5]]))
    assert first == second == pytest.approx([1 / 2])


def test_subset_accuracy_asks_for_the_whole_set_and_allows_the_empty_one() -> None:
    scores = np.array([[0.9, 0.6], [0.9, 0.1], [0.2, 0.3], [0.6, 0.4]])
    assert subset_accuracy(sets([0, 1], [0, 1], [], [1]), scores) == 2 / 4


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=10))
def test_average_precision_is_the_sum_over_thresholds_of_recall_gained_times_precision(images: list[tuple[bool, float]]) -> None:
    n_having = sum(has for has, _ in images)
    found = average_precisions(sets(*([0] if has else [] for has, _ in images)), np.array([[score] for _, score in images]))
    if not n_having:
        assert np.isnan(found[0])
        return
    expected, recall_before = 0.0, 0.0
    for threshold in sorted({score for _, score in images}, reverse=True):
        named = [has for has, score in images if score >= threshold]
        recall = sum(named) / n_having
        expected += (recall - recall_before) * sum(named) / len(named)
        recall_before = recall
    assert found[0] == pytest.approx(expected)
