"""Mean average precision and subset accuracy, by hand and against the definition spelled out."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.score_metrics import (
    IMAGES_AT_ONCE,
    LABELS_AT_ONCE,
    average_precisions,
    exactly_named,
    score_measures,
)


def sets(*rows: list[int]) -> LabelSets:
    return LabelSets.from_rows([f"{i}" for i in range(len(rows))], rows)


def test_average_precision_by_hand() -> None:
    # label 0: ranks 1 and 3 of three images: (1/1 + 2/3) / 2; label 1: rank 2: 1/2
    found = average_precisions(sets([0], [], [0, 1]), np.array([[0.9, 0.1], [0.5, 0.8], [0.1, 0.4]])).of_label
    assert found == pytest.approx([(1 + 2 / 3) / 2, 1 / 2])


def test_a_label_that_no_image_has_is_left_out_of_the_mean() -> None:
    found = score_measures(sets([0], [0]), np.array([[0.9, 0.1], [0.8, 0.2]]))
    assert (found.mean_average_precision, found.n_labels) == (1.0, 1)


def test_equal_scores_stand_and_fall_together() -> None:
    first = average_precisions(sets([0], []), np.array([[0.5], [0.5]])).of_label
    second = average_precisions(sets([], [0]), np.array([[0.5], [0.5]])).of_label
    assert first == second == pytest.approx([1 / 2])


def test_subset_accuracy_asks_for_the_whole_set_and_allows_the_empty_one() -> None:
    scores = np.array([[0.9, 0.6], [0.9, 0.1], [0.2, 0.3], [0.6, 0.4]])
    assert exactly_named(sets([0, 1], [0, 1], [], [1]), scores).tolist() == [True, False, True, False]
    assert score_measures(sets([0, 1], [0, 1], [], [1]), scores).subset_accuracy == 2 / 4


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=10))
def test_average_precision_is_the_sum_over_thresholds_of_recall_gained_times_precision(images: list[tuple[bool, float]]) -> None:
    n_having = sum(has for has, _ in images)
    found = average_precisions(sets(*([0] if has else [] for has, _ in images)), np.array([[score] for _, score in images])).of_label
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


def precision_by_weights(scores: npt.NDArray[np.float64], has: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]) -> float:
    """The definition with a weight for each image."""
    precisions = [weights[(scores >= at) & has].sum() / weights[scores >= at].sum() for at in scores[has]]
    return float(np.average(precisions, weights=weights[has]))


def test_the_error_is_how_much_the_value_changes_with_the_weight_of_each_image() -> None:
    generator = np.random.default_rng(1)
    scores, has = generator.integers(0, 6, 40) / 8, generator.random(40) < 0.4  # few values: ties abound
    change = []
    for image in range(40):
        step = np.where(np.arange(40) == image, 1e-6, 0)
        change.append((precision_by_weights(scores, has, 1 + step) - precision_by_weights(scores, has, 1 - step)) / 2e-6)
    found = average_precisions(sets(*([0] if one else [] for one in has)), scores[:, np.newaxis])
    assert found.of_label[0] == pytest.approx(precision_by_weights(scores, has, np.ones(40)))
    assert found.errors[0] == pytest.approx(np.sqrt((np.array(change) ** 2).sum()), rel=1e-6)
    assert found.error_of_mean == pytest.approx(found.errors[0])


def test_wide_and_long_tables_are_measured_as_their_columns_one_by_one() -> None:
    generator = np.random.default_rng(2)
    n, n_labels = IMAGES_AT_ONCE + 37, LABELS_AT_ONCE + 3
    scores, has = generator.random((n, n_labels), dtype=np.float32).round(1), generator.random((n, n_labels)) < 0.05
    has[:, 5] = False
    found = average_precisions(sets(*(np.flatnonzero(row).tolist() for row in has)), scores)
    alone = [average_precisions(sets(*([0] if one else [] for one in has[:, label])), scores[:, [label]]) for label in range(n_labels)]
    assert found.of_label.tolist() == pytest.approx([one.of_label[0] for one in alone], nan_ok=True)
    assert found.errors.tolist() == pytest.approx([one.errors[0] for one in alone], nan_ok=True)
    assert np.isnan(found.of_label[5])


def test_the_interval_of_the_mean_is_as_wide_as_a_bootstraps() -> None:
    generator = np.random.default_rng(3)
    has = generator.random((300, 8)) < 0.3
    scores = generator.normal(size=(300, 8)) + has
    draws = [generator.integers(300, size=300) for _ in range(300)]
    means = [average_precisions(sets(*(np.flatnonzero(row).tolist() for row in has[drawn])), scores[drawn]).mean for drawn in draws]
    found = average_precisions(sets(*(np.flatnonzero(row).tolist() for row in has)), scores)
    assert found.error_of_mean == pytest.approx(np.std(np.array(means, dtype=np.float64)), rel=0.15)
    assert found.interval_of_mean is not None
