"""What ways to ask come to on known truth: the quality of their labels, their effort, and whether their headlines hold the truth.

All figures are over simulated studies of the same images. Precision, recall and F1 are over the labels of all studies together; their
intervals resample images, each with all its studies, and the difference of two ways is paired.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.labels.panel import panel_headline
from multilabelfy.statistics.intervals import Interval, Measured, if_moved, interval_of, never_certain, wilson
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, resampled

Floats = npt.NDArray[np.float64]
MS_AN_HOUR = 3_600_000


class WayOfAsking(StrEnum):
    """How a simulated study asked."""

    FIXED = "fixed"  # two votes an image, and an expert for what they dispute
    ADAPTIVE = "adaptive"


class LabelQuality(StrEnum):
    """How near final labels are to the truth."""

    RECALL = "recall"
    PRECISION = "precision"
    F1 = "F1"
    EXACT = "exact"  # the share of images with all labels right


@dataclass(frozen=True, slots=True)
class ImageAsked:
    """What one simulated study came to on one image: the answers and milliseconds that it took, its final labels, and those that are valid.

    `probability` is that of the draw of the panel, None outside it. `is_settled` says whether a release would hold it: if not, it has no
    labels.
    """

    study: int
    way: WayOfAsking
    image: str
    n_answers: int
    annotator_ms: int
    expert_ms: int
    probability: float | None
    is_settled: bool
    labels: frozenset[int]
    valid: frozenset[int]


@dataclass(frozen=True, slots=True)
class QualityByWays:
    """One measure of quality by both ways, and by how much the adaptive way's is greater."""

    fixed: Measured
    adaptive: Measured
    difference: Measured


@dataclass(frozen=True, slots=True)
class EffortOfWay:
    """The mean over studies: answers an image, the hours of annotators and experts, and the shares of images that experts decided and that
    have no final labels."""

    answers: float
    annotator_hours: float
    expert_hours: float
    by_experts: float
    unsettled: float


@dataclass(frozen=True, slots=True)
class HeadlineOfWay:
    """The share of images with several labels, and the ends of its interval, as means over studies; the interval held the truth in
    `n_holding` of them. `n_images` is how many images it is of, on average."""

    n_images: float
    share: float
    interval: Interval
    n_holding: int


@dataclass(frozen=True)
class WaysCompared:
    """Two ways to ask about the same `n_images` in each of `n_studies`; `truth` is the true share of images with several labels.

    `plain` is the headline of the adaptive way over all its settled images, unweighted.
    """

    n_studies: int
    n_images: int
    truth: float
    quality: Mapping[LabelQuality, QualityByWays]
    effort: Mapping[WayOfAsking, EffortOfWay]
    headline: Mapping[WayOfAsking, HeadlineOfWay]
    plain: HeadlineOfWay


Headline = tuple[int, float, Interval]


def ways_compared(rows: Sequence[ImageAsked], *, seed: int) -> WaysCompared:
    """Compare the ways over every study, each of which has a row for each image and way. Raises ValueError without rows of both ways."""
    by_way = {way: [row for row in rows if row.way is way] for way in WayOfAsking}
    if not all(by_way.values()):
        raise ValueError("Ways to ask can be compared once both have rows.")
    valid = {row.image: row.valid for row in rows}
    truth = sum(len(labels) > 1 for labels in valid.values()) / len(valid)
    studies = {way: list(_by_study(of_way)) for way, of_way in by_way.items()}
    plain = [_plain(study) for study in studies[WayOfAsking.ADAPTIVE]]
    return WaysCompared(
        n_studies=len(studies[WayOfAsking.FIXED]),
        n_images=len(valid),
        truth=truth,
        quality=_quality(_counts(by_way, list(valid)), seed),
        effort={way: _effort(of_way, len(studies[way])) for way, of_way in by_way.items()},
        headline={
            WayOfAsking.FIXED: _headline([_plain(study) for study in studies[WayOfAsking.FIXED]], truth),
            WayOfAsking.ADAPTIVE: _headline([_of_panel(study) for study in studies[WayOfAsking.ADAPTIVE]], truth),
        },
        plain=_headline(plain, truth),
    )


