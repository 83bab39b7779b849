"""A labelled sample and the models' agreement say how good models and given labels are on all images."""

import numpy as np
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.few_labels.by_sample import MeasuredBySample, chances, measured_by_sample
from multilabelfy.evaluation.few_labels.named_labels import named_labels
from multilabelfy.evaluation.measures.evaluated import evaluated
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings

N_IMAGES = 1_000
N_LABELS = 20
SKILLS = (0.9, 0.7, 0.8)


def made_up(seed: int, *, skills: tuple[float, ...] = SKILLS) -> tuple[LabelledImages, Rankings]:
    """Images with one label, some with two or none, a given label that is wrong in one of eight, and models of these skills.

    A fifth of the images is hard: the models err there more, and the given label is wrong more often.
    """
    rng = np.random.default_rng(seed)
    true = rng.integers(0, N_LABELS, N_IMAGES)
    hard = rng.random(N_IMAGES) < 0.2
    n_labels = rng.choice([0, 1, 2], N_IMAGES, p=[0.05, 0.75, 0.2])
    rows = [[label, (label + 1) % N_LABELS][:n] for label, n in zip(true.tolist(), n_labels.tolist(), strict=True)]
    given = np.where(rng.random(N_IMAGES) < np.where(hard, 0.4, 0.05), rng.integers(0, N_LABELS, N_IMAGES), true)
    first = [
        np.where(rng.random(N_IMAGES) < np.where(hard, skill / 2, skill), true, rng.integers(0, N_LABELS, N_IMAGES)) for skill in skills
    ]
    ranked = np.stack([np.column_stack([of, (of + 1) % N_LABELS]) for of in first])
    names = [f"{i}.jpg" for i in range(N_IMAGES)]
    return LabelledImages(LabelSets.from_rows(names, rows), given), Rankings(tuple("abc"[: len(skills)]), ranked)


def measured(images: LabelledImages, rankings: Rankings, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> MeasuredBySample:
    return measured_by_sample(images, rows, rankings.models, named_labels([rankings], images.given))


def test_a_label_is_named_once_an_image_and_knows_who_names_it() -> None:
    ranked = np.array([[[3, 1], [4, 0]], [[1, 3], [4, 2]]])
    named = named_labels([Rankings(("a", "b"), ranked)], np.array([3, -1]))
    assert list(zip(named.image.tolist(), named.label.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 4)]
    assert (named.first.tolist(), named.given.tolist()) == ([[1, 2], [0, 2]], [1, -1])
    assert named.features[:, :3].tolist() == [[0.5, 1.0, 0.75], [0.5, 1.0, 0.75], [1.0, 1.0, 1.0]]  # first, among, mean reciprocal rank
    assert named.features[:, 5].tolist() == [0.0, 1.0, 0.0]


def test_an_image_is_never_foretold_from_its_own_labels() -> None:
    images, rankings = made_up(0)
    named = named_labels([rankings], images.given)
    sampled = np.arange(0, N_IMAGES, 10)
    valid = np.random.default_rng(1).random(len(named.image)) < 0.5
    before = chances(named, valid, sampled)
    of_first = named.image == sampled[0]
    after = chances(named, valid ^ of_first, sampled)
    assert (before[of_first] == after[of_first]).all()
    assert (before[~of_first] != after[~of_first]).any()


def test_the_whole_dataset_as_its_own_sample_gives_what_evaluate_gives() -> None:
    images, rankings = made_up(1)
    found = measured(images, rankings, np.arange(N_IMAGES))
    for model, of_all in zip(found.models, evaluated(images, rankings), strict=True):
        assert model.real is not None
        assert model.top1 == pytest.approx(of_all.measures.top1)
        assert model.real.value == pytest.approx(of_all.measures.real)
        assert model.valid.value == pytest.approx(of_all.hits.valid.mean())


def test_labels_outside_the_sample_change_nothing_nor_does_its_order() -> None:
    images, rankings = made_up(2)
    rows = np.random.default_rng(0).permutation(N_IMAGES)[:100]
    drawn = set(rows.tolist())
    hidden = [row if place in drawn else () for place, row in enumerate(images.sets.rows())]
    without = LabelledImages(LabelSets.from_rows(images.sets.images, hidden), images.given)
    assert measured(images, rankings, rows) == measured(without, rankings, rows) == measured(images, rankings, rows[::-1])


def test_without_given_labels_nothing_is_said_of_them() -> None:
    images, rankings = made_up(3)
    found = measured(LabelledImages(images.sets), rankings, np.arange(0, N_IMAGES, 5))
    assert found.given_wrong is None
    assert {model.top1 for model in found.models} == {None}


def test_a_single_model_without_given_labels_is_measured_by_the_sample_alone() -> None:
    images, rankings = made_up(4, skills=(0.8,))
    rows = np.arange(0, N_IMAGES, 5)
    [model] = measured(LabelledImages(images.sets), rankings, rows).models
    [of_sample] = evaluated(images.of(rows), Rankings(rankings.models, rankings.ranked[:, rows]))
    assert model.valid.value == pytest.approx(of_sample.hits.valid.mean(), abs=1e-6)
    assert model.valid.worth == pytest.approx(1.0, abs=1e-6)


def test_images_that_models_agree_on_are_no_random_sample_and_that_is_seen() -> None:
    images, rankings = made_up(5)
    agree = np.flatnonzero((rankings.ranked[:, :, 0] == rankings.ranked[0, :, 0]).all(axis=0))
    assert measured(images, rankings, agree[:200]).looks_chosen
    assert not measured(images, rankings, np.random.default_rng(1).permutation(N_IMAGES)[:200]).looks_chosen


def test_intervals_hold_what_all_labels_give_and_labels_are_worth_more() -> None:
    images, rankings = made_up(6)
    truth = evaluated(images, rankings)
    given = np.asarray(images.given)
    wrong = np.mean([label not in row for label, row in zip(given.tolist(), images.sets.rows(), strict=True)])
    rng = np.random.default_rng(7)
    held: list[bool] = []
    worth: list[float | None] = []
    for _ in range(150):
        found = measured(images, rankings, rng.permutation(N_IMAGES)[:150])
        assert found.given_wrong is not None
        held.append(bool(found.given_wrong.interval.low <= wrong <= found.given_wrong.interval.high))
        for model, of_all in zip(found.models, truth, strict=True):
            assert model.real is not None
            assert of_all.measures.real is not None
            held.append(model.real.interval.low <= of_all.measures.real <= model.real.interval.high)
            held.append(bool(model.valid.interval.low <= of_all.hits.valid.mean() <= model.valid.interval.high))
            worth.append(model.valid.worth)
    assert 0.93 <= np.mean(held) <= 0.98
    assert np.mean(np.array(worth, dtype=float)) > 1.5
