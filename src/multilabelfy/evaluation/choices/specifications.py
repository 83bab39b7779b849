"""A specification curve (Simonsohn, Simmons & Nelson 2020): a figure under every defensible choice, not only under the one that was made.

The choices are two tables: how labels are decided (`labellings.LABEL_RULES`), and which images count and what an empty set counts as
(`conventions.CONVENTIONS`). One choice is changed at a time, and then two. That an empty set counts as wrong is not in the table: no
answer could be right. That it counts as right (ReImageNet) goes with released sets alone: by votes, an empty set only says that people
disagreed.

The share with several labels is the headline's, with its interval: of an unfinished study it is of all images (see `labels.unfinished`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.choices.labellings import AS_RELEASED, Judged, Labelling, labellings
from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress, share_of_whole
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.metrics import ValidLabels
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.statistics.intervals import Interval, Measured, if_moved, interval_of, wilson
from multilabelfy.statistics.resampling import resampled

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class SpecifiedMeasure(StrEnum):
    """What is computed again under each choice."""

    SEVERAL = "several-labels"  # the share of images with at least two labels
    GAIN = "gain"  # mean ReaL accuracy less mean top-1
    SHARE_GONE = "share-of-the-drop"  # 1 − (drop in ReaL) / (drop in top-1)


@dataclass(frozen=True, slots=True)
class Specification:
    """A measure under one combination of choices: `changed` counts those that differ from the printed ones.

    `labels` and `convention` say the choices in words. The value is a fraction, with its 95% interval: Wilson's of a share of images, else
    a bootstrap interval over images. A gain or a share of the drop that no resample moves has none: it is not a share of images, and of its
    error nothing is known. A share of all images of an unfinished study has no value: its interval says all that is known.
    """

    measure: SpecifiedMeasure
    labels: str
    convention: str
    changed: int
    value: float | None
    interval: Interval | None

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that it says: its value, or its interval where it has none."""
        if self.value is None:
            return (self.interval.low, self.interval.high) if self.interval else (0.0, 1.0)
        return self.value, self.value


@dataclass(frozen=True)
class Unfinished:
    """How far a study is that is not finished, and which of its finished images came by the draw, (n_images,)."""

    progress: ImagesByProgress
    is_drawn: Bools


@dataclass(frozen=True)
class Side:
    """One dataset: its images, its models' first labels by name, each (n_images,), and what votes say, if anything.

    `unfinished` is None where every image has final labels.
    """

    labelled: LabelledImages
    first: Mapping[str, npt.NDArray[np.integer]]
    judged: Judged | None = None
    name: str = ""
    unfinished: Unfinished | None = None


def side_of(
    labelled: LabelledImages,
    models: Sequence[EvaluatedModel],
    judged: Judged | None = None,
    name: str = "",
    unfinished: Unfinished | None = None,
) -> Side:
    """A dataset with the models measured on these images."""
    return Side(labelled, {model.model: model.first for model in models}, judged, name, unfinished)


def specifications(replicate: Side, original: Side | None, *, seed: int) -> tuple[Specification, ...]:
    """Every measure under every choice: printed first, then one choice changed, then two; within these in the order of the tables.

    The gain is a mean over the models of the replicate, the drop over those on both datasets. Images are resampled, each dataset by itself,
    and the choices share each resample.
    """
    ways = _ways(replicate, seed, replicate.first)
    specified = _headlines(ways, replicate.unfinished)
    if replicate.first and replicate.labelled.given is not None:
        specified += _gains(ways)
    if original is not None and original.labelled.given is not None and replicate.labelled.given is not None:
        shared = [name for name in replicate.first if name in original.first]
        specified += (
            _of_both(_ways(original, seed, shared), _ways(replicate, seed + 1, shared), original.name, replicate.name) if shared else []
        )
    return tuple(sorted(specified, key=lambda specification: (list(SpecifiedMeasure).index(specification.measure), specification.changed)))


@dataclass(frozen=True)
class _Way:
    """One labelling's sums over images, the measured ones first and then those of each resample, by name: each (1 + n_resamples,)."""

    labelling: Labelling
    sums: Mapping[str, Floats]


NAMES = ("images", "given", "top1", "nonempty", "given_nonempty", "top1_nonempty", "real")


