"""Who errs together with whom, given which labels are valid, and what so many votes are worth.

Two votes on a label agree because both see what is there; that much is expected. What they agree beyond it is the covariance of their
errors given the truth (Vacek 1985; Dendukuri & Joseph 2001, there between diagnostic tests): with y = 1 for a yes, se and fp their rates,
m = p·se + (1 − p)·fp and J = se − fp,

    excess = Σ [(y₁ − m₁)(y₂ − m₂) − p(1 − p)·J₁·J₂],     scale = Σ √(v₁·v₂),     v = p·se(1 − se) + (1 − p)·fp(1 − fp)

and ρ = excess / scale, a correlation: 0 if they err independently, 1 if one copies the other. p is the chance by everything but the two.
n votes with the mean correlation ρ are worth n / (1 + (n − 1)·ρ) independent ones (Kish 1965; of experts, Clemen & Winkler 1985).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.questions import Ints, Questions, pairs_of_votes
from multilabelfy.disagreement.raters.error_rates import YES, RaterVotes, fitted_confusion
from multilabelfy.disagreement.raters.leaving_out import chance_without_both
from multilabelfy.statistics.intervals import Z_95, Interval, Measured

Floats = npt.NDArray[np.float64]
FEWEST_IMAGES = 20
PULL_OF_PAIRS, MOST_ITERATIONS = 5.0, 20
LEAST_SCALE = 2.0
"""Two who would hardly err on what both saw cannot be seen to err together."""
FEWEST_VOTES = 3
"""Of two votes on a question nobody can tell whether they agree by being right or by erring alike: what votes are worth is not known."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """Two raters (codes, the lower first): how many images and questions both answered, on how many of the latter they said the same (yes
    or not), on how many two who err independently would have, and the correlation of their errors with its standard error.

    `images` are codes of those on which they agree most against expectation. The correlation has no value where it is too few to tell.
    """

    first: int
    second: int
    n_images: int
    n_questions: int
    n_alike: int
    n_expected: float
    correlation: Measured
    error: float
    images: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EffectiveVotes:
    """The mean correlation of errors over all pairs, and what `n_votes`, the mean number on a question, are worth."""

    n_votes: float
    correlation: Measured
    n_effective: Measured


@dataclass(frozen=True)
class _Pairs:
    """Each pair of votes on one question, as columns (n_pairs,)."""

    pair: Ints
    image: Ints
    is_alike: npt.NDArray[np.bool_]
    expected_alike: Floats
    excess: Floats
    scale: Floats
    variance: Floats
    n_votes: Ints


def dependences(questions: Questions, fitted: Posterior) -> tuple[list[Dependence], EffectiveVotes | None]:
    """Every pair of raters with a question in common, in order of their codes, and the effective votes of them all.

    The effective votes are None unless some questions have FEWEST_VOTES votes, on FEWEST_IMAGES images.
    """
    pairs = _pairs(questions, fitted)
    numbers, row = np.unique(pairs.pair, return_inverse=True)
    places = np.split(np.argsort(row, kind="stable"), np.cumsum(np.bincount(row, minlength=len(numbers)))[:-1]) if len(numbers) else []
    made = [_of_one(pairs, int(number), questions.n_raters, of) for number, of in zip(numbers, places, strict=True)]
    return made, _effective(questions, pairs)


def counted_once(questions: Questions, pairs: Iterable[tuple[int, int]]) -> Questions:
    """The votes without those of the second of each pair on what both answered: two who copy each other are one witness for the rest."""
    keep = np.ones(len(questions.vote), dtype=np.bool_)
    for first, second in pairs:
        of_first = np.zeros(len(questions), dtype=np.bool_)
        of_first[questions.question[questions.rater == first]] = True
        keep &= ~((questions.rater == second) & of_first[questions.question])
    votes = (questions.question[keep], questions.rater[keep], questions.vote[keep])
    return Questions(questions.image, questions.label, *votes, questions.n_raters)


def effective(n_votes: float, correlation: float) -> float:
    """What so many votes are worth; never more than they are.

    >>> effective(5, 0.0), effective(5, 1.0), effective(2, 0.25), effective(3, -0.1)
    (5.0, 1.0, 1.6, 3.0)
    """
    return float(n_votes / (1 + (n_votes - 1) * min(max(correlation, 0.0), 1.0)))


def _pairs(questions: Questions, fitted: Posterior) -> _Pairs:
    first, second = pairs_of_votes(questions)
    pair = questions.rater[first] * questions.n_raters + questions.rater[second]
    image = questions.image[questions.question[first]]
    p = chance_without_both(questions, fitted, first, second)
    yes = [questions.vote[votes] == YES for votes in (first, second)]
    of_both = _rates(pair, image, [questions.vote[votes] for votes in (first, second)], p)
    expected = [(1 - p) * rate[:, 0] + p * rate[:, 1] for rate in of_both]
    spread = [(1 - p) * rate[:, 0] * (1 - rate[:, 0]) + p * rate[:, 1] * (1 - rate[:, 1]) for rate in of_both]
    informed = [rate[:, 1] - rate[:, 0] for rate in of_both]
    errors = [is_yes - mean for is_yes, mean in zip(yes, expected, strict=True)]
    alike = [
        first_rate * second_rate + (1 - first_rate) * (1 - second_rate)
        for first_rate, second_rate in zip(of_both[0].T, of_both[1].T, strict=True)
    ]
    squares = [np.prod([_square(rate[:, where], mean) for rate, mean in zip(of_both, expected, strict=True)], axis=0) for where in (0, 1)]
    common = p * (1 - p) * informed[0] * informed[1]
    return _Pairs(
        pair=pair,
        image=image,
        is_alike=yes[0] == yes[1],
        expected_alike=(1 - p) * alike[0] + p * alike[1],
        excess=errors[0] * errors[1] - common,
        scale=np.sqrt(spread[0] * spread[1]),
        variance=np.maximum((1 - p) * squares[0] + p * squares[1] - common**2, 0.0),
        n_votes=np.bincount(questions.question, minlength=len(questions))[questions.question[first]],
    )


def _rates(pair: Ints, image: Ints, votes: Sequence[Ints], chance: Floats) -> list[Floats]:
    """For each pair of votes the shares of yes of either rater where not valid and where valid, (n_pairs, 2) each.

    They are those on what the two have in common, by what the others say of it: by anything else, two who copy each other are both
    without fault.
    """
    numbers, code = np.unique(pair, return_inverse=True)
    rater = np.concatenate([2 * code, 2 * code + 1])
    sides = RaterVotes(rater, np.tile(image, 2), np.concatenate(votes), np.tile(chance, 2), 2 * len(numbers))
    confusion = fitted_confusion(sides, pull=PULL_OF_PAIRS, most_iterations=MOST_ITERATIONS)[:, :, YES]
    return [confusion[2 * code + side] for side in (0, 1)]


def _square(rate: Floats, mean: Floats) -> Floats:
    """The mean square of y − mean, for a y that is 1 with the chance `rate`."""
    return np.asarray(rate * (1 - rate) + (rate - mean) ** 2)


def _of_one(pairs: _Pairs, number: int, n_raters: int, of: Ints) -> Dependence:
    image, excess = pairs.image[of], pairs.excess[of]
    images, cluster = np.unique(image, return_inverse=True)
    by_image = np.bincount(cluster, weights=excess)
    correlation, error = _correlation(pairs, of)
    is_enough = len(images) >= FEWEST_IMAGES and float(pairs.scale[of].sum()) >= LEAST_SCALE
    most = np.argsort(-by_image, kind="stable")[:5]
    return Dependence(
        first=number // n_raters,
        second=number % n_raters,
        n_images=len(images),
        n_questions=len(of),
        n_alike=int(pairs.is_alike[of].sum()),
        n_expected=float(pairs.expected_alike[of].sum()),
        correlation=_measured(correlation, error) if is_enough else Measured(None),
        error=error,
        images=tuple(images[most].tolist()),
    )


def _correlation(pairs: _Pairs, of: Ints) -> tuple[float, float]:
    """ρ over these pairs of votes and its standard error: by image, or that of independent errors if it is greater."""
    excess, scale = pairs.excess[of], pairs.scale[of]
    total = max(float(scale.sum()), 1e-9)
    correlation = float(excess.sum()) / total
    _, cluster = np.unique(pairs.image[of], return_inverse=True)
    residual = np.bincount(cluster, weights=excess - correlation * scale)
    square = max(float((residual**2).sum()), float(pairs.variance[of].sum()))
    return correlation, float(np.sqrt(square)) / total


def _effective(questions: Questions, pairs: _Pairs) -> EffectiveVotes | None:
    of = np.flatnonzero(pairs.n_votes >= FEWEST_VOTES)
    if len(np.unique(pairs.image[of])) < FEWEST_IMAGES or float(pairs.scale[of].sum()) < LEAST_SCALE:
        return None
    correlation, error = _correlation(pairs, of)
    measured = _measured(correlation, error)
    n_votes = len(questions.vote) / len(questions)
    ends = measured.interval
    worth = Interval(effective(n_votes, ends.high), effective(n_votes, ends.low)) if ends else None
    return EffectiveVotes(n_votes, measured, Measured(effective(n_votes, correlation), worth))


def _measured(correlation: float, error: float) -> Measured:
    """With its normal interval; the ratio of two sums may lie a little beyond 1, which no correlation does."""
    low, value, high = (min(max(at, -1.0), 1.0) for at in (correlation - Z_95 * error, correlation, correlation + Z_95 * error))
    return Measured(value, Interval(low, high))
