"""The consensus method `posterior`: votes, what else is known, and what comes of strange input."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multilabelfy.disagreement.consensus import dawid_skene, one_coin, posterior
from multilabelfy.disagreement.consensus.evidence import greatest_of_others, of_given_label, of_models, of_other_labels
from multilabelfy.disagreement.consensus.posterior import Start
from multilabelfy.disagreement.questions import MachineVotes, Questions, questions_of_votes
from multilabelfy.formats.reading.votes import read_votes

Floats = npt.NDArray[np.float64]
CLEAR = np.array([[0.90, 0.06, 0.04], [0.10, 0.10, 0.80]])
HARD = np.array([[0.55, 0.20, 0.25], [0.40, 0.25, 0.35]])


def simulated(n_images: int, n_votes: int, seed: int, hard: float = 0.0) -> tuple[Questions, Floats]:
    """Four labels an image, one in four of them valid, each asked of some of twenty raters. A share of the questions is hard for all."""
    rng = np.random.default_rng(seed)
    n = 4 * n_images
    valid = rng.random(n) < 0.25
    of_question = np.where((rng.random(n) < hard)[:, np.newaxis], HARD[valid.astype(int)], CLEAR[valid.astype(int)])
    rater = np.argsort(rng.random((n, 20)), axis=1)[:, :n_votes]
    vote = (rng.random((n, n_votes, 1)) > of_question.cumsum(axis=1)[:, np.newaxis, :]).sum(axis=2)
    question = np.repeat(np.arange(n), n_votes)
    asked = Questions(np.arange(n) // 4, np.arange(n) % 4, question, rater.ravel(), np.minimum(vote, 2).ravel(), 20)
    return asked, valid.astype(np.float64)


def log_loss(score: Floats, valid: Floats) -> float:
    chance = np.clip(score, 1e-12, 1 - 1e-12)
    return float(-(valid * np.log(chance) + (1 - valid) * np.log(1 - chance)).mean())


def noisy_models(valid: Floats, seed: int) -> npt.NDArray[np.int64]:
    """Three models that rank a valid label first in two cases of three, and any other in one of eight."""
    first = np.random.default_rng(seed).random((3, len(valid))) < np.where(valid == 1, 0.67, 0.125)
    return first.astype(np.int64)


def test_it_recovers_who_answers_how() -> None:
    questions, valid = simulated(1000, 5, seed=1)
    fit = posterior.fit(questions)
    assert fit.has_converged
    assert np.abs(fit.confusion.mean(axis=0) - CLEAR).max() < 0.03
    assert np.mean((fit.score > 0.5) == valid) > 0.97


def test_where_all_err_together_it_is_less_overconfident_than_dawid_and_skene() -> None:
    questions, valid = simulated(1500, 5, seed=2, hard=0.2)
    assert log_loss(posterior.fit(questions).score, valid) < log_loss(dawid_skene.fit(questions).score, valid) - 0.01


def test_single_votes_are_believed_as_far_as_typical_raters_are() -> None:
    questions, valid = simulated(1000, 1, seed=3)
    assert questions.n_checked == 0
    accepted = posterior.fit(questions).score > 0.5
    assert 0.15 < accepted.mean() < 0.3  # a quarter is valid
    assert valid[accepted].mean() > 0.75


def test_models_help_most_where_votes_are_few() -> None:
    questions, valid = simulated(1000, 1, seed=4)
    features = of_models(noisy_models(valid, seed=5))
    assert log_loss(posterior.fit(questions, features).score, valid) < log_loss(posterior.fit(questions).score, valid) - 0.05


def test_models_that_say_nothing_change_little() -> None:
    questions, valid = simulated(500, 3, seed=6)
    noise = of_models(np.random.default_rng(7).integers(0, 6, (3, len(valid))))
    assert np.abs(posterior.fit(questions, noise).score - posterior.fit(questions).score).mean() < 0.01


def test_votes_on_one_question_are_worth_less_than_on_several() -> None:
    questions = questions_of_votes([0] * 5, [0] * 5, range(5), [2] * 5)
    alone = replace(posterior.Parameters(), correlation=0.0)
    assert posterior.fit(questions).log_odds[0] < posterior.fit(questions, parameters=alone).log_odds[0]


def test_the_same_votes_give_the_same_answer_in_any_order() -> None:
    questions, _ = simulated(100, 3, seed=8)
    order = np.random.default_rng(9).permutation(len(questions.vote))
    shuffled = replace(questions, question=questions.question[order], rater=questions.rater[order], vote=questions.vote[order])
    first, again = posterior.fit(questions), posterior.fit(questions)
    assert np.array_equal(first.log_odds, again.log_odds)
    assert np.allclose(posterior.fit(shuffled).log_odds, first.log_odds, atol=1e-8)


def test_log_odds_still_rank_where_the_score_is_1() -> None:
    votes = np.full((2, 400), 2)
    questions = questions_of_votes(np.repeat([0, 1], 400), np.zeros(800, dtype=np.int64), np.tile(np.arange(400), 2), votes.ravel())
    known = np.array([1.0, np.nan])
    fit = posterior.fit(questions, known=known, parameters=replace(posterior.Parameters(), correlation=0.0))
    assert fit.score.tolist() == [1.0, 1.0]
    assert fit.log_odds[0] > fit.log_odds[1]


def test_gold_outweighs_a_vote_and_contradictory_gold_says_nothing() -> None:
    questions, _ = simulated(200, 2, seed=10)
    known = np.full(len(questions), np.nan)
    known[:3] = 1.0, 0.0, 0.5
    fit = posterior.fit(questions, known=known)
    assert fit.known[:4] == pytest.approx([np.log(99), -np.log(99), 0, 0])


def test_calibration_on_gold_corrects_what_is_too_sure() -> None:
    questions, valid = simulated(1500, 5, seed=11, hard=0.3)
    sure = posterior.fit(questions, parameters=replace(posterior.Parameters(), correlation=0.0))
    known = np.where(np.arange(len(valid)) % 20 == 0, valid, np.nan)
    unseen = np.isnan(known)
    corrected = posterior.calibrated(sure, known)
    assert corrected.calibration.slope < 1
    assert log_loss(corrected.score[unseen], valid[unseen]) < log_loss(sure.score[unseen], valid[unseen])


def test_what_is_not_finite_among_the_evidence_says_nothing() -> None:
    questions, valid = simulated(200, 2, seed=12)
    holes = np.where(np.arange(len(valid)) % 3 == 0, np.nan, valid)[:, np.newaxis]
    fit = posterior.fit(questions, np.hstack([holes, np.full_like(holes, np.inf)]))
    assert np.isfinite(fit.log_odds).all()


def test_other_labels_of_an_image_are_its_evidence() -> None:
    questions = questions_of_votes([0, 0, 0, 1], [0, 1, 2, 0], [0, 0, 0, 0], [2, 1, 0, 2])
    expected = [[0.5, 0.5, 0, np.log(3)], [1, 1, 0, np.log(3)], [1.5, 1, 0, np.log(3)], [0, 0, 1, 0]]
    assert of_other_labels(questions) == pytest.approx(np.array(expected))
    assert greatest_of_others(np.array([], dtype=np.int64), np.array([])).shape == (0,)


def test_models_are_evidence_by_first_among_five_and_reciprocal_rank() -> None:
    rank = np.array([[1, 2, 0, 6], [1, 0, 0, 0]])
    expected = [[1, 1, 1, np.log(2.5 / 0.5), np.log(2.5 / 0.5), 1, 1], [0, 0.5, 0.25, np.log(0.5 / 2.5), 0, 0.5, 0]]
    assert of_models(rank)[:2] == pytest.approx(np.array(expected))
    assert of_models(rank)[3].tolist() == of_models(rank)[2].tolist()  # a sixth rank is not looked at
    assert of_given_label(np.array([True, False])).tolist() == [[1.0], [0.0]]


votes_of_few = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30,
    unique_by=lambda vote: vote[:3],
)  # fmt: skip


@settings(deadline=None)
@given(votes_of_few, st.lists(st.sampled_from([0.0, 0.5, 1.0, np.nan]), min_size=12, max_size=12), st.booleans())
def test_any_votes_and_any_gold_give_finite_chances(votes: list[tuple[int, int, int, int]], gold: list[float], with_models: bool) -> None:
    questions = questions_of_votes(*zip(*votes, strict=True))
    known = np.array(gold)[: len(questions)]
    features = of_models(np.arange(2 * len(questions)).reshape(2, -1) % 7) if with_models else None
    fit = posterior.calibrated(posterior.fit(questions, features, known), known)
    assert np.isfinite(fit.log_odds).all()
    assert np.isfinite(fit.confusion).all()
    assert fit.confusion.sum(axis=2) == pytest.approx(1)
    assert np.isfinite(one_coin.fit(questions).log_odds).all()


@settings(deadline=None)
@given(st.sampled_from([0, 2]), st.integers(1, 4), st.integers(1, 4))
def test_all_yes_is_valid_and_all_no_is_not(vote: int, n_images: int, n_raters: int) -> None:
    image, rater = np.divmod(np.arange(n_images * n_raters), n_raters)
    fit = posterior.fit(questions_of_votes(image, np.zeros_like(image), rater, np.full_like(image, vote)))
    assert ((fit.score > 0.5) == (vote == 2)).all()


def test_nothing_asked_is_nothing_answered() -> None:
    assert posterior.fit(questions_of_votes([], [], [], [])).score.shape == (0,)


def test_one_coin_finds_who_is_right_and_a_maybe_says_nothing() -> None:
    rng = np.random.default_rng(13)
    valid = rng.random(600) < 0.4
    right = rng.random((3, 600)) < np.array([[0.95], [0.9], [0.6]])
    votes = np.where(right == valid, 2, 0)
    rater, question = np.indices(votes.shape)
    fit = one_coin.fit(questions_of_votes(question.ravel(), np.zeros(1800, dtype=np.int64), rater.ravel(), votes.ravel()))
    assert fit.accuracy == pytest.approx([0.95, 0.9, 0.6], abs=0.05)
    assert np.mean((fit.score > 0.5) == valid) > 0.93
    maybe = one_coin.fit(questions_of_votes([0], [0], [0], [1]))
    assert maybe.score[0] == pytest.approx(0.5)


@pytest.mark.real_data
def test_reals_votes_converge_soon_and_rank_like_the_published_scores(shared_data: Path) -> None:
    table = read_votes(shared_data / "real" / "raters.npz")
    fit = posterior.fit(table.questions)
    assert fit.has_converged
    assert fit.n_iterations <= 30
    with np.load(shared_data / "real" / "scores.npz") as scores:
        published = dict(zip(map(tuple, scores["info"].tolist()), scores["tensor"] > 0.8, strict=True))
    valid = np.array([published[asked] for asked in zip(table.images_asked(), table.labels_asked(), strict=True)])
    assert np.mean((fit.score > 0.8) == valid) > 0.97


def test_a_handful_of_votes_is_not_all_valid() -> None:
    """A yes and a yes; a yes and a no; a maybe and a no: nothing else is known, so that everybody errs as people typically do."""
    fit = posterior.fit(questions_of_votes([0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 0, 0], [0, 1] * 3, [2, 2, 2, 0, 1, 0]))
    both_say_yes, one_says_yes, nobody_says_yes = fit.score
    assert both_say_yes > 0.9 > 0.7 > one_says_yes > 0.3 > nobody_says_yes


def machine(answers: npt.NDArray[np.int64]) -> MachineVotes:
    """One machine that says this of every question."""
    return MachineVotes(np.arange(len(answers)), np.zeros(len(answers), dtype=np.int64), answers, 1)


def mostly_right(valid: Floats, seed: int) -> MachineVotes:
    """A machine that says yes to 80% of the valid labels and to 5% of the others."""
    right = np.random.default_rng(seed).random(len(valid)) < np.where(valid == 1, 0.8, 0.95)
    return machine(np.where(right, valid, 1 - valid).astype(np.int64) * 2)


def test_a_machine_that_knows_helps_where_votes_are_few() -> None:
    questions, valid = simulated(1000, 1, seed=21)
    beside = posterior.fit(questions, machines=mostly_right(valid, seed=22))
    assert log_loss(beside.score, valid) < log_loss(posterior.fit(questions).score, valid) - 0.05


def test_a_machine_takes_no_part_in_the_fit_of_people_s_votes() -> None:
    questions, valid = simulated(300, 1, seed=35, hard=0.3)
    alone, beside = posterior.fit(questions), posterior.fit(questions, machines=mostly_right(valid, seed=36))
    assert np.array_equal(beside.confusion, alone.confusion)
    assert np.array_equal(beside.prior, alone.prior)
    assert beside.n_iterations == alone.n_iterations


def test_a_machine_s_errors_are_measured() -> None:
    questions, valid = simulated(1000, 5, seed=29)
    beside = posterior.fit(questions, machines=mostly_right(valid, seed=30))
    assert beside.machines is not None
    assert beside.machines[0, :, 2] == pytest.approx([0.05, 0.8], abs=0.05)  # shrunk by 50 votes


@pytest.mark.parametrize("always", [0, 1, 2])
def test_a_machine_that_always_says_the_same_changes_nothing(always: int) -> None:
    questions, valid = simulated(500, 3, seed=23)
    beside = posterior.fit(questions, machines=machine(np.full(len(valid), always)))
    assert np.abs(beside.score - posterior.fit(questions).score).max() < 0.005


def test_a_machine_that_guesses_changes_little_and_nothing_of_what_is_known_of_people() -> None:
    questions, valid = simulated(500, 3, seed=24)
    alone = posterior.fit(questions)
    beside = posterior.fit(questions, machines=machine(np.random.default_rng(25).integers(0, 3, len(valid))))
    assert np.abs(beside.score - alone.score).mean() < 0.01
    assert np.array_equal(beside.confusion, alone.confusion)


def test_a_machine_that_says_the_opposite_is_understood() -> None:
    questions, valid = simulated(500, 3, seed=26)
    said = machine(np.where(np.random.default_rng(27).random(len(valid)) < 0.9, 1 - valid, valid).astype(np.int64) * 2)
    assert log_loss(posterior.fit(questions, machines=said).score, valid) < log_loss(posterior.fit(questions).score, valid)


def test_a_machine_that_was_never_asked_is_as_none() -> None:
    questions, _ = simulated(100, 3, seed=28)
    nothing = np.zeros(0, dtype=np.int64)
    nobody = MachineVotes(nothing, nothing, nothing, 1)
    assert np.array_equal(posterior.fit(questions, machines=nobody).log_odds, posterior.fit(questions).log_odds)


def newest_left_out(questions: Questions, n: int) -> Questions:
    """The same questions without their last n votes."""
    return replace(questions, question=questions.question[:-n], rater=questions.rater[:-n], vote=questions.vote[:-n])


TO_THE_LIMIT = replace(posterior.Parameters(), tolerance=1e-7, most_iterations=2000)


@pytest.mark.parametrize("with_models", [False, True])
def test_a_few_votes_later_a_fit_begins_where_the_last_one_ended_and_comes_as_near(with_models: bool) -> None:
    questions, valid = simulated(400, 3, seed=31)
    features = of_models(noisy_models(valid, seed=32)) if with_models else None
    before = posterior.fit(newest_left_out(questions, 20), features)
    start = Start(before.weights, before.confusion)
    cold, warm = posterior.fit(questions, features), posterior.fit(questions, features, start=start)
    limit = posterior.fit(questions, features, parameters=TO_THE_LIMIT).score
    assert warm.has_converged
    assert warm.n_iterations <= cold.n_iterations / 2
    assert np.abs(warm.score - limit).max() <= np.abs(cold.score - limit).max()
    assert np.array_equal(warm.log_odds, posterior.fit(questions, features, start=start).log_odds)


def test_from_whatever_start_the_limit_is_the_same_also_with_somebody_new() -> None:
    questions, _ = simulated(200, 3, seed=33)
    cold = posterior.fit(questions)
    known = cold.confusion.copy()
    known[3] = np.nan
    limit = posterior.fit(questions, parameters=TO_THE_LIMIT)
    for start in (Start(cold.weights, known), Start(cold.weights, np.full_like(known, np.nan))):
        warm = posterior.fit(questions, parameters=TO_THE_LIMIT, start=start)
        assert np.abs(warm.score - limit.score).max() < 1e-5
    assert posterior.fit(questions, start=Start(cold.weights, known)).n_iterations < cold.n_iterations


def test_a_start_that_does_not_fit_is_none() -> None:
    questions, _ = simulated(100, 2, seed=34)
    cold = posterior.fit(questions)
    for start in (Start(cold.weights[:-1], cold.confusion), Start(cold.weights, cold.confusion[:-1])):
        assert np.array_equal(posterior.fit(questions, start=start).log_odds, cold.log_odds)
