"""Decide which labels the annotators of one image dispute (set inequality, as in the paper's stage 3; a strict superset disagrees too).

What else goes on to an expert is PROTOCOL's reading: an agreed *empty* set (there it gets its reason), any maybe, "cannot tell", an unfit
picture, and a label that one annotator added and another was never asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Outcome
from multilabelfy.annotation.votes import votes_of


class Why(StrEnum):
    """Why an image goes on to an expert."""

    SETS_DIFFER = "sets-differ"
    NOT_ASKED = "not-asked"  # a label that one chose and another was never asked about
    MAYBE = "maybe"
    CANNOT_TELL = "cannot-tell"
    UNFIT = "unfit"
    AGREED_EMPTY = "agreed-empty"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the annotators of one image agree on and dispute, labels ascending, and why an expert must look (nothing: they agree)."""

    agreed: tuple[int, ...]
    disputed: tuple[int, ...]
    why: tuple[Why, ...]

    @property
    def is_disputed(self) -> bool:
        """Whether the image goes on to an expert."""
        return bool(self.why)


def compare(annotations: Sequence[Annotation]) -> Disagreement:
    """Compare the newest annotation of each annotator of one image, any number of them.

    Those that do not count (`annotation.counting`) are left out. A label is agreed
    when everybody said yes, and disputed when anybody said yes or maybe and not everybody yes. Raises ValueError without annotations.
    """
    counted = counting(annotations)
    if not counted:
        raise ValueError("An image without annotations cannot be compared.")
    ticked = [annotation.chosen() for annotation in counted]
    agreed = frozenset.intersection(*ticked)
    named = frozenset.union(*ticked, *(annotation.doubted() for annotation in counted))
    return Disagreement(tuple(sorted(agreed)), tuple(sorted(named - agreed)), _reasons(counted))


def labels_not_asked(annotations: Sequence[Annotation]) -> frozenset[int]:
    """The labels that somebody chose and somebody else has no vote on (added by search, or in a five that stayed shut).

    Who could not tell, or found the picture unfit, was asked: their silence is an answer about the picture.
    """
    judged = [votes_of(annotation).keys() for annotation in annotations if annotation.outcome in (Outcome.LABELLED, Outcome.NONE)]
    chosen = frozenset[int]().union(*(annotation.chosen() for annotation in annotations))
    return frozenset(label for label in chosen if not all(label in votes for votes in judged))


def _reasons(annotations: Sequence[Annotation]) -> tuple[Why, ...]:
    outcomes = {annotation.outcome for annotation in annotations}
    sets = {annotation.chosen() for annotation in annotations}
    holds = {
        Why.SETS_DIFFER: len(sets) > 1,
        Why.NOT_ASKED: bool(labels_not_asked(annotations)),
        Why.MAYBE: any(annotation.doubted() for annotation in annotations),
        Why.CANNOT_TELL: Outcome.CANNOT_TELL in outcomes,
        Why.UNFIT: Outcome.UNFIT in outcomes,
        Why.AGREED_EMPTY: sets == {frozenset()} and outcomes <= {Outcome.NONE, Outcome.LABELLED},
    }
    return tuple(why for why, is_so in holds.items() if is_so)
