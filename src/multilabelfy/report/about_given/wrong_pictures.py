"""Pictures of wrong given labels: the surest ones, and those of the most frequent replacements."""

from collections.abc import Sequence

from multilabelfy.evaluation.labels.label_errors import Replacement
from multilabelfy.report.about_given.cases import ImageCase, pictures_of
from multilabelfy.report.findings import Pictures
from multilabelfy.report.wording import NameOf, counted

MOST_SURE, MOST_PAIRS, MOST_OF_A_PAIR = 12, 6, 4


def surest_pictures(cases: Sequence[ImageCase], name_of: NameOf) -> tuple[Pictures, ...]:
    """The first of the wrong images; `cases` come surest first."""
    return (Pictures("The surest", pictures_of(cases, name_of, MOST_SURE)),) if cases else ()


def replacement_pictures(replacements: Sequence[Replacement], cases: Sequence[ImageCase], name_of: NameOf) -> tuple[Pictures, ...]:
    """Images of the most frequent replacements, which come first; replacements seen only once are left out."""
    return tuple(_of_pair(replacement, cases, name_of) for replacement in replacements[:MOST_PAIRS] if replacement.n_images > 1)


def _of_pair(replacement: Replacement, cases: Sequence[ImageCase], name_of: NameOf) -> Pictures:
    cases_of_pair = [case for case in cases if case.given == replacement.given and replacement.instead in case.final]
    heading = f"{name_of(replacement.given)} should be {name_of(replacement.instead)}: {counted(replacement.n_images, 'image')}"
    return Pictures(heading, pictures_of(cases_of_pair, name_of, MOST_OF_A_PAIR))
