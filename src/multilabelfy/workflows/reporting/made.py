"""Read back a report that was made from a page: its findings, and its files by name from a fixed list."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import InvalidInput, Problem, UnknownRelease
from multilabelfy.formats.exported.data_card import TABLE
from multilabelfy.formats.outputs import CARDS
from multilabelfy.pictures.paths import inside
from multilabelfy.refinement.empty_reasons import REASONS
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import withheld
from multilabelfy.workflows.workspace import Workspace

MOST_LINKED = 500
PAGE_FILE = "report.html"
FINDINGS = "report.json"
WITHHELD_SINCE = "it carries a picture that has been withheld since it was made"
START = 2000
"""Letters of an SVG that surely hold its opening tag."""
CARD_FILES = tuple(card.file for card in CARDS)
"""What the data cards are called beside a report."""
KINDS: Mapping[str, str] = {"svg": "figures", "png": "figures", "json": "figures", "csv": "tables", "tex": "tables"}


@dataclass(frozen=True, slots=True)
class MadePicture:
    """An image that a finding shows, with the lines below it."""

    image: StoredImage
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadePictures:
    """Images of one kind under their heading."""

    heading: str
    shown: tuple[MadePicture, ...]


@dataclass(frozen=True, slots=True)
class MadeFinding:
    """One finding as the page shows it: its table as text, which columns are numbers, and the figure's size in pixels, if any.

    `links` are, for each row, the page of the images that it is about, below the dataset's address; empty where there is none.
    """

    slug: str
    title: str
    subtitle: str
    definition: str
    headings: tuple[str, ...]
    is_number: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]
    figure: tuple[int, int] | None
    pictures: tuple[MadePictures, ...]


@dataclass(frozen=True, slots=True)
class MadeChapter:
    """Findings under their common heading; an older report has a single chapter without one."""

    heading: str
    findings: tuple[MadeFinding, ...]


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report as it was made. `cards` are the file names of the data cards beside it and of their table."""

    title: str
    summary: tuple[str, ...]
    findings: tuple[MadeFinding, ...]
    methods: tuple[tuple[str, str], ...]
    made_at: datetime
    cards: tuple[str, ...] = ()
    chapters: tuple[MadeChapter, ...] = ()


def report_folder(workspace: Workspace, name: str) -> Path:
    """The folder of a dataset's report made from pages; named by number, since a dataset's name may not be a valid file name."""
    with workspace.store.reading() as c:
        return workspace.reports / str(datasets.find(c, name).id)


def made_report(workspace: Workspace, name: str) -> MadeReport | None:
    """The report made last; None if there is none, or it is incomplete. Raises UnknownDataset."""
    folder = report_folder(workspace, name)
    try:
        stored: dict[str, Any] = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
        shown = _images(workspace, name, stored["findings"])
        not_shown = _withheld(workspace, shown.values())
        findings = tuple(_finding(folder, finding, shown, not_shown) for finding in stored["findings"])
        return MadeReport(
            title=stored["title"],
            summary=tuple(stored["summary"]),
            findings=findings,
            chapters=_chapters(stored.get("chapters", ()), findings),
            methods=tuple((heading, paragraph) for heading, paragraph in stored["methods"]),
            made_at=datetime.fromisoformat(stored["made_at"]),
            cards=tuple(file for file in (*CARD_FILES, TABLE) if (folder / file).is_file()),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def report_file(workspace: Workspace, name: str, file: str) -> Path:
    """One file of the report: the whole page, a data card or its table, or `<slug>.<kind>` of a finding.

    Raises UnknownRelease, and InvalidInput for a page with a picture that is withheld by now.
    """
    folder = report_folder(workspace, name)
    if file == PAGE_FILE and _holds_withheld(workspace, name, folder):
        raise InvalidInput("Cannot hand out this report", [Problem(name, WITHHELD_SINCE)], "Make the report again.")
    if file in {PAGE_FILE, TABLE, *CARD_FILES} and (folder / file).is_file():
        return folder / file
    slug, _, kind = file.rpartition(".")
    report = made_report(workspace, name)
    if report and kind in KINDS and slug in {finding.slug for finding in report.findings}:
        path = inside(folder, f"{KINDS[kind]}/{slug}.{kind}")
        if path.is_file():
            return path
    raise UnknownRelease("The report has no such file. Make the report again.")


def _holds_withheld(workspace: Workspace, name: str, folder: Path) -> bool:
    """Whether the page of an earlier report carries the picture of an image that is withheld by now."""
    try:
        findings = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))["findings"]
    except (OSError, ValueError, KeyError, TypeError):
        return False  # no report was made whole
    with workspace.store.reading() as c:
        by_path = images.by_paths(c, datasets.find(c, name).id, _shown(findings))
        return bool(withheld.among(c, [image.id for image in by_path.values()]))


def _chapters(stored: Sequence[Mapping[str, Any]], findings: Sequence[MadeFinding]) -> tuple[MadeChapter, ...]:
    told = tuple(
        MadeChapter(chapter["heading"], tuple(finding for finding in findings if finding.slug in chapter["slugs"])) for chapter in stored
    )
    return told or (MadeChapter("", tuple(findings)),)


