"""A share among all from a sample that was drawn with known, perhaps unequal probabilities.

Each counts by one over its probability of being drawn, and the weights are divided by their sum (Hájek 1971), so that a sample
whose share changed on the way stays right. The interval is Wilson's with the effective size of the weights, (Σw)²/Σw² (Kish 1965).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.statistics.intervals import Interval, wilson_of_share


@dataclass(frozen=True, slots=True)
class WeightedShare:
    """A share with its 95% interval, in how many of the sample it was seen, and the sample's effective size."""

    share: float
    interval: Interval
    n_seen: int
    n_effective: float


def hajek(holds: Sequence[bool], probabilities: Sequence[float]) -> WeightedShare:
    """The share of all for which it holds, from the sample's (n,) and the probability with which each was drawn. n is at least 1.

    >>> hajek([True, False], [0.1, 0.3]).share
    0.75
    """
    weights = [1 / probability for probability in probabilities]
    n_effective = sum(weights) ** 2 / sum(weight * weight for weight in weights)
    n_seen = sum(holds)
    if n_seen in (0, len(holds)):
        share = float(n_seen > 0)  # exactly, so that the interval ends there
    else:
        share = sum(weight for weight, is_so in zip(weights, holds, strict=True) if is_so) / sum(weights)
    return WeightedShare(share, wilson_of_share(share, n_effective), n_seen, n_effective)
