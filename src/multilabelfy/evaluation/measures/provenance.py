"""Which group an image is measured in beside its number of labels: by kind, and by how its labels were decided."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.model import Relation
from multilabelfy.refinement.model import LabelSource

NOWHERE = -1
"""The group number of an image without a group."""


class ImageKind(StrEnum):
    """How the labels of an image relate; an image without labels has no kind."""

    ONE_LABEL = "one-label"
    SEVERAL_OBJECTS = "several-objects"
    SEVERAL_NAMES = "several-names"
    BOTH = "both"
    NOT_SAID = "not-said"  # several labels, and nobody said how they relate, or not all the same


KINDS, SOURCES = tuple(ImageKind), tuple(LabelSource)
"""What the numbers of `kind_groups` and `source_groups` mean."""


def kind_of(n_labels: int, relation: Relation | None) -> ImageKind | None:
    """
    >>> kind_of(2, Relation.SEVERAL_NAMES).value, kind_of(1, None).value, kind_of(3, None).value, kind_of(0, None)
    ('several-names', 'one-label', 'not-said', None)
    """
    if n_labels < 2:
        return ImageKind.ONE_LABEL if n_labels else None
    return ImageKind.NOT_SAID if relation is None else ImageKind(relation.value)


def kind_groups(counts: Sequence[int], relations: Sequence[Relation | None]) -> npt.NDArray[np.int64]:
    """The place in KINDS of each image's kind, (n_images,); NOWHERE for an image without labels."""
    kinds = [kind_of(n_labels, relation) for n_labels, relation in zip(counts, relations, strict=True)]
    return np.array([NOWHERE if kind is None else KINDS.index(kind) for kind in kinds], dtype=np.int64)


def source_groups(sources: Sequence[LabelSource | None]) -> npt.NDArray[np.int64]:
    """The place in SOURCES of how each image was decided, (n_images,); NOWHERE where that is not known."""
    return np.array([NOWHERE if source is None else SOURCES.index(source) for source in sources], dtype=np.int64)
