"""How fast somebody answers, and whether that is too fast for what was seen.

An answer is rapid if it took less than a fifth of the time that the others take (their median) for as many labels: the normative
threshold of research on rapid guessing (Wise & Ma 2012), which knows no time that is too short for all questions.
"""

from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints
from multilabelfy.disagreement.raters.answer_log import AnswerLog
from multilabelfy.statistics.intervals import Z_95, Interval, Measured

Floats = npt.NDArray[np.float64]
FRACTION = 0.2
FEWEST_OF_OTHERS = 10
"""Answers of others with as many labels, without which nobody knows how long these take."""
TOLERATED = 0.05
"""The share of rapid answers, and of fives that cannot have been looked at, that says nothing."""
FEWEST = 20
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds an answer: how many were measured, the median with its interval, and the quantiles of QUANTILES."""

    n: int
    median: Measured
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Haste:
    """Of `n` things `n_hasty` were too fast, in these answers (places in the log); `p` tests that at most TOLERATED of them are.

    `typical` is the median time of others for the hasty answers, in seconds, `own` that of the hasty answers; None for fives.
    """

    n: int
    n_hasty: int
    answers: tuple[int, ...]
    p: float
    typical: float | None = None
    own: float | None = None


def speed(seconds: Floats) -> Speed | None:
    """From seconds (n,), NaN where not measured; None if none was. The interval of the median is that of order statistics (Conover 1999),
    None for fewer than 6 answers."""
    measured = np.sort(seconds[np.isfinite(seconds)])
    n = len(measured)
    if not n:
        return None
    quantiles = tuple(float(value) for value in np.quantile(measured, QUANTILES))
    below = floor(n / 2 - Z_95 * sqrt(n) / 2)
    interval = Interval(float(measured[below]), float(measured[n - 1 - below])) if below >= 0 and n > 5 else None
    return Speed(n, Measured(quantiles[2], interval), quantiles)


def rapid_answers(log: AnswerLog, of: Ints) -> Haste | None:
    """The answers of one rater (`of`, places in the log) that were rapid; None if fewer than FEWEST can be compared with others'."""
    n_labels = log.stop - log.start
    rater = log.rater[of[0]] if len(of) else -1
    of_others = (log.rater != rater) & np.isfinite(log.seconds)
    typical = np.full(len(log), np.nan)
    for n in np.unique(n_labels[of]):
        others = log.seconds[of_others & (n_labels == n)]
        if n and len(others) >= FEWEST_OF_OTHERS:
            typical[n_labels == n] = np.median(others)
    compared = of[np.isfinite(typical[of]) & np.isfinite(log.seconds[of])]
    hasty = compared[log.seconds[compared] < FRACTION * typical[compared]]
    if len(compared) < FEWEST:
        return None
    times = (float(np.median(typical[hasty])), float(np.median(log.seconds[hasty]))) if len(hasty) else (None, None)
    return Haste(len(compared), len(hasty), tuple(hasty.tolist()), _p(len(hasty), len(compared)), *times)


def unseen_fives(log: AnswerLog, of: Ints) -> Haste | None:
    """The fives of one rater that cannot have been looked at; None if fewer than FEWEST openings were measured."""
    n, n_unseen = int(log.n_fives[of].sum()), int(log.n_unseen[of].sum())
    if n < FEWEST:
        return None
    return Haste(n, n_unseen, tuple(of[log.n_unseen[of] > 0].tolist()), _p(n_unseen, n))


def _p(n_hasty: int, n: int) -> float:
    """The chance of as many or more, if each is hasty with the chance TOLERATED."""
    from scipy.stats import binom  # slow to import, and the server shall begin at once

    return float(binom.sf(n_hasty - 1, n, TOLERATED))
