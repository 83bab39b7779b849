"""Say what became of one image's given label, and which single label a corrected single-label dataset would give it."""

from collections.abc import Sequence
from enum import StrEnum


class Correction(StrEnum):
    """What the final labels of an image make of its given label."""

    STANDS = "stands"  # it is the only valid one
    REPLACED = "replaced"  # exactly one label is valid, and it is another
    ONE_OF_SEVERAL = "one-of-several"
    REPLACED_BY_SEVERAL = "replaced-by-several"
    NO_LABEL = "no-label"  # nothing is valid; the reason says why
    NONE_GIVEN = "none-given"  # the image came without a label


def correction_of(given: int | None, final: Sequence[int]) -> Correction:
    """What the final labels do to the given one; an image without final labels has `no-label`, whether it came with one or not.

    >>> correction_of(3, [3]).value, correction_of(3, [5]).value, correction_of(3, [5, 3]).value, correction_of(None, [5]).value
    ('stands', 'replaced', 'one-of-several', 'none-given')
    """
    if not final:
        return Correction.NO_LABEL
    if given is None:
        return Correction.NONE_GIVEN
    if len(final) == 1:
        return Correction.STANDS if given in final else Correction.REPLACED
    return Correction.ONE_OF_SEVERAL if given in final else Correction.REPLACED_BY_SEVERAL


def single_label(final: Sequence[int]) -> int | None:
    """The single corrected label of an image: the final one if there is exactly one, else none.

    >>> single_label([5]), single_label([5, 3]), single_label([])
    (5, None, None)
    """
    return final[0] if len(final) == 1 else None
