"""What groups of images models are measured in; apart from everything else, since the command line names these before it loads anything."""

from enum import StrEnum


class By(StrEnum):
    """What groups images are measured in."""

    CLASS = "class"  # their given label
    LABELS = "labels"  # how many labels they have
    KIND = "kind"  # how their labels relate
    SOURCE = "source"  # how their labels were decided
