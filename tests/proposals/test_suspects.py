"""Which given labels a model does not believe, from whole scores and from the few ranks that are kept."""

import numpy as np
import pytest

from multilabelfy.proposals.model import Scores
from multilabelfy.proposals.suspects import believed, loss, most_suspicious, whole_scores


def rebuilt(labels: list[int], scores: list[float], n_labels: int) -> list[float]:
    whole: Scores = whole_scores(np.array([labels], dtype=np.int32), np.array([scores], dtype=np.float32), n_labels)
    return [round(score, 4) for score in whole[0].tolist()]


def test_what_the_kept_ranks_leave_is_shared_by_the_other_labels() -> None:
    assert rebuilt([3, 0], [0.7, 0.2], 4) == [0.2, 0.05, 0.05, 0.7]


def test_a_label_that_was_not_kept_never_gets_more_than_the_last_that_was() -> None:
    """0.5 is left for one label, but it ranks behind 0.1; the row is scaled from 0.6 to 1."""
    assert rebuilt([1, 0], [0.4, 0.1], 3) == [0.1667, 0.6667, 0.1667]


def test_whole_rows_stay_as_they_are() -> None:
    assert rebuilt([2, 0, 1], [0.5, 0.3, 0.2], 3) == [0.3, 0.2, 0.5]


def test_half_a_model_that_knows_further_labels_counts_as_whole() -> None:
    assert rebuilt([0, 1], [0.3, 0.1], 2) == [0.75, 0.25]


def test_a_model_believes_the_given_label_or_rather_another() -> None:
    scores = np.array([[0.7, 0.2, 0.1], [0.1, 0.45, 0.45]], dtype=np.float32)
    says = believed(scores, np.array([0, 0]))
    assert says.given == pytest.approx([0.7, 0.1])
    assert says.other.tolist() == [1, 1]  # of equals the lower index
    assert says.of_other == pytest.approx([0.2, 0.45])


def test_the_loss_is_the_logarithm_and_never_infinite() -> None:
    assert loss(np.array([1.0, np.exp(-2), 0.0])) == pytest.approx([0.0, 2.0, 27.631], abs=1e-3)


def test_equally_suspicious_images_keep_their_order() -> None:
    assert most_suspicious(np.array([0.5, 2.0, 0.5, 2.0])).tolist() == [1, 3, 0, 2]
