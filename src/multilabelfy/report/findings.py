"""The nouns of a report: a finding states one thing in a sentence made from its numbers, and carries the table that proves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from multilabelfy.statistics.intervals import Interval

Cell = str | int | float | None


class CellKind(StrEnum):
    """What a column holds, so that every table, page and file prints it alike."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"  # a fraction, printed as a percentage
    POINTS = "points"  # a difference of two fractions, printed in percentage points
    NUMBER = "number"
    LOW = "low"  # the lower end of the interval of the column before
    HIGH = "high"  # its upper end


class Drawing(StrEnum):
    """How a finding is drawn."""

    COLUMNS = "columns"  # counts over whole numbers
    BARS = "bars"  # shares by named category
    DOTS = "dots"  # one or two measures of named things
    CURVES = "curves"  # measures over whole numbers
    COST = "cost"  # measures against what they cost, a mark for each choice
    SCATTER = "scatter"  # one measure against another, with its fit
    SLOPES = "slopes"  # measures before and after
    SPECIFICATIONS = "specifications"  # measures under different choices


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about; without a name it is "the images" of "this dataset".

    `n_finished` is how many images of an unfinished study have final labels: whatever is found over these alone says so. None: all have.
    """

    name: str = ""
    n_finished: int | None = None

    @property
    def images(self) -> str:
        """The images that a finding is about, as a sentence names them."""
        return self._own(
            "images" if self.n_finished is None else f"{self.n_finished:,} finished {'image' if self.n_finished == 1 else 'images'}"
        )

    def all_images(self, n_images: int) -> str:
        """All of the dataset's images, finished or not."""
        return self._own(f"{n_images:,} {'image' if n_images == 1 else 'images'}")

    @property
    def of_finished(self) -> str:
        """What follows in a title that names no images: nothing, or that it is about the finished ones alone."""
        return "" if self.n_finished is None else " of the finished images"

    @property
    def on_finished(self) -> str:
        """The same where accuracies are told: nothing, or that they are of the finished images alone."""
        return "" if self.n_finished is None else " on the finished images"

    @property
    def kind(self) -> str:
        """Which images some of them are: "images with several objects" are finished ones, where not all are."""
        return "images" if self.n_finished is None else "finished images"

    @property
    def whole(self) -> "Subject":
        """The dataset with its unfinished images."""
        return Subject(self.name)

    def _own(self, images: str) -> str:
        return f"{self.name}’{'' if self.name.endswith('s') else 's'} {images}" if self.name else f"the {images}"

    def __str__(self) -> str:
        whole = self.name or "this dataset"
        return whole if self.n_finished is None else f"the finished part of {whole}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `name` in files, `heading` for people."""

    name: str
    heading: str
    kind: CellKind


@dataclass(frozen=True, slots=True)
class FindingTable:
    """A long table; None marks a value that is not defined."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def kind_of(self, name: str) -> CellKind:
        """What a column holds. Raises KeyError."""
        return {column.name: column.kind for column in self.columns}[name]

    def records(self) -> list[dict[str, Cell]]:
        """The rows by column name."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image shown as evidence: its path in the dataset, and the lines of text below it."""

    image: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Images of one kind, under a heading that counts them; `shown` holds the first of them, or none if they are withheld."""

    heading: str
    shown: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of a report.

    `slug` names its files. `title` is the finding as a sentence, which says less where the interval allows less; `subtitle` gives the
    measure and the number of images; `definition` says how the measure is computed, with its source. `drawing` is None for a table alone.
    `series` maps the columns that are drawn to what the figure calls them, and `costs` to the columns of what they cost, where they are
    drawn against it; `marked` names rows that it points out. `pictures` are evidence where the dataset's pictures are at hand.
    """

    slug: str
    title: str
    subtitle: str
    definition: str
    table: FindingTable
    drawing: Drawing | None = None
    axes: tuple[str, str] = ("", "")
    series: Mapping[str, str] = field(default_factory=dict)
    costs: Mapping[str, str] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    pictures: tuple[Pictures, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """Findings about one thing, by slug, under their heading."""

    heading: str
    slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report, its findings in order. `summary` leads in a few sentences; `chapters` hold every finding once.

    `methods` are pairs of a heading and a paragraph.
    """

    title: str
    summary: tuple[str, ...]
    findings: tuple[Finding, ...]
    methods: tuple[tuple[str, str], ...]
    made_at: datetime
    version: str
    chapters: tuple[Chapter, ...]

    def finding(self, slug: str) -> Finding:
        """The finding of this name. Raises KeyError."""
        return {finding.slug: finding for finding in self.findings}[slug]

    def of(self, chapter: Chapter) -> list[Finding]:
        """The findings of a chapter; a part of a report may lack some of them."""
        return [finding for finding in self.findings if finding.slug in chapter.slugs]


def chapters_of(named: Sequence[tuple[str, Sequence[Finding]]]) -> tuple[Chapter, ...]:
    """The chapters from (heading, findings); those without a finding are left out."""
    return tuple(Chapter(heading, tuple(finding.slug for finding in findings)) for heading, findings in named if findings)


def table(columns: Sequence[tuple[str, str, CellKind]], rows: Sequence[Sequence[Cell]]) -> FindingTable:
    """A table from (name, heading, kind) and rows."""
    return FindingTable(tuple(Column(*column) for column in columns), tuple(tuple(row) for row in rows))


def ends(interval: Interval | None) -> tuple[float | None, float | None]:
    """The two cells of an interval."""
    return (None, None) if interval is None else (interval.low, interval.high)


def with_interval(name: str, heading: str, kind: CellKind = CellKind.SHARE) -> tuple[tuple[str, str, CellKind], ...]:
    """Three columns: a value and the two ends of its interval, named `name`, `name_low`, `name_high`."""
    return (name, heading, kind), (f"{name}_low", "95% interval, low", CellKind.LOW), (f"{name}_high", "95% interval, high", CellKind.HIGH)