def _ways(side: Side, seed: int, names: Sequence[str] | Mapping[str, object]) -> list[_Way]:
    of_each = labellings(side.labelled, side.judged)
    given, top1 = _top1(side, names)
    columns = np.hstack([_columns(side, way, given, top1, names) for way in of_each])
    exact = columns.sum(axis=0)[np.newaxis]
    drawn = np.vstack([exact, resampled(columns.astype(np.float32), seed=seed)]).reshape(-1, len(of_each), len(NAMES))
    return [_Way(way, dict(zip(NAMES, drawn[:, place].T, strict=True))) for place, way in enumerate(of_each)]


def _top1(side: Side, names: Sequence[str] | Mapping[str, object]) -> tuple[Floats, Floats]:
    """Which images have a given label, and the share of models that name it, each (n_images,)."""
    n_images = len(side.labelled)
    if side.labelled.given is None or not names:
        return np.zeros(n_images), np.zeros(n_images)
    labels = np.asarray(side.labelled.given)
    given = labels != NO_LABEL
    return given.astype(np.float64), np.mean([(side.first[name] == labels) & given for name in names], axis=0)


def _columns(side: Side, way: Labelling, given: Floats, top1: Floats, names: Sequence[str] | Mapping[str, object]) -> Floats:
    nonempty = way.sets.counts > 0
    real = _real(way.sets, [side.first[name] for name in names])
    ones = np.ones(len(given))
    columns = (ones, given, top1, nonempty, given * nonempty, top1 * nonempty, real)
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def _real(sets: LabelSets, first: Sequence[npt.NDArray[np.integer]]) -> Floats:
    """The share of models whose first label is valid, (n_images,)."""
    if not first:
        return np.zeros(len(sets))
    valid, everyone = ValidLabels.of(LabelledImages(sets)), np.arange(len(sets), dtype=np.int64)
    return np.asarray(sum(valid.contain(everyone, labels).astype(np.float64) for labels in first) / len(first))


def _headlines(ways: Sequence[_Way], unfinished: Unfinished | None) -> list[Specification]:
    """The share with several labels."""
    specified = []
    for convention in _conventions(SpecifiedMeasure.SEVERAL, unfinished=unfinished is not None):
        for way in ways:
            changed, share = _changed(SpecifiedMeasure.SEVERAL, convention, way), _several(way.labelling, convention, unfinished)
            if changed is not None and share is not None:
                words = way.labelling.words, convention.words
                specified.append(Specification(SpecifiedMeasure.SEVERAL, *words, changed, share.value, share.interval))
    return specified


class Shares(StrEnum):
    """Of which images the share with several labels is: of all, finished or not; of those that have been decided; of some of these."""

    WHOLE = "whole"
    ALL = "all"
    NONEMPTY = "nonempty"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Convention:
    """Which images count, and what an empty set counts as; `printed` are the measures that are printed by it elsewhere in a report.

    `unfinished`: for unfinished studies alone, for finished ones alone, or (None) for both.
    """

    key: str
    words: str
    measures: tuple[SpecifiedMeasure, ...]
    printed: tuple[SpecifiedMeasure, ...] = ()
    of: Shares = Shares.ALL
    same_images: bool = False
    empty_is_right: bool = False
    unfinished: bool | None = None


def _several(way: Labelling, convention: Convention, unfinished: Unfinished | None) -> Measured | None:
    """The share of the convention's images; None without any."""
    several = way.sets.counts > 1
    if convention.of is Shares.WHOLE and unfinished is not None:
        drawn, chosen = (CountedImages(int(of.sum()), int((several & of).sum())) for of in (unfinished.is_drawn, ~unfinished.is_drawn))
        whole = share_of_whole(replace(unfinished.progress, drawn=drawn, chosen=chosen))
        return None if whole is None else Measured(None, whole.interval)
    of = {Shares.NONEMPTY: way.sets.counts > 0, Shares.ASKED: way.asked}.get(convention.of, np.ones_like(several))
    n_of, n = int((several & of).sum()), int(of.sum())
    return Measured(n_of / n, wilson(n_of, n)) if n else None


def _gains(ways: Sequence[_Way]) -> list[Specification]:
    """Mean ReaL accuracy less mean top-1."""
    specified = [
        _specification(SpecifiedMeasure.GAIN, way.labelling.words, convention, changed, _gain(way.sums, convention))
        for convention in _conventions(SpecifiedMeasure.GAIN)
        for way in ways
        if (changed := _changed(SpecifiedMeasure.GAIN, convention, way)) is not None
    ]
    return [specification for specification in specified if specification is not None]


