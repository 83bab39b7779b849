"""How many valid labels are among several models' first k together, and in which way their lists are best joined."""

import json
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.calibration import are_valid, chances
from multilabelfy.evaluation.proposals.unions import Union, best_unions
from multilabelfy.proposals.union import Way


def valid(*rows: list[int]) -> LabelSets:
    return LabelSets.from_rows([f"{n}.jpg" for n in range(len(rows))], rows)


def test_a_union_is_measured_on_images_that_it_was_not_chosen_on() -> None:
    """Twenty models guess at random: the best on the images where it was chosen looks better than one in ten, and is not."""
    generator = np.random.default_rng(0)
    ranked = generator.integers(0, 10, (20, 2000, 1))
    alone, *_ = best_unions([str(n) for n in range(20)], ranked, valid(*[[n % 10] for n in range(2000)]), 1, seed=0)
    assert alone.interval is not None
    assert alone.interval.low < 0.1 < alone.interval.high


def test_models_that_know_different_halves_hold_more_together() -> None:
    cats, dogs = [[0, 1, 2, 3]] * 100, [[4, 5, 6, 7]] * 100
    sets = valid(*[[0] if n // 2 % 2 else [4] for n in range(100)])
    alone, *both = best_unions(["cats", "dogs"], np.array([cats, dogs]), sets, 2, seed=0)
    assert (alone.models, alone.way, alone.recall) == (("cats",), None, 0.5)
    assert [union.way for union in both] == list(Way)
    for union in both:
        assert (union.models, union.recall, union.gain) == (("cats", "dogs"), 1.0, 0.5)
        assert union.gain_interval is not None
        assert union.gain_interval.low > 0


def test_what_two_models_have_is_put_first_by_reciprocal_ranks_alone() -> None:
    """The second label of both is valid. Taking turns, two labels are the first ones of each model."""
    ranked = np.array([[[1, 0]] * 40, [[2, 0]] * 40])
    by_way = {union.way: union.recall for union in best_unions(["a", "b"], ranked, valid(*[[0]] * 40), 1, seed=0)}
    assert (by_way[Way.TURNS], by_way[Way.RECIPROCAL]) == (0.0, 0.0)  # at k = 1 neither looks at second labels
    by_way = {union.way: union.recall for union in best_unions(["a", "b"], ranked, valid(*[[0]] * 40), 2, seed=0)}
    assert (by_way[Way.TURNS], by_way[Way.RECIPROCAL]) == (0.0, 1.0)


def test_calibrated_scores_leave_a_boastful_model_behind() -> None:
    """The boaster is sure of itself and never right; the other is unsure and right: at k = 1 chances choose the other's label."""
    ranked, scores = np.array([[[1]] * 40, [[0]] * 40]), np.array([[[0.99]] * 40, [[0.2]] * 40])
    sets = valid(*[[0]] * 40)
    unions = best_unions(["boaster", "modest"], ranked, sets, 1, seed=0, scores=scores)
    assert unions[0].models == ("modest",)
    reversed_unions = best_unions(["modest", "boaster"], ranked[::-1], sets, 1, seed=0, scores=scores[::-1])
    for union in (*unions, *reversed_unions):
        assert union.recall == 1.0


def test_scores_tell_more_than_ranks_where_models_know_when_they_guess() -> None:
    """Each model is sure, and right, on every other pair of images, and guesses on the rest; at k = 1 scores say whom to believe."""
    knows = np.arange(80) // 2 % 2 == 0
    ranked = np.stack([np.where(knows, 0, 1), np.where(knows, 2, 0)])[:, :, np.newaxis]
    scores = np.stack([np.where(knows, 0.9, 0.3), np.where(knows, 0.3, 0.9)])[:, :, np.newaxis]
    sets = valid(*[[0]] * 80)
    with_scores = {union.way: union.recall for union in best_unions(["a", "b"], ranked, sets, 1, seed=0, scores=scores)}
    without = {union.way: union.recall for union in best_unions(["a", "b"], ranked, sets, 1, seed=0)}
    assert (with_scores[Way.RECIPROCAL], with_scores[Way.CALIBRATED]) == (0.5, 1.0)
    assert without[Way.CALIBRATED] == 0.5


def test_chances_rise_with_the_score_and_pool_what_does_not() -> None:
    """By hand: 0.2 holds of one in two, 0.3 of none in two, so both are pooled to one in four."""
    scores, are = np.array([0.1, 0.2, 0.2, 0.3, 0.3, 0.5]), np.array([False, True, False, False, False, True])
    fitted = chances(scores, are, np.array([0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 1.0]))
    assert fitted.tolist() == pytest.approx([0, 0, 0.25, 0.25, 0.25, 0.625, 1, 1])


def test_without_known_labels_every_chance_is_none() -> None:
    assert chances(np.array([]), np.array([], dtype=bool), np.array([[0.4]])).tolist() == [[0.0]]


def test_labels_are_valid_by_their_own_image_and_the_end_of_a_list_is_not() -> None:
    assert are_valid(np.array([[1, 7], [7, -1]]), valid([7, 8], [1])).tolist() == [[False, True], [False, False]]


def test_one_image_has_a_union_and_no_interval() -> None:
    alone, *both = best_unions(["a", "b"], np.array([[[1, 0]], [[2, 0]]]), valid([0]), 2, seed=0)
    assert (alone.recall, alone.interval, [union.recall for union in both]) == (1.0, None, [0.0, 1.0, 0.0])


@pytest.mark.long("every pair of many models")
@pytest.mark.real_data
def test_up_to_three_of_49_models_on_imagenetv2s_labels(shared_data: Path) -> None:
    """The figures of docs/models.md: more models hold more, and most by reciprocal ranks."""
    labels = json.loads((shared_data / "imagenetv2" / "refined_labels.json").read_text())
    names, images, ranked = predictions(shared_data / "predictions" / "imagenetv2.npz")
    place = {name: n for n, name in enumerate(images)}
    sets = LabelSets.from_rows(list(labels), [[int(label) for label in of_image] for of_image in labels.values()])
    unions = best_unions(names, ranked[:, [place[name] for name in labels]], sets, 5, seed=0)
    assert unions[-1].models == ("pnasnet_large_tf", "senet154", "nasnetalarge")
    assert told(unions) == [
        (1, None, 73.1, 0.0),
        (2, Way.TURNS, 73.9, 0.8),
        (2, Way.RECIPROCAL, 74.0, 1.0),
        (2, Way.CALIBRATED, 74.0, 0.9),
        (3, Way.TURNS, 74.1, 1.0),
        (3, Way.RECIPROCAL, 74.7, 1.7),
        (3, Way.CALIBRATED, 74.5, 1.5),
    ]


@pytest.mark.long("every pair of many models")
@pytest.mark.real_data
def test_up_to_three_of_49_models_on_reals_labels(shared_data: Path) -> None:
    real = json.loads((shared_data / "real" / "real.json").read_text())
    names, images, ranked = predictions(shared_data / "predictions" / "imagenet.npz")
    sets = LabelSets.from_rows(images, [real[int(re.findall(r"\d{8}", name)[0]) - 1] for name in images])
    unions = best_unions(names, ranked, sets, 5, seed=0)
    assert unions[-1].models == ("nasnet_large_tf", "se_resnext101_32x4d", "pnasnet_large_tf")
    assert told(unions) == [
        (1, None, 91.7, 0.0),
        (2, Way.TURNS, 92.1, 0.4),
        (2, Way.RECIPROCAL, 92.2, 0.5),
        (2, Way.CALIBRATED, 91.9, 0.3),
        (3, Way.TURNS, 92.2, 0.5),
        (3, Way.RECIPROCAL, 92.5, 0.8),
        (3, Way.CALIBRATED, 92.4, 0.7),
    ]


def predictions(file: Path) -> tuple[list[str], list[str], npt.NDArray[np.uint16]]:
    with np.load(file) as read:
        return read["models"].tolist(), read["images"].tolist(), read["ranked"]


def told(unions: list[Union]) -> list[tuple[int, Way | None, float, float]]:
    return [(len(union.models), union.way, round(100 * union.recall, 1), round(100 * union.gain, 1)) for union in unions]
