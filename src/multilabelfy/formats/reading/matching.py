"""Match the rows of a label file with a dataset's images and labels; whatever does not fit becomes a problem with its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.validation import LabelFinder, label_finder, unknown_label
from multilabelfy.errors import Problem
from multilabelfy.formats.image_names import ImageNames, Twins, in_number_order, what_twins_say
from multilabelfy.formats.reading.label_rows import LabelRows, WrittenRow
from multilabelfy.plurals import counted


class MatchedRow(NamedTuple):
    """A row whose image and labels are known; `row` is what was written."""

    image: str
    labels: tuple[int, ...]
    row: WrittenRow


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows that fit, problems, and separately rows about absent images (one may import only a part of a dataset)."""

    rows: tuple[MatchedRow, ...]
    problems: tuple[Problem, ...]
    absent: tuple[Problem, ...]


def match(written: LabelRows, images: Sequence[str], labels: LabelSpace) -> Matched:
    """Give each row the path of its image and the indices of its labels, in the order of the file."""
    if written.is_list:
        named, problems = _named_by_number(written, images)
    else:
        named, problems = written.rows, ()
    return _matched(written, named, ImageNames(tuple(images)), labels, [*written.problems, *problems])


def _named_by_number(written: LabelRows, images: Sequence[str]) -> tuple[tuple[WrittenRow, ...], tuple[Problem, ...]]:
    ordered = in_number_order(images)
    if ordered is None:
        what = (
            "a list follows the numbers in the file names, but the images' names do not differ in one number alone; name each image instead"
        )
        return (), (Problem(str(written.path), what),)
    if len(ordered) != len(written.rows):
        return (), (
            Problem(
                str(written.path),
                f"the list has {counted(len(written.rows), 'entry', 'entries')}, but the dataset has {counted(len(ordered), 'image')}",
            ),
        )
    return tuple(row._replace(image=image) for row, image in zip(written.rows, ordered, strict=True)), ()


def _matched(written: LabelRows, named: Sequence[WrittenRow], images: ImageNames, labels: LabelSpace, problems: list[Problem]) -> Matched:
    find = label_finder(labels, indices_first=written.holds_indices)
    rows: list[MatchedRow] = []
    absent: list[Problem] = []
    for row in named:
        image = images.find(row.image)
        unknown = list(_unknown(written, row, find, labels))
        problems += unknown
        if image is None:
            absent.append(Problem(written.where(row), f"the image '{row.image}' is not in the image folder"))
        elif isinstance(image, Twins):
            problems.append(Problem(written.where(row), what_twins_say(row.image, image)))
        elif not unknown:
            rows.append(MatchedRow(image, tuple(label for text in row.labels if (label := find(text)) is not None), row))
    return Matched(tuple(rows), tuple(problems), tuple(absent))


def _unknown(written: LabelRows, row: WrittenRow, find: LabelFinder, labels: LabelSpace) -> Iterator[Problem]:
    for text in row.labels:
        if find(text) is None:
            yield Problem(written.where(row), unknown_label(text, labels))
