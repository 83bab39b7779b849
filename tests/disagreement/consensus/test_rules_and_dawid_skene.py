"""Consensus by rule and by Dawid-Skene."""

from pathlib import Path

import numpy as np
import pytest

from multilabelfy.disagreement.consensus import dawid_skene
from multilabelfy.disagreement.consensus.rules import is_valid
from multilabelfy.disagreement.questions import Questions, questions_of_votes

SPLITS = np.array([[0, 0, 3], [1, 0, 2], [2, 0, 1], [0, 3, 0], [1, 0, 1]], dtype=np.int64)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("unanimous", [True, False, False, False, False]),
        ("majority", [True, True, False, False, False]),
        ("union", [True, True, True, False, True]),
    ],
)
def test_each_rule_says_what_its_name_says(rule: str, expected: list[bool]) -> None:
    assert is_valid(SPLITS, rule).tolist() == expected


def test_a_question_that_nobody_answered_is_valid_by_no_rule() -> None:
    nobody = np.zeros((1, 3), dtype=np.int64)
    assert not any(is_valid(nobody, rule)[0] for rule in ("unanimous", "majority", "union"))


def simulated(n_questions: int, seed: int) -> tuple[Questions, "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"]:
    """Four careful raters (right nine times in ten) and one who always says yes, on questions of which three in ten are valid."""
    rng = np.random.default_rng(seed)
    valid = rng.random(n_questions) < 0.3
    right = rng.random((4, n_questions)) < 0.9
    careful = np.where(right == valid, 2, 0)
    votes = np.concatenate([careful, np.full((1, n_questions), 2)])
    rater, question = np.indices(votes.shape)
    return questions_of_votes(question.ravel(), np.zeros(votes.size, dtype=np.int64), rater.ravel(), votes.ravel()), valid


def test_it_learns_who_can_be_believed() -> None:
    questions, valid = simulated(2000, seed=3)
    fit = dawid_skene.fit(questions)
    assert fit.prevalence == pytest.approx(0.3, abs=0.03)
    assert fit.confusion[0, 1, 2] == pytest.approx(0.9, abs=0.03)  # a careful rater says yes to nine valid labels in ten
    assert fit.confusion[4, 0, 2] > 0.99  # the yes-sayer says yes to what is not valid
    assert np.mean((fit.score > 0.5) == valid) > 0.96


def test_it_beats_the_majority_where_a_rater_says_yes_to_all() -> None:
    questions, valid = simulated(2000, seed=4)
    by_majority = np.mean(is_valid(questions.counts(), "majority") == valid)
    assert np.mean((dawid_skene.fit(questions).score > 0.5) == valid) > by_majority


def test_score_and_log_odds_say_the_same() -> None:
    fit = dawid_skene.fit(simulated(50, seed=5)[0])
    assert np.allclose(np.log(fit.score / (1 - fit.score)), fit.log_odds, atol=1e-6)


def test_one_vote_alone_is_no_error() -> None:
    fit = dawid_skene.fit(questions_of_votes([0], [0], [0], [2]))
    assert fit.score.shape == (1,)
    assert np.isfinite(fit.log_odds).all()


@pytest.mark.real_data
def test_reals_questions_come_out_as_published(shared_data: Path) -> None:
    with np.load(shared_data / "real" / "raters.npz") as raters:
        rater, question, vote = np.nonzero(raters["tensor"])
        info = raters["info"]
    with np.load(shared_data / "real" / "scores.npz") as scores:
        assert np.array_equal(scores["info"], info)
        published = scores["tensor"] > 0.8
    # one question an "image" keeps the file's own order of questions
    fit = dawid_skene.fit(questions_of_votes(question, np.zeros(len(question), dtype=np.int64), rater, vote))
    assert np.mean((fit.score > 0.8) == published) >= 0.98
