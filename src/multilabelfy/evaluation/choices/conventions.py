"""Which images a figure is of and what an empty set counts as: every defensible way, a row each."""

from dataclasses import dataclass
from enum import StrEnum


class SpecifiedMeasure(StrEnum):
    """What is computed again under each choice."""

    SEVERAL = "several-labels"  # the share of images with at least two labels
    GAIN = "gain"  # mean ReaL accuracy less mean top-1
    SHARE_GONE = "share-of-the-drop"  # 1 − (drop in ReaL) / (drop in top-1)


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
