"""Models compared on the same images: what holds is told from what may be luck."""

import numpy as np
import pytest
from tests.report.reports import labelled, models

from multilabelfy.evaluation.many_models.comparison import kendall_tau, rank_changes, ranks, resampled_measures
from multilabelfy.evaluation.many_models.groups import by_group
from multilabelfy.evaluation.many_models.traits import shared_traits, traits_of


def test_the_measures_are_the_models_own() -> None:
    images = labelled([[0], [1, 2], []], [0, 1, 5])
    of = resampled_measures(models(images, a=[0, 2, 5], b=[0, 9, 9]), seed=0, n_resamples=50)
    assert of.real.tolist() == [1.0, 0.5]
    assert of.top1 is not None
    assert of.top1 == pytest.approx([2 / 3, 1 / 3])
    assert of.real_drawn.shape == (50, 2)


def test_ranks_are_told_with_the_pairs_that_hold_and_those_that_turn_round() -> None:
    # a names the given label, b another valid one: b is last by top-1 and first by ReaL
    images = labelled([[0, 1]] * 100 + [[0]] * 100, [0] * 200)
    found = rank_changes(resampled_measures(models(images, a=[0] * 100 + [9] * 100, b=[1] * 100 + [0] * 80 + [9] * 20), seed=0))
    assert found is not None
    assert [(one.model, one.rank_by_top1, one.rank_by_real) for one in found.models] == [("b", 2, 1), ("a", 1, 2)]
    assert (found.n_pairs, found.n_sure_by_real, found.tau) == (1, 1, -1.0)
    assert found.models[0].real_ranks.low == found.models[0].real_ranks.high == 1


def test_an_order_that_is_the_same_by_both_measures_is_not_therefore_certain() -> None:
    images = labelled([[0]] * 12, [0] * 12)
    found = rank_changes(resampled_measures(models(images, a=[0] * 7 + [9] * 5, b=[0] * 6 + [9] * 6, c=[0] * 5 + [9] * 7), seed=0))
    assert found is not None
    assert found.tau == pytest.approx(1)
    assert found.tau_interval is None


def test_a_single_model_has_no_rank() -> None:
    images = labelled([[0]], [0])
    assert rank_changes(resampled_measures(models(images, a=[0]), seed=0, n_resamples=5)) is None


def test_equal_values_share_the_better_rank() -> None:
    assert ranks(np.array([[0.1, 0.3, 0.3], [0.5, 0.4, 0.3]])).tolist() == [[3, 1, 1], [1, 2, 3]]


def test_tau_counts_pairs() -> None:
    assert kendall_tau(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.0, 4.0, 3.0])) == pytest.approx(4 / 6)


def test_measures_by_group_are_the_measures_of_its_images() -> None:
    images = labelled([[0], [1, 2], [3], []], [0, 1, 3, 4])
    [model] = models(images, m=[0, 2, 9, 4])
    rows = by_group(model.hits, np.array([7, 7, 2, -1]), seed=0)
    assert [(row.group, row.measures.n_images, row.measures.top1, row.measures.real) for row in rows] == [
        (2, 1, 0.0, 0.0),
        (7, 2, 0.5, 1.0),
    ]


def test_a_name_tells_family_and_training() -> None:
    assert traits_of("vit_base_patch16_224.augreg_in21k") == {"vit", "augreg", "in21k"}
    assert traits_of("fv_16k") == {"fv"}


def test_traits_more_frequent_than_chance_are_found() -> None:
    names = [f"vit_{i}.clip_in1k" for i in range(10)] + [f"resnet{i}.in1k" for i in range(90)]
    found = shared_traits(names[:8], names)
    assert [one.trait for one in found] == ["clip", "vit"]
    assert (found[0].n_chosen, found[0].n_all) == (8, 10)