def _images(workspace: Workspace, name: str, findings: Sequence[Mapping[str, Any]]) -> dict[str, StoredImage]:
    """The images that findings show, and those that the first rows of their tables name, by path."""
    paths = list(
        dict.fromkeys([*_shown(findings), *(str(row["image"]) for finding in findings for row in _records(finding) if "image" in row)])
    )
    if not paths:
        return {}
    with workspace.store.reading() as c:
        return images.by_paths(c, datasets.find(c, name).id, paths)


def _shown(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    groups = [group for finding in findings for group in finding.get("pictures", ())]
    return [str(picture["image"]) for group in groups for picture in group["shown"]]


def _withheld(workspace: Workspace, shown: Iterable[StoredImage]) -> frozenset[ImageId]:
    with workspace.store.reading() as c:
        return withheld.among(c, [image.id for image in shown])


def _records(finding: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a finding's table by column name, as many as get a link."""
    names = [column["name"] for column in finding["table"]["columns"]]
    return [dict(zip(names, row, strict=True)) for row in finding["table"]["rows"][:MOST_LINKED]]


def _pictures(stored: Mapping[str, Any], images: Mapping[str, StoredImage], not_shown: frozenset[ImageId]) -> MadePictures:
    named = [(images[picture["image"]], tuple(picture["lines"])) for picture in stored["shown"] if picture["image"] in images]
    return MadePictures(stored["heading"], tuple(MadePicture(image, lines) for image, lines in named if image.id not in not_shown))


def _finding(folder: Path, stored: Mapping[str, Any], images: Mapping[str, StoredImage], not_shown: frozenset[ImageId]) -> MadeFinding:
    from multilabelfy.report.findings import CellKind, Column, FindingTable
    from multilabelfy.report.tables import printed

    ids = {path: image.id for path, image in images.items()}
    columns = [Column(column["name"], column["heading"], CellKind(column["kind"])) for column in stored["table"]["columns"]]
    shown, rows = printed(FindingTable(tuple(columns), tuple(tuple(row) for row in stored["table"]["rows"])))
    return MadeFinding(
        slug=stored["slug"],
        title=stored["title"],
        subtitle=stored["subtitle"],
        definition=stored["definition"],
        headings=tuple(column.heading for column in shown),
        is_number=tuple(column.kind is not CellKind.TEXT or column.name == "interval" for column in shown),
        rows=tuple(tuple(row) for row in rows),
        links=tuple(images_behind(stored["slug"], row, ids.get) for row in _records(stored)),
        figure=_size(folder / "figures" / f"{stored['slug']}.svg"),
        pictures=tuple(_pictures(group, images, not_shown) for group in stored.get("pictures", ())),
    )


def _size(svg: Path) -> tuple[int, int] | None:
    """The width and height in an SVG, so that a page can reserve its place; None if there is no SVG."""
    try:
        with svg.open(encoding="utf-8") as file:
            named = dict(re.findall(r'\b(width|height)="([\d.]+)"', file.read(START).partition(">")[0]))
    except OSError:
        return None
    return round(float(named["width"])), round(float(named["height"]))


REASON_OF = {entry.words: reason.value for reason, entry in REASONS.items()}
"""The reasons of empty sets, by what reports call them."""
BY_NUMBER_OF_LABELS = ("several-labels", "accuracy-by-number-of-labels")
"""The findings whose rows are numbers of final labels."""


def images_behind(slug: str, row: Mapping[str, Any], image_of: Callable[[str], int | None]) -> str:
    """The image that a row names, else those that it counts; empty where no page shows them. `image_of` finds an image by its path.

    >>> images_behind("errors-by-class", {"given": "“tiger cat”", "wrong": 3}, {}.get)
    'images?given=tiger+cat'
    >>> images_behind("replacements", {"given": "“lynx”", "instead": "“tabby”"}, {}.get)
    'images?given=lynx&final=tabby'
    >>> images_behind("several-labels", {"labels": 2, "images": 7}, {}.get), images_behind("models", {"model": "a"}, {}.get)
    ('images?n_labels=2', '')
    """
    if isinstance(row.get("image"), str):
        image = image_of(row["image"])
        return "" if image is None else f"images/{image}"
    wanted = {
        "given": _name(row.get("given")),
        "label": None if slug == "proposals-by-class" else _name(row.get("label")),
        "final": _name(row.get("label") if slug == "proposals-by-class" else row.get("instead")),
        "reason": REASON_OF.get(str(row.get("reason"))),
        "n_labels": row.get("labels") if slug in BY_NUMBER_OF_LABELS else None,
    }
    query = urlencode({field: value for field, value in wanted.items() if value is not None})
    return f"images?{query}" if query else ""


def _name(cell: Any) -> str | None:
    """The name in a cell; None for a number, and for a label that the report itself knows no name of."""
    return cell.strip("“”") if isinstance(cell, str) and cell.startswith("“") else None
