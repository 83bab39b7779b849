"""Scores become rankings with ties broken by rule."""

import numpy as np

from multilabelfy.evaluation.measures.model import ScoredImages
from multilabelfy.evaluation.measures.score_metrics import ranked_from_scores


def ranked(scores: list[list[float]], n_ranks: int) -> list[list[int]]:
    rankings: list[list[int]] = ranked_from_scores(ScoredImages("m", np.array(scores)), n_ranks).ranked[0].tolist()
    return rankings


def test_equal_scores_go_to_the_lower_index_first() -> None:
    assert ranked([[0.5, 0.1, 0.5, 0.5]], 4) == [[0, 2, 3, 1]]


def test_a_tie_across_the_last_rank_goes_to_the_lower_index() -> None:
    assert ranked([[0.5, 0.5, 0.5, 0.5]], 2) == [[0, 1]]


def test_more_ranks_than_labels_give_all_labels() -> None:
    assert ranked([[0.1, 0.9]], 5) == [[1, 0]]


def test_scores_closer_than_single_precision_keep_their_order() -> None:
    assert ranked([[0.1, 0.1 + 1e-12]], 2) == [[1, 0]]


def test_scores_of_minus_infinity_are_ranked_once() -> None:
    assert ranked([[-np.inf, 0.0, -np.inf, -np.inf]], 4) == [[1, 0, 2, 3]]
