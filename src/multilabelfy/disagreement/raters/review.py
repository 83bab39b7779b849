"""Everything that votes and times say about those who gave them, rater by rater and pair by pair. docs/disagreement.md tells how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.disagreement.raters import concerns as testing
from multilabelfy.disagreement.raters.answer_log import AnswerLog
from multilabelfy.disagreement.raters.concerns import Concern, adjusted, holds
from multilabelfy.disagreement.raters.dependence import FEWEST_VOTES, Dependence, EffectiveVotes, counted_once, dependences
from multilabelfy.disagreement.raters.drift import Drift, drifts
from multilabelfy.disagreement.raters.error_rates import YES, ErrorRates, RaterVotes, error_rates
from multilabelfy.disagreement.raters.haste import Speed, rapid_answers, speed, unseen_fives
from multilabelfy.disagreement.raters.leaving_out import chance_without_own, n_others
from multilabelfy.disagreement.raters.straight_lining import Ordinary, StraightRun, straightest_run

Floats = npt.NDArray[np.float64]
FEWEST_ANSWERS = 20
"""Of fewer answers nothing is said about whoever gave them."""
MOST_IMAGES = 5
TYPICAL = Ordinary(sensitivity=0.7, false_yes=0.04)
"""As the method posterior has it."""
LEAST_TOLD = 0.1
MOST_COPIES = 10
"""After so many pairs that answer alike it is enough: each costs a fit."""


@dataclass(frozen=True, slots=True)
class RaterProfile:
    """One rater (by code): how much, with which errors and how fast they answered, how that changed, and the concerns that hold.

    `is_enough` is false where there are fewer than FEWEST_ANSWERS answers: too few to tell. `drift` is None without times.
    """

    rater: int
    n_answers: int
    is_enough: bool
    rates: ErrorRates
    speed: Speed | None
    drift: Drift | None
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True, slots=True)
class RaterPair:
    """Two raters with an image in common, and the concern about them if it holds."""

    dependence: Dependence
    concern: Concern | None


@dataclass(frozen=True)
class RaterReview:
    """Every rater by code, every pair with an image in common, and what votes are worth together (None where nobody can tell).

    `n_tests` and `n_pair_tests` are how many tests the concerns were adjusted for. `rests_on_assumptions` says that hardly any label that
    somebody named has three votes or is known: what rates come to then depends on what the method assumes of typical annotators.
    """

    profiles: tuple[RaterProfile, ...]
    pairs: tuple[RaterPair, ...]
    votes: EffectiveVotes | None
    n_tests: int
    n_pair_tests: int
    rests_on_assumptions: bool


def review(questions: Questions, log: AnswerLog, fit: Callable[[Questions], Posterior]) -> RaterReview:
    """Review all raters by the method `posterior`; the log names places of the same votes.

    `fit` fits it to votes on these questions, with whatever evidence there is about them (`posterior.fit`).
    """
    fitted = fit(questions)
    chance = chance_without_own(questions, fitted)
    image = questions.image[questions.question]
    votes = RaterVotes(questions.rater, image, questions.vote, chance, questions.n_raters)
    rates = error_rates(votes)
    drifting = drifts(log, votes) if log.has_times else [None] * questions.n_raters
    is_told = (n_others(questions) > 0) | (fitted.known[questions.question] != 0)
    judging = _Judging(questions, log, chance, is_told, rates)
    profiles = [_profile(judging, rater, of, drift) for rater, (of, drift) in enumerate(zip(rates, drifting, strict=True))]
    of_pairs, effective = dependences(questions, fitted)
    profiles, n_tests = _with_those_that_hold(profiles)
    pairs, n_pair_tests = _tested(_of_single_witnesses(questions, fit, of_pairs))
    return RaterReview(tuple(profiles), tuple(pairs), effective, n_tests, n_pair_tests, rests_on_assumptions(questions, fitted))


@dataclass(frozen=True)
class _Judging:
    """What every test reads: the votes, their log, each label's chance without the vote, whether others tell it, and everybody's rates."""

    questions: Questions
    log: AnswerLog
    chance: Floats
    is_told: npt.NDArray[np.bool_]
    rates: Sequence[ErrorRates]

    def images(self, answers: Sequence[int] | Ints) -> list[int]:
        """The images of the first answers."""
        return [int(self.log.image[answer]) for answer in list(answers)[:MOST_IMAGES]]

    def ordinary(self, rater: int) -> Ordinary:
        """The median of all others, whom one careless among them hardly moves; typical rates where nobody else's are known."""
        others = [(of.sensitivity.value, of.specificity.value) for place, of in enumerate(self.rates) if place != rater]
        known = [(yes, no) for yes, no in others if yes is not None and no is not None]
        return Ordinary(median(yes for yes, _ in known), 1 - median(no for _, no in known)) if known else TYPICAL

    def contradicted(self, of: Ints) -> list[int]:
        """The images of the answers that differ most from what the others' votes make likely."""
        errors = (self.questions.vote == YES) - self.chance
        surprise = [float(np.abs(errors[self.log.votes(int(answer))]).sum()) for answer in of]
        return self.images(of[np.argsort(-np.array(surprise), kind="stable")])


