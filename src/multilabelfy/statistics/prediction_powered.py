"""Shares of a whole population, from known outcomes of a random sample of it and from predictions for all of it.

Prediction-powered inference, PPI++ (Angelopoulos, Duchi & Zrnic 2023, arXiv 2311.01453): the mean of the sample is corrected by how far the
predictions for the sample lie off those for everybody, as strongly as the predictions deserve (power tuning). The population is finite and
holds the sample. With it, the estimator is the regression estimator of survey sampling (Cochran 1977, chapter 7), and its variance has the
correction for the share of the population that was looked at.

Wrong predictions cost precision and never validity: a prediction that says nothing gets no weight.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.statistics.intervals import Interval, wilson_of_share

Floats = npt.NDArray[np.float64]
LOST = 2
"""Degrees of freedom that a variance loses: to the mean, and to the weight of the predictions."""


@dataclass(frozen=True, slots=True)
class PoweredMean:
    """The mean of outcomes over a population, with what it rests on, outcome by outcome of the sample, (n,) each.

    `weight` is how far predictions count, 0 where they say nothing. `plain` are the outcomes without their mean; `residuals` what of them
    the predictions do not explain.
    """

    value: float
    weight: float
    plain: Floats
    residuals: Floats


@dataclass(frozen=True, slots=True)
class PoweredShare:
    """A share of a population with its 95% interval, from `n` known outcomes.

    `worth` is how many outcomes without predictions one is worth with them: the quotient of the two variances; None where the sample
    holds no or only such outcomes, so that its variance is not known.
    """

    value: float
    interval: Interval
    n: int
    worth: float | None


def powered_mean(known: Floats, predicted: Floats, of_all: float) -> PoweredMean:
    """From the sample's outcomes and the predictions for them, (n,) each, and the mean of the predictions for the whole population.

    The weight is the least-squares slope of outcomes on predictions, or 0 where that is negative. That is PPI++'s power tuning: there the
    rest of the population has its own mean, and the slope shrinks by exactly as much as the mean of the rest is further off than
    that of all.

    >>> powered_mean(np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0, 0.0]), 0.75).value
    0.75
    """
    plain, around = known - known.mean(), predicted - predicted.mean()
    spread = float((around**2).sum())
    weight = max(0.0, float((plain * around).sum()) / spread) if spread > 0 else 0.0
    value = known.mean() + weight * (of_all - predicted.mean())
    return PoweredMean(float(value), weight, plain, plain - weight * around)


def powered_share(part: PoweredMean, n_all: int, whole: PoweredMean | None = None) -> PoweredShare | None:
    """The mean itself, or the quotient of two over the same sample (`part` of `whole`); None if the whole is 0.

    The variance of a quotient is that of its linearisation (Cochran 1977, chapter 6). It is never less than if one outcome of the sample
    had been foreseen wrongly, so that a sample without a surprise claims no certainty. The interval is Wilson's at the effective number of
    outcomes (Korn & Graubard 1998), so that it stays between 0 and 1 and holds for rare outcomes too.
    """
    n = len(part.plain)
    total = 1.0 if whole is None else whole.value
    if total <= 0 or n == 0:
        return None
    share = min(1.0, max(0.0, part.value / total))
    if n >= n_all:
        return PoweredShare(share, Interval(share, share), n, 1.0)
    plain, residuals = part.plain, part.residuals
    if whole is not None:
        plain, residuals = plain - share * whole.plain, residuals - share * whole.residuals
    without, left = (max(_variance(of), 1 / n) / total**2 for of in (plain, residuals))
    unknown = not plain.any()
    variance = (1 - n / n_all) * left / n
    effective = n if unknown or share in (0.0, 1.0) else share * (1 - share) / variance
    return PoweredShare(share, wilson_of_share(share, effective), n, None if unknown else without / left)


def _variance(of: Floats) -> float:
    return float((of**2).sum() / max(len(of) - LOST, 1))
