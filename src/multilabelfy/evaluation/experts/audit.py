"""Estimate from an audit how often agreed label sets are wrong, and what that does to the headline.

An audited image was drawn with a known probability, before anybody looked; each counts by one over it (`statistics.weighted`). "Wrong"
is what two experts who did not know the agreed set decided otherwise: it is as true as they are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt

from multilabelfy.statistics.intervals import Interval, wilson_of_share
from multilabelfy.statistics.weighted import WeightedShare, hajek


@dataclass(frozen=True, slots=True)
class Audited:
    """One image of the audit: what its annotators agreed on, what experts decided (None: not yet, or they differ), and how it was drawn."""

    agreed: frozenset[int]
    decided: frozenset[int] | None
    inclusion_probability: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit says of agreed images.

    `wrong` sets differ from what experts decided, `missing` ones lack a label, `surplus` ones hold one that is not valid. `gains_several`
    and `loses_several` count images that have at least two labels only after the experts, and only before them. All intervals hold the
    drawn images that experts have not decided, whatever they will decide.
    """

    n_drawn: int
    n_decided: int
    n_effective: float
    wrong: WeightedShare
    missing: WeightedShare
    surplus: WeightedShare
    gains_several: WeightedShare
    loses_several: WeightedShare


@dataclass(frozen=True, slots=True)
class Corrected:
    """The share of images with at least two labels, with the unaudited agreed images corrected by the audit's estimate."""

    share: float
    interval: Interval


def audit_of(images: Iterable[Audited]) -> Audit | None:
    """The estimates of the audited images that experts decided; the others are in the intervals. None where none is decided yet.

    >>> found = audit_of([Audited(frozenset({1}), frozenset({1, 2}), 0.05), Audited(frozenset({3}), frozenset({3}), 0.05)])
    >>> found.wrong.share, found.missing.n_seen, found.surplus.n_seen
    (0.5, 1, 0)
    """
    drawn = list(images)
    decided = [image for image in drawn if image.decided is not None]
    if not decided:
        return None
    probabilities = [image.inclusion_probability for image in drawn]

    def estimate(is_so: Callable[[frozenset[int], frozenset[int]], bool]) -> WeightedShare:
        return hajek([None if image.decided is None else is_so(image.agreed, image.decided) for image in drawn], probabilities)

    wrong = estimate(lambda agreed, after: agreed != after)

    return Audit(
        n_drawn=len(drawn),
        n_decided=len(decided),
        n_effective=wrong.n_effective,
        wrong=wrong,
        missing=estimate(lambda agreed, after: bool(after - agreed)),
        surplus=estimate(lambda agreed, after: bool(agreed - after)),
        gains_several=estimate(lambda agreed, after: len(after) > 1 >= len(agreed)),
        loses_several=estimate(lambda agreed, after: len(agreed) > 1 >= len(after)),
    )


def corrected_headline(n_several: int, n_images: int, n_unaudited: int, audit: Audit) -> Corrected:
    """The released share of images with several labels, corrected for `n_unaudited` of the images that annotators agreed on alone.

    The correction is the share that gains several labels less the share that loses them. Its interval and Wilson's of the released share
    are joined by the distances of their ends (MOVER; Zou & Donner 2008), so that a small audit that saw no error proves nothing.
    """
    released = n_several / n_images
    part = n_unaudited / n_images
    gains, loses = audit.gains_several, audit.loses_several
    share = released + part * (gains.share - loses.share)
    own = wilson_of_share(released, n_images)
    down = (released - own.low, part * (gains.share - gains.interval.low), part * (loses.interval.high - loses.share))
    up = (own.high - released, part * (gains.interval.high - gains.share), part * (loses.share - loses.interval.low))
    low, high = share - sqrt(sum(distance * distance for distance in down)), share + sqrt(sum(distance * distance for distance in up))
    return Corrected(share, Interval(max(0.0, low), min(1.0, high)))
