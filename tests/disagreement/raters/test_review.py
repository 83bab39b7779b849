"""Recovery: a careless annotator among careful ones is found, careful ones are not accused, and copies are seen."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.disagreement.raters.answer_log import log_of_votes
from multilabelfy.disagreement.raters.concerns import SENTENCES, Concern, ConcernKind, holds, told
from multilabelfy.disagreement.raters.review import RaterReview, review
from multilabelfy.simulation.raters import Habit, SimulatedTeam, any_one, careful, first_two, never, voted

N_PEOPLE, N_STUDIES = 6, 16
CARELESS = {ConcernKind.NEVER: never, ConcernKind.FIRST: first_two, ConcernKind.SAME_NUMBER: any_one}


def reviewed(team: SimulatedTeam, seed: int, n_images: int = 150, overlap: int = 3) -> RaterReview:
    """The review of a study with this team, whose answers are taken to be in the order of the images."""
    questions, _ = voted(team, n_images, overlap, seed)
    log = replace(log_of_votes(questions), has_places=True, has_times=True)
    return review(questions, log, posterior.fit)


def careful_people(n: int, seed: int) -> list[Habit]:
    """People who look, good and less good ones."""
    rng = np.random.default_rng(seed)
    return [careful(rng.uniform(0.55, 0.95), rng.uniform(0.01, 0.15)) for _ in range(n)]


@cache
def careful_studies() -> Sequence[RaterReview]:
    """Studies in which everybody looks."""
    return [reviewed(SimulatedTeam(careful_people(N_PEOPLE, seed)), seed) for seed in range(N_STUDIES)]


def kinds(review: RaterReview, rater: int) -> set[ConcernKind]:
    return {concern.kind for concern in review.profiles[rater].concerns}


def test_careful_people_are_not_accused() -> None:
    accused = [study for study in careful_studies() if any(profile.concerns for profile in study.profiles)]
    assert len(accused) / N_STUDIES <= 0.05  # where nothing is to be found, that is the rate of false discoveries
    assert sum(study.n_tests for study in careful_studies()) >= 2 * N_PEOPLE * N_STUDIES


def test_people_who_err_independently_are_not_taken_for_copies() -> None:
    accused = [study for study in careful_studies() if any(pair.concern for pair in study.pairs)]
    assert len(accused) / N_STUDIES <= 0.05
    assert sum(study.n_pair_tests for study in careful_studies()) >= 10 * N_STUDIES


@pytest.mark.parametrize("kind", CARELESS)
def test_whoever_does_not_look_is_found_among_those_who_do(kind: ConcernKind) -> None:
    for seed in range(2):
        found = reviewed(SimulatedTeam([CARELESS[kind], *careful_people(N_PEOPLE - 1, seed)]), seed)
        assert kind in kinds(found, 0)
        assert not any(kinds(found, rater) for rater in range(1, N_PEOPLE))


def test_the_evidence_is_counts_and_images() -> None:
    found = reviewed(SimulatedTeam([never, *careful_people(N_PEOPLE - 1, 0)]), 0)
    [concern] = [concern for concern in found.profiles[0].concerns if concern.kind is ConcernKind.NEVER]
    n_answers = found.profiles[0].n_answers
    assert (concern.numbers["n"], concern.numbers["all"]) == (n_answers, n_answers)
    assert concern.numbers["expected"] < n_answers / 2
    assert len(concern.images) == 5
    assert f"in a run of {n_answers} answers, out of {n_answers}" in told(concern, SENTENCES[concern.kind])


def test_whoever_stops_looking_got_worse() -> None:
    n_answered = 0

    def tiring(valid: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        nonlocal n_answered
        n_answered += 1
        return careful(0.9, 0.02)(valid, rng) if n_answered <= 50 else careful(0.45, 0.3)(valid, rng)

    found = reviewed(SimulatedTeam([tiring, *careful_people(N_PEOPLE - 1, 1)]), 1, n_images=200)
    assert ConcernKind.WORSE in kinds(found, 0)
    drift = found.profiles[0].drift
    assert drift is not None
    assert drift.change.interval is not None
    assert drift.change.interval.high < -0.1


def test_whoever_answers_too_fast_or_opens_fives_for_no_time_is_found() -> None:
    questions, _ = voted(SimulatedTeam(careful_people(N_PEOPLE, 2)), 150, 3, seed=2)
    log = log_of_votes(questions)
    is_first, is_second = log.rater == 0, log.rater == 1
    seconds = np.where(is_first & (np.arange(len(log)) % 2 == 0), 1.0, 10.0)  # every other answer of the first
    fives, unseen = np.full(len(log), 4), np.where(is_second, 3, 0)
    found = review(questions, replace(log, seconds=seconds, n_fives=fives, n_unseen=unseen), posterior.fit)
    assert [kinds(found, rater) for rater in range(3)] == [{ConcernKind.RAPID}, {ConcernKind.UNSEEN}, set()]
    [rapid] = found.profiles[0].concerns
    assert (rapid.numbers["all"], rapid.decimals) == (found.profiles[0].n_answers, {"own": 1.0, "typical": 10.0})
    sentence = told(found.profiles[1].concerns[0], SENTENCES[ConcernKind.UNSEEN])
    assert sentence == f"Fives open for less than 0.3 s: {3 * found.profiles[1].n_answers} of {4 * found.profiles[1].n_answers}."


def test_copies_are_seen_and_nobody_else_is_taken_for_one() -> None:
    for seed in (1, 6):  # there others are right against an error that counts twice
        found = reviewed(SimulatedTeam(careful_people(N_PEOPLE, seed), copies={1: 0}), seed, overlap=5)
        assert [(pair.dependence.first, pair.dependence.second) for pair in found.pairs if pair.concern] == [(0, 1)]


def test_of_few_answers_nothing_is_said() -> None:
    found = reviewed(SimulatedTeam([never, *careful_people(N_PEOPLE - 1, 0)]), 0, n_images=30)
    assert not found.profiles[0].is_enough
    assert not found.profiles[0].concerns


def test_two_votes_a_label_rest_on_assumptions_and_three_do_not() -> None:
    assert reviewed(SimulatedTeam(careful_people(N_PEOPLE, 0)), 0, overlap=2).rests_on_assumptions
    assert not careful_studies()[0].rests_on_assumptions


def test_nothing_and_a_single_vote_are_reviewed_as_well() -> None:
    nothing = questions_of_votes([], [], [], [])
    assert review(nothing, log_of_votes(nothing), posterior.fit).profiles == ()
    single = questions_of_votes([0], [0], [0], [2])
    [profile] = review(single, log_of_votes(single), posterior.fit).profiles
    assert (profile.n_answers, profile.is_enough, profile.rates.sensitivity.value, profile.speed) == (1, False, None, None)


def test_a_concern_holds_up_to_the_rate_of_false_discoveries() -> None:
    concern = Concern(ConcernKind.NEVER, 0.01, {})
    assert not holds(concern)  # nothing is known yet of the other tests
    assert holds(replace(concern, others_too=0.05))
    assert not holds(replace(concern, others_too=0.051))


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3, st.integers(0, 2)), max_size=60))
def test_whatever_the_votes_rates_lie_within_their_intervals(rows: list[tuple[int, int, int, int]]) -> None:
    votes = {(image, label, rater): vote for image, label, rater, vote in rows}
    columns = np.array([(*at, vote) for at, vote in votes.items()], dtype=np.int64).reshape(-1, 4).T
    questions = questions_of_votes(*columns)
    log = replace(log_of_votes(questions), has_places=True, has_times=True)
    found = review(questions, log, posterior.fit)
    rates = [rate for profile in found.profiles for of in profile.rates.answers for rate in of if rate.value is not None]
    for rate in rates:
        assert rate.interval is not None
        assert 0 <= rate.interval.low <= (rate.value or 0.0) <= rate.interval.high <= 1
    for pair in found.pairs:
        assert 0 <= pair.dependence.n_alike <= pair.dependence.n_questions
        assert np.isfinite(pair.dependence.n_expected)
