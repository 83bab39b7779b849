"""Choose which disputed images an expert wants to see: by a label, a pair of labels, who answered, or why they are disputed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.disagreement.comparison import Why, compare
from multilabelfy.disagreement.confusion import pairs_confused


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
        return self == EVERYTHING


EVERYTHING = CaseFilter()


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
