"""Each model's own trend, and which valid labels win over the given one."""

import numpy as np
import pytest
from tests.report.reports import labelled, models

from multilabelfy.evaluation.many_models.misses import Winner, pooled_misses, winners
from multilabelfy.evaluation.many_models.trend import model_trends, slope_by_counts, trends
from multilabelfy.statistics.intervals import wilson


def test_the_slope_from_counts_is_least_squares_over_images() -> None:
    sizes = np.array([1, 1, 2, 2, 3, 3])
    images = labelled([list(range(size)) for size in sizes], [0] * 6)
    [model] = models(images, m=[0, 0, 0, 9, 9, 9])
    found = slope_by_counts(model.tally, of_given=True)
    assert found is not None
    assert found.value == pytest.approx(np.polyfit(sizes, [1, 1, 1, 0, 0, 0], 1)[0])


def test_the_robust_interval_is_close_to_the_bootstraps() -> None:
    generator = np.random.default_rng(0)
    sizes = generator.integers(1, 6, 3000)
    images = labelled([list(range(size)) for size in sizes], [0] * 3000)
    first = np.where(generator.random(3000) < 0.9 - 0.1 * sizes, 0, 9).tolist()
    found = models(images, m=first)
    robust, boot = slope_by_counts(found[0].tally, of_given=True), trends(found, seed=0)
    assert robust is not None
    assert boot is not None
    assert robust.value == pytest.approx(boot.top1.value)
    assert robust.interval.low == pytest.approx(boot.top1.interval.low, abs=0.002)
    assert robust.interval.high == pytest.approx(boot.top1.interval.high, abs=0.002)


def test_a_model_without_given_labels_has_no_trend() -> None:
    assert model_trends(models(labelled([[0], [1, 2]]), m=[0, 1])) == ()
    assert len(model_trends(models(labelled([[0], [1, 2]], [0, 1]), m=[0, 1]))) == 1


def test_winners_count_images_once_and_models_each_time() -> None:
    images = labelled([[0, 1], [0, 1], [2, 3]], [0, 0, 2])
    found = winners(images, models(images, a=[1, 1, 3], b=[1, 0, 9]))
    assert found == (Winner(given=0, instead=1, n_images=2, n_times=3), Winner(given=2, instead=3, n_images=1, n_times=1))


def test_what_wins_on_most_images_wins_however_many_models_agree() -> None:
    images = labelled([[0, 1], [0, 1], [2, 3]], [0, 0, 2])
    found = winners(images, models(images, a=[1, 1, 3], b=[0, 0, 3], c=[0, 0, 3]))
    assert [(winner.instead, winner.n_images, winner.n_times) for winner in found] == [(1, 2, 2), (3, 1, 3)]


def test_no_valid_label_wins_where_none_is_named() -> None:
    images = labelled([[0, 1]], [0])
    assert winners(images, models(images, a=[0])) == ()


def test_misses_that_are_all_valid_or_none_of_them_are_not_certain_to_be_so() -> None:
    images = labelled([[0, 1]] * 30, [0] * 30)
    for named, n_valid in ((1, 12), (5, 0)):
        pooled = pooled_misses(models(images, one=[named] * 12 + [0] * 18, other=[named] * 6 + [0] * 24), seed=0)
        assert pooled is not None
        assert (pooled.n_misses, pooled.interval) == (18, wilson(n_valid, 12))  # 12 images, of which both models miss 6
