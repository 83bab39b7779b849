"""A share among all from a sample that was drawn with known, perhaps unequal probabilities.

Each counts by one over its probability of being drawn, and the weights are divided by their sum (Hájek 1971), so that a sample
whose share changed on the way stays right. The interval is Wilson's with the effective size of the weights, (Σw)²/Σw² (Kish 1965). Of
those of the sample of which nothing is known it holds either extreme (Horowitz & Manski 1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.statistics.intervals import Interval, wilson_of_share


@dataclass(frozen=True, slots=True)
class WeightedShare:
    """A share with its 95% interval, in how many of the sample it was seen, and the sample's effective size.

    `n_missing` of the sample are not known: the share is of the others, the interval reaches from none of these to all of them.
    """

    share: float
    interval: Interval
    n_seen: int
    n_effective: float
    n_missing: int = 0


def hajek(holds: Sequence[bool | None], probabilities: Sequence[float]) -> WeightedShare:
    """The share of all for which it holds, from the sample's (n,), None where it is not known, and the probability with which each was
    drawn. At least one is known.

    >>> hajek([True, False], [0.1, 0.3]).share
    0.75
    >>> one = hajek([False] * 5 + [None] * 2, [0.1] * 7)
    >>> one.share, round(one.interval.high, 2)
    (0.0, 0.64)
    """
    weights = [1 / probability for probability in probabilities]
    n_effective = sum(weights) ** 2 / sum(weight * weight for weight in weights)
    known = [(is_so, weight) for is_so, weight in zip(holds, weights, strict=True) if is_so is not None]
    least, most = (
        wilson_of_share(
            _share([(unknown if is_so is None else is_so, weight) for is_so, weight in zip(holds, weights, strict=True)]), n_effective
        )
        for unknown in (False, True)
    )
    return WeightedShare(
        share=_share(known),
        interval=Interval(least.low, most.high),
        n_seen=sum(is_so for is_so, _ in known),
        n_effective=n_effective,
        n_missing=len(holds) - len(known),
    )


def _share(weighted: Sequence[tuple[bool, float]]) -> float:
    """Exactly 0 or 1 where none or all are so, so that the interval ends there."""
    n_seen = sum(is_so for is_so, _ in weighted)
    if n_seen in (0, len(weighted)):
        return float(n_seen > 0)
    return sum(weight for is_so, weight in weighted if is_so) / sum(weight for _, weight in weighted)
