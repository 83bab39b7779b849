"""Make the report of a dataset's newest release, with its data cards beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from multilabelfy.report.findings import Report
from multilabelfy.workflows.releasing.cards import write_cards
from multilabelfy.workflows.reporting import live_charts, thumbnails, writing
from multilabelfy.workflows.reporting.gathering.material import material_of_study
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StudyReport:
    """A report that was written: its content, its page, and its data cards by form."""

    report: Report
    page: Path
    cards: Mapping[str, Path]


def report_on_study(workspace: Workspace, name: str, out: Path, *, predictions: Sequence[Path] = (), now: datetime) -> StudyReport:
    """Write the report into a folder, over an earlier one. Raises UnknownDataset, and InvalidInput where nothing is released."""
    material = material_of_study(workspace, name, predictions)
    made = writing.report_of_material(material, now=now)
    shown = thumbnails.thumbnails(workspace, name, made)
    live_charts.keep_script(workspace)
    cards = write_cards(workspace, name, out, material)
    return StudyReport(made, writing.write_report(made, out, shown), cards)
