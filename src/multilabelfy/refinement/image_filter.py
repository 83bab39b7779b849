"""Choose which disputed images an expert wants to see: by a label, a pair of labels, who answered, or why they are disputed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.dataset.model import ImageState
from multilabelfy.disagreement.comparison import Why, compare
from multilabelfy.disagreement.confusion import pairs_confused
from multilabelfy.refinement.model import EmptyReason


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What an image must fit, all of it; None asks nothing.

    Somebody chose `label`; with `other`, one annotator chose the one *instead* of the other. One of `annotators` answered. `why` is among
    the reasons for which the image goes to an expert.
    """

    label: int | None = None
    other: int | None = None
    annotators: frozenset[AnnotatorId] | None = None
    why: Why | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every image fits."""
        return self == EVERY_CASE


EVERY_CASE = CaseFilter()


def fits(wanted: CaseFilter, annotations: Sequence[Annotation]) -> bool:
    """Whether an image's answers that count match the filter."""
    return (
        _has_label(wanted, annotations)
        and (wanted.annotators is None or any(annotation.annotator in wanted.annotators for annotation in annotations))
        and (wanted.why is None or wanted.why in compare(annotations).why)
    )


def _has_label(wanted: CaseFilter, annotations: Collection[Annotation]) -> bool:
    if wanted.label is None:
        return True
    if wanted.other is not None:
        return (min(wanted.label, wanted.other), max(wanted.label, wanted.other)) in pairs_confused(list(annotations))
    return any(wanted.label in annotation.chosen() for annotation in annotations)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody from whom votes are hidden while they may still be asked: of open images, and where they decide blind of disputed ones."""

    person: AnnotatorId
    decides_blind: bool


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """What an image must fit, all of it; None asks nothing.

    `label` was chosen by an annotator, `annotator` answered, `text` is part of the path (in any case); `n_labels`, `reason` and the
    `final_label` among others are those of the newest release. Where a `reader` is named, labels are
    asked of images whose votes they may see: a release may give labels by the votes alone.
    """

    state: ImageState | None = None
    given_label: int | None = None
    text: str | None = None
    annotator: AnnotatorId | None = None
    label: int | None = None
    final_label: int | None = None
    n_labels: int | None = None
    reason: EmptyReason | None = None
    reader: Reader | None = None

    @property
    def asks_about_labels(self) -> bool:
        """Whether an answer or a release has to say something of the image's labels."""
        return any(value is not None for value in (self.label, self.final_label, self.n_labels, self.reason))


EVERYTHING = ImageFilter()
