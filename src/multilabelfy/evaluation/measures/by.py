"""By what measures can be broken down; it loads nothing, so that `--help` may name it."""

from enum import StrEnum


class By(StrEnum):
    """What groups images are measured in."""

    CLASS = "class"  # their given label
    LABELS = "labels"  # how many labels they have
    KIND = "kind"  # how their labels relate
    SOURCE = "source"  # how their labels were decided