def _profile(judging: _Judging, rater: int, rates: ErrorRates, drift: Drift | None) -> RaterProfile:
    log = judging.log
    of = log.of_rater(rater)
    is_enough = len(of) >= FEWEST_ANSWERS
    concerns = tuple(_concerns(judging, rater, of, drift)) if is_enough else ()
    return RaterProfile(rater, len(of), is_enough, rates, speed(log.seconds[of]), drift, concerns)


def _concerns(judging: _Judging, rater: int, of: Ints, drift: Drift | None) -> list[Concern]:
    """Every test of one rater, whether it holds or not."""
    late = of[len(of) // 2 :]
    rapid, opened = rapid_answers(judging.log, of), unseen_fives(judging.log, of)
    run = straightest_run(judging.log, judging.questions, judging.chance, judging.is_told, of, judging.ordinary(rater))
    made = [
        testing.uninformed(judging.rates[rater], judging.contradicted(of)),
        _of_run(judging, run),
        testing.too_fast(rapid, judging.images(rapid.answers)) if rapid else None,
        testing.unseen(opened, judging.images(opened.answers)) if opened else None,
        testing.became_worse(drift, judging.contradicted(late)) if drift else None,
    ]
    return [concern for concern in made if concern is not None]


def _of_run(judging: _Judging, run: StraightRun | None) -> Concern | None:
    return None if run is None else testing.straight_lined(run, judging.contradicted(np.array(run.answers)))


def _with_those_that_hold(profiles: Sequence[RaterProfile]) -> tuple[list[RaterProfile], int]:
    """The profiles with the concerns that hold among all tests, the surest first, and how many tests there were."""
    p = adjusted([concern.p for profile in profiles for concern in profile.concerns])
    judged = iter(p.tolist())
    held = []
    for profile in profiles:
        tested = [replace(concern, others_too=next(judged)) for concern in profile.concerns]
        held.append(replace(profile, concerns=tuple(sorted(filter(holds, tested), key=lambda concern: concern.p))))
    return held, len(p)


def _of_single_witnesses(questions: Questions, fit: Callable[[Questions], Posterior], pairs: Sequence[Dependence]) -> Sequence[Dependence]:
    """The same pairs, all but the surest of those that answer alike judged anew with what these say counted once, and so on.

    Else two who are right against an error that counts twice would seem to err alike.
    """
    settled: dict[tuple[int, int], Dependence] = {}
    for _ in range(MOST_COPIES):
        alike = [pair for pair in _tested(pairs)[0] if pair.concern and _codes(pair.dependence) not in settled]
        if not alike:
            break
        surest = min(alike, key=lambda pair: pair.concern.p if pair.concern else 1.0).dependence
        settled[_codes(surest)] = surest
        once = counted_once(questions, settled)
        anew = {_codes(pair): pair for pair in dependences(once, fit(once))[0]}
        left_out = {second for _, second in settled}
        pairs = [pair if left_out & set(_codes(pair)) else anew.get(_codes(pair), pair) for pair in pairs]
    return pairs


def _codes(pair: Dependence) -> tuple[int, int]:
    return pair.first, pair.second


def _tested(pairs: Sequence[Dependence]) -> tuple[list[RaterPair], int]:
    """The pairs with the concerns that hold among all of them."""
    correlations = [pair.correlation.value for pair in pairs if pair.correlation.value is not None]
    typical = median(correlations) if len(correlations) > 1 else 0.0
    tests = [testing.alike(pair, typical) for pair in pairs]
    judged = iter(adjusted([concern.p for concern in tests if concern is not None]).tolist())
    told = [concern and replace(concern, others_too=next(judged)) for concern in tests]
    return [RaterPair(pair, of if of and holds(of) else None) for pair, of in zip(pairs, told, strict=True)], len(correlations)


def rests_on_assumptions(questions: Questions, fitted: Posterior) -> bool:
    """Of the labels that somebody named: whether fewer than one in ten has enough votes (three) or was known to the fit."""
    counts = questions.counts()
    is_told = (counts.sum(axis=1) >= FEWEST_VOTES) | (fitted.known != 0)
    is_named = counts[:, 1:].sum(axis=1) > 0
    return bool(is_named.any()) and float(is_told[is_named].mean()) < LEAST_TOLD
