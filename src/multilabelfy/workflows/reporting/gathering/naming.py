"""What a report calls labels, and whether those of a file may be named unrequested."""

import numpy as np

from multilabelfy.dataset.model import LabelSets, LabelSpace
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.report.about_labels.class_names import Names
from multilabelfy.report.wording import NameOf

MOST_LABELS_UNUSED = 100


def is_certain(space: LabelSpace | None, sets: LabelSets) -> bool:
    """Whether names may be printed unrequested: keys are names themselves; indices are ImageNet's only if they cover its classes."""
    if space is None or space is not imagenet1k():
        return space is not None
    return len(space) - len(np.unique(sets.labels)) <= MOST_LABELS_UNUSED


def namer(space: LabelSpace | None) -> NameOf:
    """What sentences and tables call a label: its name in quotation marks, with the key where another label is called the same, or its
    number where no names are known."""
    names = Names(space)
    return names.of if space is None else (lambda label: f"“{names.of(label)}”")
