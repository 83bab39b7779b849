"""A share with an interval that is made of parts: some of them variances, some of them bounds.

Variances add: each end is Wilson's at the effective number of images (Korn & Graubard 1998). Bounds shift the ends first, each as far as it
can. What a part makes wide is its share of the width.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.statistics.intervals import Interval, wilson_of_share


class WidthPart(StrEnum):
    """What an interval counts."""

    IMAGES = "images"
    DOUBT = "doubt"
    ANNOTATORS = "annotators"
    ASSUMED = "assumed"
    MISSED = "missed"
    UNFINISHED = "unfinished"


SAMPLING = (WidthPart.IMAGES, WidthPart.UNFINISHED)
"""The variances of having drawn some images out of many, in proportion to p(1 − p); others need not be."""


@dataclass(frozen=True, slots=True)
class PosteriorShare:
    """A share of all images with its interval, and by part of what this counts: its share of the interval's width."""

    value: float
    interval: Interval
    parts: Mapping[WidthPart, float]


def share_of_parts(
    value: float, n: int, variances: Mapping[WidthPart, float], bounds: Mapping[WidthPart, tuple[float, float]] | None = None
) -> PosteriorShare:
    """The share of `n` images with its interval; `bounds` say how far down and how far up a part may move it.

    >>> share_of_parts(0.5, 100, {WidthPart.IMAGES: 0.0025}).interval == wilson_of_share(0.5, 100)
    True
    """
    moved = bounds or {}
    effective = _effective(value, n, variances)
    low, high = value - sum(down for down, _ in moved.values()), value + sum(up for _, up in moved.values())
    interval = Interval(
        min(value, wilson_of_share(max(0.0, low), effective).low), max(value, wilson_of_share(min(1.0, high), effective).high)
    )
    return PosteriorShare(value, interval, _parts(wilson_of_share(value, effective), variances, moved))


def _effective(value: float, n: int, variances: Mapping[WidthPart, float]) -> float:
    """How many images would have this variance by themselves; n where nothing but the number of images is known.

    What is no sampling is held against p(1 − p) of the share with two more images on either side (Agresti & Coull 1998): annotators may
    move a share that itself is 0.
    """
    spread, middle = value * (1 - value), (n * value + 2) / (n + 4)
    drawn = sum(of for part, of in variances.items() if part in SAMPLING)
    others = sum(of for part, of in variances.items() if part not in SAMPLING)
    return 1 / ((drawn / spread if drawn > 0 else 1 / n) + others / (middle * (1 - middle)))


def _parts(
    by_variance: Interval, variances: Mapping[WidthPart, float], bounds: Mapping[WidthPart, tuple[float, float]]
) -> dict[WidthPart, float]:
    """Variances share what they make wide together, and bounds are as wide as they are."""
    width, total = by_variance.high - by_variance.low, sum(variances.values())
    wide = {part: width * variances.get(part, 0.0) / total if total > 0 else 0.0 for part in WidthPart}
    wide = {part: of + sum(bounds.get(part, ())) for part, of in wide.items()}
    whole = sum(wide.values())
    return {part: of / whole for part, of in wide.items()} if whole > 0 else {}
