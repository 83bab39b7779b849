"""Read label sets that are already final, in any form of `label_rows` (`import --final-labels`, `gold --from`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import Problem
from multilabelfy.formats.reading.label_rows import LabelRows, read_label_rows
from multilabelfy.formats.reading.matching import MatchedRow, match
from multilabelfy.refinement.model import EmptyReason

ATTEMPT = "Cannot read the final labels"
REASONS = frozenset(reason.value for reason in EmptyReason)


@dataclass(frozen=True, slots=True)
class FinalRow:
    """One image's final set; an empty set has its reason."""

    image: str
    labels: tuple[int, ...]
    reason: EmptyReason | None = None


@dataclass(frozen=True, slots=True)
class FinalRows:
    """The final sets of a file, in its order, and what is wrong with the file."""

    rows: tuple[FinalRow, ...]
    problems: tuple[Problem, ...] = ()
    absent: tuple[Problem, ...] = ()


def read_final_labels(path: Path, images: Sequence[str], labels: LabelSpace) -> FinalRows:
    """Read any form of `label_rows`; in a table each row adds a label to its image, and a row without a label is an empty set.

    Raises InvalidInput if the file cannot be read at all.
    """
    written = read_label_rows(path, ATTEMPT)
    matched = match(written, images, labels)
    grouped: dict[str, list[MatchedRow]] = {}
    for row in matched.rows:
        grouped.setdefault(row.image, []).append(row)
    problems = list(matched.problems)
    rows = [_final_row(written, image, rows, problems) for image, rows in grouped.items()]
    return FinalRows(tuple(rows), tuple(problems), matched.absent)


def _final_row(written: LabelRows, image: str, rows: Sequence[MatchedRow], problems: list[Problem]) -> FinalRow:
    labels: list[int] = []
    for row in rows:
        what = _what_is_wrong(row, labels, has_others=len(rows) > 1)
        if what:
            problems.append(Problem(written.where(row.row), what))
        labels += [label for label in row.labels if label not in labels]
    return FinalRow(image, tuple(labels), None if labels else _reason(written, rows[0], problems))


def _what_is_wrong(row: MatchedRow, before: Sequence[int], *, has_others: bool) -> str:
    if not row.labels and has_others:
        return f"'{row.row.image}' occurs twice, once with an empty set"
    twice = [text for text, label in zip(row.row.labels, row.labels, strict=True) if label in before or row.labels.count(label) > 1]
    return f"a duplicate row: the label '{twice[0]}' of '{row.row.image}' is there already" if twice else ""


def _reason(written: LabelRows, row: MatchedRow, problems: list[Problem]) -> EmptyReason:
    if row.row.reason in ("", *REASONS):
        return EmptyReason(row.row.reason or EmptyReason.UNKNOWN)
    problems.append(Problem(written.where(row.row), f"the reason '{row.row.reason}' is not one of {', '.join(sorted(REASONS))}"))
    return EmptyReason.UNKNOWN