def _by_study(rows: Sequence[ImageAsked]) -> Iterable[list[ImageAsked]]:
    by_study: dict[int, list[ImageAsked]] = {}
    for row in rows:
        by_study.setdefault(row.study, []).append(row)
    return by_study.values()


def _counts(by_way: Mapping[WayOfAsking, Sequence[ImageAsked]], images: Sequence[str]) -> Floats:
    """Over all studies, for each image and way: labels that are right, final and valid, images that are right, and images;
    (n_images, 2, 5)."""
    place = {image: number for number, image in enumerate(images)}
    counts = np.zeros((len(images), len(WayOfAsking), 5))
    for number, rows in enumerate(by_way.values()):
        for row in rows:
            right = len(row.labels & row.valid)
            counts[place[row.image], number] += (right, len(row.labels), len(row.valid), row.labels == row.valid, 1)
    return counts


def _quality(counts: Floats, seed: int) -> dict[LabelQuality, QualityByWays]:
    values, drawn = _measures(counts.sum(axis=0)[np.newaxis]), _measures(resampled(counts, seed=seed))
    n_images = len(counts)
    compared = {}
    for place, measure in enumerate(LabelQuality):
        fixed, adaptive = (_share(values[0, way, place], drawn[:, way, place], n_images) for way in range(len(WayOfAsking)))
        difference = drawn[:, 1, place] - drawn[:, 0, place]
        interval = interval_of(difference) if n_images >= FEWEST_TO_RESAMPLE else None
        gained = float(values[0, 1, place] - values[0, 0, place])
        compared[measure] = QualityByWays(fixed, adaptive, Measured(gained, if_moved(interval)))
    return compared


def _measures(sums: Floats) -> Floats:
    """(n, 2, 5) sums to (n, 2, 4): recall, precision, F1, and the share of images that are right."""
    right, final, valid, exact, images = np.moveaxis(sums, 2, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([right / valid, right / final, 2 * right / (final + valid), exact / images], axis=2)


def _share(value: float, drawn: Floats, n_images: int) -> Measured:
    interval = interval_of(drawn) if n_images >= FEWEST_TO_RESAMPLE else None
    return Measured(float(value), interval and never_certain(interval, float(value), n_images))


def _effort(rows: Sequence[ImageAsked], n_studies: int) -> EffortOfWay:
    return EffortOfWay(
        answers=sum(row.n_answers for row in rows) / len(rows),
        annotator_hours=sum(row.annotator_ms for row in rows) / MS_AN_HOUR / n_studies,
        expert_hours=sum(row.expert_ms for row in rows) / MS_AN_HOUR / n_studies,
        by_experts=sum(row.expert_ms > 0 for row in rows) / len(rows),
        unsettled=sum(not row.is_settled for row in rows) / len(rows),
    )


def _plain(study: Sequence[ImageAsked]) -> Headline:
    """The share over all settled images of a study, with Wilson's interval."""
    settled = [row for row in study if row.is_settled]
    n_several = sum(len(row.labels) > 1 for row in settled)
    return len(settled), n_several / max(len(settled), 1), wilson(n_several, len(settled)) or Interval(0.0, 1.0)


def _of_panel(study: Sequence[ImageAsked]) -> Headline:
    """The weighted share of the settled images of a study's panel, as its report says it; without any, it may be anything."""
    drawn = [row for row in study if row.probability is not None]
    settled = [row for row in drawn if row.is_settled]
    probabilities = [row.probability for row in settled if row.probability is not None]
    headline = panel_headline([len(row.labels) for row in settled], probabilities, len(drawn))
    if headline is None:
        return 0, 0.0, Interval(0.0, 1.0)
    return len(settled), headline.of_all.share, headline.of_all.interval


def _headline(of_studies: Sequence[Headline], truth: float) -> HeadlineOfWay:
    n, share, low, high = np.mean([(n, share, ends.low, ends.high) for n, share, ends in of_studies], axis=0).tolist()
    holding = sum(ends.low <= truth <= ends.high for _, _, ends in of_studies)
    return HeadlineOfWay(n, share, Interval(low, high), holding)
