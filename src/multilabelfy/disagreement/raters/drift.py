"""Does somebody answer differently late than early? The two halves of their answers, in order of time, each with its own error rates."""

from dataclasses import dataclass
from math import exp, hypot, sqrt

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints
from multilabelfy.disagreement.raters.answer_log import AnswerLog
from multilabelfy.disagreement.raters.error_rates import ErrorRates, RaterVotes, error_rates
from multilabelfy.statistics.intervals import Z_95, Interval, Measured

Floats = npt.NDArray[np.float64]
FEWEST_IN_HALF = 20


@dataclass(frozen=True, slots=True)
class Drift:
    """The rates of the first and of the second half of somebody's answers.

    `change` is late − early of their informedness, with `error`, its standard error; `pace` the time of a late answer by that of an early
    one (of geometric means). Each has no value where a half has fewer than FEWEST_IN_HALF answers that tell of it.
    """

    early: ErrorRates
    late: ErrorRates
    change: Measured
    error: float | None
    pace: Measured


def drifts(log: AnswerLog, votes: RaterVotes) -> list[Drift]:
    """Each rater's drift, by code; `votes` are all votes, in the places that the log names."""
    half = _halves(log)
    rater = np.full(len(votes.rater), 2 * votes.n_raters)
    for answer, side in enumerate(half):
        rater[log.votes(answer)] = 2 * log.rater[answer] + side
    asked = rater < 2 * votes.n_raters
    columns = (votes.image[asked], votes.vote[asked], votes.chance[asked])
    rates = error_rates(RaterVotes(rater[asked], *columns, 2 * votes.n_raters))
    return [_drift(log, half, number, rates[2 * number], rates[2 * number + 1]) for number in range(votes.n_raters)]


def _halves(log: AnswerLog) -> Ints:
    """For each answer 0 where it is in the first half of its rater's, else 1; of an odd number the second half has one more."""
    of_rater = np.bincount(log.rater)
    first = np.cumsum(of_rater) - of_rater
    place = np.arange(len(log)) - first[log.rater]
    return np.asarray(2 * place >= of_rater[log.rater] - of_rater[log.rater] % 2, dtype=np.int64)


def _drift(log: AnswerLog, half: Ints, rater: int, early: ErrorRates, late: ErrorRates) -> Drift:
    of = log.of_rater(rater)
    seconds = [log.seconds[of[half[of] == side]] for side in (0, 1)]
    pace = _pace(*(np.log(spent[np.isfinite(spent)]) for spent in seconds))
    is_enough = len(of) // 2 >= FEWEST_IN_HALF
    if not is_enough or None in (early.informedness, late.informedness, early.error, late.error):
        return Drift(early, late, Measured(None), None, pace)
    change = float(late.informedness or 0) - float(early.informedness or 0)
    error = hypot(early.error or 0, late.error or 0)
    return Drift(early, late, Measured(change, Interval(change - Z_95 * error, change + Z_95 * error)), error, pace)


def _pace(early: Floats, late: Floats) -> Measured:
    """From the logarithms of seconds; the interval is Welch's (1947), by the normal distribution."""
    if min(len(early), len(late)) < FEWEST_IN_HALF:
        return Measured(None)
    change = float(late.mean() - early.mean())
    error = sqrt(float(early.var(ddof=1)) / len(early) + float(late.var(ddof=1)) / len(late))
    return Measured(exp(change), Interval(exp(change - Z_95 * error), exp(change + Z_95 * error)))
