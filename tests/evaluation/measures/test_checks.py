"""What is wrong with predictions is said before anything is measured."""

import numpy as np
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.errors import InvalidInput
from multilabelfy.evaluation.measures.checks import require_rankings, require_right_order, require_scores
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings, ScoredImages


def labelled(rows: list[list[int]]) -> LabelledImages:
    return LabelledImages(LabelSets.from_rows([f"{i}.jpg" for i in range(len(rows))], rows))


def rankings(*rows: list[int]) -> Rankings:
    return Rankings(("m",), np.array([rows]))


def test_a_nan_is_named_with_its_row() -> None:
    scored = ScoredImages("m", np.array([[0.5, 0.5], [np.nan, 1.0]]))
    with pytest.raises(InvalidInput, match=r"row 1 .*\(NaN\)"):
        require_scores(scored, labelled([[0], [1]]), "p.npy")


def test_label_sets_beyond_the_scores_columns_are_named() -> None:
    scored = ScoredImages("m", np.array([[0.5, 0.5]]))
    with pytest.raises(InvalidInput, match="scores for 2 labels, but the label sets name label 7"):
        require_scores(scored, labelled([[7]]), "p.npy")


def test_an_unknown_label_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"m, row 1 .* there is no label 9"):
        require_rankings(rankings([0, 1], [9, 0]), 5, "p.npy")
    with pytest.raises(InvalidInput, match="there is no label -7"):
        require_rankings(rankings([-7, 1]), None, "p.npy")


def test_a_label_twice_in_a_ranking_is_named() -> None:
    with pytest.raises(InvalidInput, match="label 3 stands in the ranking twice"):
        require_rankings(rankings([3, 1, 3]), None, "p.npy")


def test_a_ranking_may_end_early_but_not_begin_again() -> None:
    require_rankings(rankings([3, -1, -1]), None, "p.npy")
    with pytest.raises(InvalidInput, match="follows after the ranking's end"):
        require_rankings(rankings([3, -1, 2]), None, "p.npy")
    with pytest.raises(InvalidInput, match="it has no first label"):
        require_rankings(rankings([-1, -1]), None, "p.npy")


def test_a_shifted_class_order_is_found_and_the_shift_is_said() -> None:
    truth = np.random.default_rng(0).integers(1, 20, 400)
    with pytest.raises(InvalidInput, match="another order") as told:
        require_right_order(labelled([[label] for label in truth.tolist()]), (truth - 1)[:, np.newaxis], "m", "p.npy")
    assert "1 too low" in str(told.value)


def test_a_shuffled_class_order_is_found() -> None:
    generator = np.random.default_rng(1)
    truth, shuffled = generator.integers(0, 20, 400), generator.permutation(20)
    with pytest.raises(InvalidInput, match="seem to be in another order"):
        require_right_order(labelled([[label] for label in truth.tolist()]), shuffled[truth][:, np.newaxis], "m", "p.npy")


def test_a_model_that_knows_nothing_is_no_wrong_order() -> None:
    generator = np.random.default_rng(2)
    truth, guessed = generator.integers(0, 50, 400), generator.integers(0, 50, (400, 1))
    require_right_order(labelled([[label] for label in truth.tolist()]), guessed, "m", "p.npy")


def test_a_good_model_is_no_wrong_order() -> None:
    truth = np.random.default_rng(3).integers(0, 20, 400)
    require_right_order(labelled([[label] for label in truth.tolist()]), truth[:, np.newaxis], "m", "p.npy")


def test_a_few_images_tell_nothing_about_the_order() -> None:
    require_right_order(labelled([[0], [1]]), np.array([[1], [0]]), "m", "p.npy")
