"""People drawn from confusion matrices, who err together as far as is stated."""

import numpy as np
import pytest

from multilabelfy.simulation.crowd import Crowd, voted

ANSWERS = np.array([[0.90, 0.06, 0.04], [0.15, 0.15, 0.70]])
OTHERS = np.array([[0.70, 0.10, 0.20], [0.30, 0.10, 0.60]])
N = 20_000


def asked(crowd: Crowd, n_visits: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether each label is valid, (N,), and who answered what about it: raters and votes, (N, n_visits)."""
    rng = np.random.default_rng(seed)
    valid = rng.random(N) < 0.5
    questions, visit = voted(np.arange(N), np.zeros(N, dtype=np.int64), valid, crowd, n_visits, rng)
    assert visit.reshape(N, -1).tolist()[0] == list(range(questions.vote.size // N))
    return valid, questions.rater.reshape(N, -1), questions.vote.reshape(N, -1)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0])
def test_everybody_answers_by_their_own_confusion_however_they_err_together(correlation: float) -> None:
    valid, rater, vote = asked(Crowd(np.stack([ANSWERS, OTHERS]), correlation), 2, seed=1)
    for person, matrix in enumerate((ANSWERS, OTHERS)):
        for where in (False, True):
            votes = vote[(rater == person) & (valid == where)[:, np.newaxis]]
            assert np.bincount(votes, minlength=3) / len(votes) == pytest.approx(matrix[int(where)], abs=0.02)


@pytest.mark.parametrize("correlation", [0.0, 0.15, 0.5])
def test_the_errors_of_two_people_have_the_stated_correlation(correlation: float) -> None:
    valid, _, vote = asked(Crowd(np.stack([ANSWERS] * 8), correlation), 2, seed=2)
    for where in (False, True):
        yes = vote[valid == where] == 2
        assert np.corrcoef(yes.T)[0, 1] == pytest.approx(correlation, abs=0.04)


def test_nobody_visits_an_image_twice_and_no_more_people_than_there_are() -> None:
    _, rater, _ = asked(Crowd(np.stack([ANSWERS] * 3)), 5, seed=3)
    assert {tuple(sorted(people)) for people in rater.tolist()} == {(0, 1, 2)}


def test_people_drawn_anew_are_like_those_who_were_measured() -> None:
    drawn = Crowd(np.stack([ANSWERS, OTHERS]), 0.2).resampled(10, np.random.default_rng(4))
    assert len(drawn) == 10
    assert drawn.correlation == 0.2
    assert all(any(np.array_equal(one, measured) for measured in (ANSWERS, OTHERS)) for one in drawn.confusion)
