"""Read the single label that each image came with (`import --given`): exactly one per image."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import Problem
from multilabelfy.formats.reading.label_rows import LabelRows, read_label_rows
from multilabelfy.formats.reading.matching import MatchedRow, match

ATTEMPT = "Cannot read the given labels"


@dataclass(frozen=True, slots=True)
class GivenLabels:
    """Given labels by image path, in the order of the file, and what is wrong with the file."""

    labels: Mapping[str, int]
    problems: tuple[Problem, ...] = ()
    absent: tuple[Problem, ...] = ()


def read_given_labels(path: Path, images: Sequence[str], labels: LabelSpace) -> GivenLabels:
    """Read any form of `label_rows`. Raises InvalidInput if the file cannot be read at all."""
    written = read_label_rows(path, ATTEMPT)
    matched = match(written, images, labels)
    given: dict[str, int] = {}
    first: dict[str, MatchedRow] = {}
    problems = list(matched.problems)
    for row in matched.rows:
        if len(row.labels) != 1:
            problems.append(Problem(written.where(row.row), f"'{row.row.image}' has {len(row.labels)} given labels: it needs exactly one"))
        elif row.image in given:
            problems.append(_twice(written, row, first[row.image]))
        else:
            given[row.image], first[row.image] = row.labels[0], row
    return GivenLabels(given, tuple(problems), matched.absent)


def _twice(written: LabelRows, row: MatchedRow, first: MatchedRow) -> Problem:
    same = "the same row" if row.labels == first.labels else "another label"
    at = f" (first at line {first.row.line})" if first.row.line else ""
    return Problem(written.where(row.row), f"a duplicate row: '{row.row.image}' is there already with {same}{at}")
