"""The pictures of wrong given labels: the surest ones, and those of the most frequent replacements."""

from collections.abc import Sequence

from multilabelfy.evaluation.labels.label_errors import Replacement
from multilabelfy.report.about_given.cases import ImageCase, picture_of
from multilabelfy.report.findings import Pictures
from multilabelfy.report.naming import NameOf
from multilabelfy.report.wording import counted

MOST_SURE, MOST_PAIRS, MOST_OF_A_PAIR = 12, 6, 4


def surest_pictures(cases: Sequence[ImageCase], name_of: NameOf) -> tuple[Pictures, ...]:
    """The first of the wrong images, which come the surest first."""
    return (Pictures("The surest", tuple(picture_of(case, name_of) for case in cases[:MOST_SURE])),) if cases else ()


def replacement_pictures(found: Sequence[Replacement], cases: Sequence[ImageCase], name_of: NameOf) -> tuple[Pictures, ...]:
    """Images of the most frequent replacements, which come first; none of those that happened only once, which are no pattern."""
    return tuple(_of_pair(one, cases, name_of) for one in found[:MOST_PAIRS] if one.n_images > 1)


def _of_pair(one: Replacement, cases: Sequence[ImageCase], name_of: NameOf) -> Pictures:
    of = [case for case in cases if case.given == one.given and one.instead in case.final]
    heading = f"{name_of(one.given)} should be {name_of(one.instead)}: {counted(one.n_images, 'image')}"
    return Pictures(heading, tuple(picture_of(case, name_of) for case in of[:MOST_OF_A_PAIR]))
