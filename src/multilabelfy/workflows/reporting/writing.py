"""Write a report: one self-contained page, its figures and its tables, from a study or from label files."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from multilabelfy import __version__
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.whole_files import part_beside, remove_left_parts, remove_part
from multilabelfy.formats.reading.published import in_both, read_published
from multilabelfy.report.findings import Report
from multilabelfy.report.material import Material
from multilabelfy.report.rendering import NO_THUMBNAILS, Figure, csv_of, figures, latex_of, page
from multilabelfy.report.story import told, told_of_published
from multilabelfy.workflows.reporting.gathering.file_material import Files, material_of_files
from multilabelfy.workflows.reporting.gathering.material import material_of_study
from multilabelfy.workflows.workspace import Workspace

PAGE = "report.html"
FINDINGS = "report.json"
FILES = {"figures": (".svg", ".png", ".json"), "tables": (".csv", ".tex")}


def report_of_study(workspace: Workspace, name: str, *, now: datetime, predictions: Sequence[Path] = ()) -> Report:
    """The full report of a dataset's newest release. Raises UnknownDataset, UnknownRelease, InvalidInput."""
    return report_of_material(material_of_study(workspace, name, predictions), now=now)


def report_of_material(material: Material, *, now: datetime) -> Report:
    """As `report_of_study`, of what was gathered before."""
    return told(material, made_at=now, version=__version__)


def report_of_files(files: Files, *, now: datetime, original: Files | None = None) -> Report:
    """The full report from label files; with `original`, also how much of the drop to this replicate disappears. Raises InvalidInput."""
    return told(material_of_files(files, original), made_at=now, version=__version__)


def report_of_published(first_table: Path, second_table: Path, *, names: tuple[str, str] = ("", ""), now: datetime) -> Report:
    """A report on the models in both of two published tables of accuracies; titles call the tables `names`. Raises InvalidInput."""
    first, second = read_published(first_table), read_published(second_table)
    return told_of_published(in_both(first, second), (names[0] or first.name, names[1] or second.name), made_at=now, version=__version__)


def write_report(report: Report, out: Path, thumbnails: Mapping[str, bytes] = NO_THUMBNAILS) -> Path:
    """Write `report.html`, `report.json` (the findings as data), `figures/*.{svg,png,json}` and `tables/*.{csv,tex}` into a folder.

    `thumbnails` are the pictures of its findings, as WebP by image path. An earlier report in the folder is replaced
    once all of the new one is written. Returns the page's path. Raises InvalidInput if the folder cannot be written.
    """
    drawings = figures(report)
    findings = json.dumps(asdict(report), ensure_ascii=False, indent=1, default=str).encode()
    files = {**dict(_files(report, drawings)), FINDINGS: findings, PAGE: page(report, drawings, thumbnails).encode()}
    part = part_beside(out / PAGE)
    try:
        for kind in FILES:
            (out / kind).mkdir(parents=True, exist_ok=True)
            (part / kind).mkdir(parents=True, exist_ok=True)
        remove_left_parts(out / PAGE)
        for name, contents in files.items():
            (part / name).write_bytes(contents)
        _remove_earlier(out)
        for name in files:  # the page last: with it the report is there
            (part / name).replace(out / name)
    except OSError as error:
        raise InvalidInput("Cannot write the report", [Problem(str(out), error.strerror or str(error))], "Name another folder.") from error
    finally:
        remove_part(part)
    return out / PAGE


def _files(report: Report, drawings: Mapping[str, Figure]) -> Iterator[tuple[str, bytes]]:
    """The figures and tables that lie beside the page: their paths in its folder, and what they hold."""
    for slug, figure in drawings.items():
        yield f"figures/{slug}.svg", figure.svg.encode()
        yield f"figures/{slug}.png", figure.png()
        yield f"figures/{slug}.json", json.dumps(figure.specification, ensure_ascii=False).encode()
    for finding in report.findings:
        yield f"tables/{finding.slug}.csv", csv_of(finding.table).encode()
        yield f"tables/{finding.slug}.tex", latex_of(finding).encode()


def _remove_earlier(out: Path) -> None:
    """Delete the figures and tables that an earlier report names; other files stay."""
    try:
        slugs = [str(finding["slug"]) for finding in json.loads((out / FINDINGS).read_text(encoding="utf-8"))["findings"]]
    except (OSError, ValueError, KeyError, TypeError):
        return  # there is no earlier report
    for slug in slugs:
        for kind, endings in FILES.items():
            for ending in endings:
                (out / kind / Path(slug + ending).name).unlink(missing_ok=True)
