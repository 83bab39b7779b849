"""What would have come of votes under a policy."""

from pathlib import Path

import numpy as np

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.policy.adaptive import NEEDS, AdaptiveOverlap, VisitNeed
from multilabelfy.disagreement.policy.gain import Floats
from multilabelfy.disagreement.questions import Ints, Questions, questions_of_votes
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.simulation.crowd import Bools, Crowd, voted
from multilabelfy.simulation.replay import dealt, replay, until

N_IMAGES, N_LABELS = 400, 6


def a_study(seed: int) -> tuple[Questions, Ints, Bools]:
    """Five visits an image by twenty people; their votes, the visits, and which labels are valid."""
    rng = np.random.default_rng(seed)
    image = np.repeat(np.arange(N_IMAGES), N_LABELS)
    valid = rng.random(len(image)) < 0.25
    crowd = Crowd(np.stack([posterior.TYPICAL] * 20), correlation=0.1)
    questions, visit = voted(image, np.tile(np.arange(N_LABELS), N_IMAGES), valid, crowd, 5, rng)
    return questions, visit, valid


def n_wrong(questions: Questions, valid: Bools) -> int:
    return int(((posterior.fit(questions).score >= 0.5) != valid).sum())


def test_a_policy_with_equal_floor_and_cap_asks_everything_as_often() -> None:
    questions, visit, _ = a_study(seed=1)
    asked = replay(questions, visit, AdaptiveOverlap(floor=3, cap=3))
    assert (asked.votes_a_question, asked.visits_an_image) == (3, 3)
    assert np.array_equal(asked.fit.log_odds, posterior.fit(until(questions, visit, 3)).log_odds)


def test_stopping_where_it_is_clear_gets_more_labels_right_than_the_same_visits_spread_evenly() -> None:
    adaptive, even = 0, 0
    for seed in range(3):
        questions, visit, valid = a_study(seed)
        asked = replay(questions, visit, AdaptiveOverlap(floor=2, cap=5, bound=0.2))
        assert 2 < asked.visits_an_image < 4
        n_more = round((asked.visits_an_image - 2) * N_IMAGES)
        spread = np.full(N_IMAGES, 2 + n_more // N_IMAGES)
        spread[: n_more % N_IMAGES] += 1  # images come in random order
        assert spread.sum() == asked.decisions.n_visits.sum()
        adaptive += n_wrong(asked.questions, valid)
        even += n_wrong(until(questions, visit, spread[questions.image]), valid)
    assert adaptive < 0.9 * even


def test_every_image_has_its_floor_and_none_more_than_the_cap_and_whatever_ended_is_said() -> None:
    questions, visit, _ = a_study(seed=2)
    decisions = replay(questions, visit, AdaptiveOverlap(floor=2, cap=4, bound=0.1)).decisions
    assert set(decisions.n_visits.tolist()) == {2, 3, 4}
    needs = {NEEDS[place] for place in decisions.need}
    assert needs == {VisitNeed.ENOUGH, VisitNeed.AT_CAP}
    at_cap = decisions.need == NEEDS.index(VisitNeed.AT_CAP)
    assert (decisions.wrong[at_cap] > 0.1).all()
    assert (decisions.n_visits[at_cap] == 4).all()


def test_a_budget_goes_to_where_most_is_gained() -> None:
    questions, visit, _ = a_study(seed=3)
    first = replay(questions, visit, AdaptiveOverlap(floor=2, cap=2)).decisions
    rule = AdaptiveOverlap(floor=2, cap=3, bound=0.2)
    asked = replay(questions, visit, rule, most_visits=2 * N_IMAGES + 50).decisions
    assert asked.n_visits.sum() == 2 * N_IMAGES + 50
    again = np.flatnonzero(asked.n_visits == 3)
    others = np.flatnonzero((asked.n_visits == 2) & (first.wrong > 0.2))
    assert first.gain[again].min() >= first.gain[others].max()


def test_a_visit_may_leave_out_what_is_clear_already() -> None:
    questions, visit, valid = a_study(seed=4)
    rule = AdaptiveOverlap(floor=2, cap=5, bound=0.2)
    whole, part = replay(questions, visit, rule), replay(questions, visit, rule, clear=0.02)
    assert part.votes_a_question < 0.85 * whole.votes_a_question
    assert part.questions.counts().sum(axis=1).min() == 2
    assert abs(n_wrong(part.questions, valid) - n_wrong(whole.questions, valid)) < 0.02 * len(valid)


def test_images_with_fewer_visits_than_the_floor_are_left_as_they_are() -> None:
    questions = questions_of_votes([0, 0, 1], [0, 0, 0], [0, 1, 0], [2, 0, 2])
    asked = replay(questions, dealt(questions, seed=1), AdaptiveOverlap(floor=2, cap=5))
    assert asked.decisions.n_visits.tolist() == [2, 1]


def test_a_replay_without_votes_asks_nothing() -> None:
    nothing = questions_of_votes([], [], [], [])
    asked = replay(nothing, dealt(nothing, seed=1), AdaptiveOverlap())
    assert (asked.votes_a_question, asked.visits_an_image) == (0, 0)


def test_a_visit_has_all_votes_of_one_person_in_random_but_repeatable_order() -> None:
    questions = questions_of_votes([0, 0, 0, 0, 0, 0], [0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2], [2, 0, 2, 0, 2, 0])
    orders = {tuple(dealt(questions, seed)) for seed in range(30)}
    assert len(orders) == 6
    assert all(order[0] == order[1] and order[2] == order[3] and order[4] == order[5] for order in orders)
    assert np.array_equal(dealt(questions, 7), dealt(questions, 7))


def test_on_reals_votes_less_than_three_of_four_votes_foresee_a_fifth_as_well(shared_data: Path) -> None:
    """The first images of ReaL; F1 of the labels that are taken as valid, against a yes by a fifth person whose vote nobody was given."""
    questions = _first(read_votes(shared_data / "real" / "raters.npz").questions, n_images=3000)
    visit = dealt(questions, seed=0)
    fifth = visit == 4
    truth = np.zeros(len(questions), dtype=np.bool_)
    truth[questions.question[fifth]] = questions.vote[fifth] == 2
    given, of_given = until(questions, visit, 4), visit[~fifth]
    every = replay(given, of_given, AdaptiveOverlap(floor=4, cap=4))
    asked = replay(given, of_given, AdaptiveOverlap(floor=2, cap=4, bound=0.1), clear=0.02)
    assert asked.votes_a_question < 2.7
    assert asked.visits_an_image < 3.5
    assert _f1(asked.fit.score, truth) > _f1(every.fit.score, truth) - 0.002


def _first(questions: Questions, n_images: int) -> Questions:
    n = int((questions.image < n_images).sum())  # questions come in the order of their images
    kept = questions.question < n
    votes = (questions.question[kept], questions.rater[kept], questions.vote[kept])
    return Questions(questions.image[:n], questions.label[:n], *votes, questions.n_raters)


def _f1(chance: Floats, valid: Bools) -> float:
    taken = chance >= 0.5
    return float(2 * (taken & valid).sum() / (taken.sum() + valid.sum()))
