"""Why an image ends without a label: one row a reason, from which form, pages, formats and reports read it.

The reasons are our reading, after Shankar et al. 2020 and ReImageNet. A reason without its row fails when this module is imported.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class EmptyReason(StrEnum):
    """Why an image ends without a label."""

    NO_CLASS_PRESENT = "no-class-present"
    NOT_PROPOSED = "not-proposed"
    TOO_FINE_GRAINED = "too-fine-grained"
    UNUSABLE = "unusable"
    RENDITION = "rendition"
    INAPPROPRIATE = "inappropriate"
    OTHER = "other"
    UNKNOWN = "unknown"  # of imported label sets alone


@dataclass(frozen=True, slots=True)
class ReasonMeaning:
    """What a reason is called (pages translate it), whether experts may choose it, whether it wants a note that says more, and whether the
    pictures that have it may be shown."""

    words: str
    is_to_choose: bool = True
    wants_note: bool = False
    may_be_shown: bool = True


_ROWS: Mapping[EmptyReason, ReasonMeaning] = {
    EmptyReason.NO_CLASS_PRESENT: ReasonMeaning("no class of the label space is present"),
    EmptyReason.NOT_PROPOSED: ReasonMeaning("the right class was not among the proposals"),
    EmptyReason.TOO_FINE_GRAINED: ReasonMeaning("cannot tell between classes (too fine-grained)"),
    EmptyReason.UNUSABLE: ReasonMeaning("the image is unusable (blurred, tiny, edited)"),
    EmptyReason.RENDITION: ReasonMeaning("a rendition, or text only"),
    EmptyReason.INAPPROPRIATE: ReasonMeaning("inappropriate", may_be_shown=False),
    EmptyReason.OTHER: ReasonMeaning("other", wants_note=True),
    EmptyReason.UNKNOWN: ReasonMeaning("unknown (imported)", is_to_choose=False),
}
REASONS: Mapping[EmptyReason, ReasonMeaning] = {reason: _ROWS[reason] for reason in EmptyReason}
REASONS_TO_CHOOSE = tuple(reason for reason, meaning in REASONS.items() if meaning.is_to_choose)
WITHHOLDING = frozenset(reason for reason, meaning in REASONS.items() if not meaning.may_be_shown)
"""Reasons whose pictures are withheld."""


def is_withheld(standing: Collection[EmptyReason | None], earlier: Iterable[EmptyReason | None] = ()) -> bool:
    """Whether a picture is withheld: from everything that draws one, but for those who decide about it.

    `standing` are the reasons of the decisions that stand, one for each expert (None: the image has labels). One expert's word is enough,
    even where the others outvote it. Where nobody's decision stands, what was said `earlier` holds until somebody decides anew: decisions
    from before a reopening, and the newest release or import that gave the image labels.

    >>> is_withheld([None, EmptyReason.INAPPROPRIATE]), is_withheld([], [EmptyReason.INAPPROPRIATE])
    (True, True)
    >>> is_withheld([EmptyReason.UNUSABLE], [EmptyReason.INAPPROPRIATE]), is_withheld([])
    (False, False)
    """
    return not WITHHOLDING.isdisjoint(standing or earlier)