def _of_both(before: Sequence[_Way], after: Sequence[_Way], original: str, replicate: str) -> list[Specification]:
    """The share of the drop that disappears; on one of the two datasets at a time the labels are decided otherwise."""
    pairs = [(way, after[0], _whose(way, original or "the original")) for way in before]
    pairs += [(before[0], way, _whose(way, replicate or "the replicate")) for way in after[1:]]
    specified = [
        _specification(SpecifiedMeasure.SHARE_GONE, words, convention, changed, _gone(first.sums, second.sums, convention))
        for convention in _conventions(SpecifiedMeasure.SHARE_GONE)
        for first, second, words in pairs
        if (changed := _changed(SpecifiedMeasure.SHARE_GONE, convention, first, second)) is not None
    ]
    return [specification for specification in specified if specification is not None]


def _whose(way: _Way, name: str) -> str:
    return way.labelling.words if way.labelling.key == AS_RELEASED else f"{name}’s {way.labelling.words}"


def _conventions(measure: SpecifiedMeasure, *, unfinished: bool = False) -> list[Convention]:
    return [convention for convention in CONVENTIONS if measure in convention.measures and convention.unfinished in (None, unfinished)]


def _changed(measure: SpecifiedMeasure, convention: Convention, *ways: _Way) -> int | None:
    """How many choices differ from the printed ones; None for a combination that makes no sense."""
    other_rule = any(way.labelling.key != AS_RELEASED for way in ways)
    if convention.empty_is_right and other_rule:
        return None
    if convention.of is Shares.ASKED and not 0 < ways[0].labelling.asked.sum() < len(ways[0].labelling.asked):
        return None
    if measure not in convention.printed and not _is_another(convention, *ways):
        return None
    return int(measure not in convention.printed) + int(other_rule)


def _is_another(convention: Convention, *ways: _Way) -> bool:
    """Without empty sets all conventions about them are one, and it stands once."""
    has_empty = any(way.sums["nonempty"][0] < way.sums["images"][0] for way in ways)
    return has_empty or convention.of is Shares.ASKED or convention.unfinished is not None


def _gain(sums: Mapping[str, Floats], convention: Convention) -> Floats:
    return _real_by(sums, convention) - _top1_by(sums, convention)


def _gone(before: Mapping[str, Floats], after: Mapping[str, Floats], convention: Convention) -> Floats:
    top1 = _top1_by(before, convention) - _top1_by(after, convention)
    return 1 - _ratio(_real_by(before, convention) - _real_by(after, convention), top1)


def _top1_by(sums: Mapping[str, Floats], convention: Convention) -> Floats:
    if convention.same_images:
        return _ratio(sums["top1_nonempty"], sums["given_nonempty"])
    return _ratio(sums["top1"], sums["given"])


def _real_by(sums: Mapping[str, Floats], convention: Convention) -> Floats:
    if convention.empty_is_right:
        return _ratio(sums["real"] + sums["images"] - sums["nonempty"], sums["images"])
    return _ratio(sums["real"], sums["nonempty"])


def _ratio(part: Floats, of: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(part / of)


def _specification(measure: SpecifiedMeasure, labels: str, convention: Convention, changed: int, values: Floats) -> Specification | None:
    if not np.isfinite(values[0]):
        return None
    drawn = values[1:]
    return Specification(measure, labels, convention.words, changed, float(values[0]), if_moved(interval_of(drawn)))


ACCURACIES = (SpecifiedMeasure.GAIN, SpecifiedMeasure.SHARE_GONE)
CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "whole",
        "of all images, unfinished ones weighted or bounded",
        (SpecifiedMeasure.SEVERAL,),
        (SpecifiedMeasure.SEVERAL,),
        of=Shares.WHOLE,
        unfinished=True,
    ),
    Convention("all-images", "of all images", (SpecifiedMeasure.SEVERAL,), (SpecifiedMeasure.SEVERAL,), unfinished=False),
    Convention("finished-images", "of the finished images alone", (SpecifiedMeasure.SEVERAL,), unfinished=True),
    Convention("images-with-labels", "of images with any label", (SpecifiedMeasure.SEVERAL,), of=Shares.NONEMPTY),
    Convention("images-asked", "of images with votes", (SpecifiedMeasure.SEVERAL,), of=Shares.ASKED),
    Convention("own-images", "top-1 of all images, ReaL of those with a label", ACCURACIES, (SpecifiedMeasure.SHARE_GONE,)),
    Convention("same-images", "both of images with a label", ACCURACIES, (SpecifiedMeasure.GAIN,), same_images=True),
    Convention("empty-is-right", "an empty set counts as right", ACCURACIES, empty_is_right=True),
)
"""Every defensible way to choose the images."""
