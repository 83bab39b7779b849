"""Say which answers to an image stand, and which of those count.

Everything that was ever said is kept. Of each annotator the newest revision *stands*. Of the standing answers those *count* that found one
of the image's places; `surplus` ones, beyond the wanted overlap, are evidence for a posterior, not for the rule that compares answers.
Answers to checks are not votes: they lie in a log of their own and never come here.
"""

from collections.abc import Iterable

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.dataset.model import ImageId


def standing(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The newest revision of each annotator on each image, in the order of their first ones; `annotations` come oldest first."""
    newest: dict[tuple[ImageId, AnnotatorId], Annotation] = {}
    for annotation in annotations:
        newest[annotation.image, annotation.annotator] = annotation
    return list(newest.values())


def counts(annotation: Annotation) -> bool:
    """Whether a standing answer counts."""
    return not annotation.surplus


def counting(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The standing answers that count, in the given order."""
    return [annotation for annotation in annotations if counts(annotation)]
