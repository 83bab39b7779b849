"""The report page, for owners: the newest report's findings with their figures, tables and downloads, and a button to make it again."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import FileResponse, RedirectResponse, Response

from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.web.access.access import FOR_OWNERS, AnyOwner
from multilabelfy.web.assets.charts import chart_script_url
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.jobs.background import Commands
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Served, address_of
from multilabelfy.workflows.releasing.resolve import is_released, resolve
from multilabelfy.workflows.reporting.made import PAGE_FILE, MadeReport, made_report, report_file, report_folder
from multilabelfy.workflows.serving.jobs import REPORT, job_name

router = APIRouter(prefix="/d/{dataset}/report")
MOST_ROWS = 12
TYPES = {
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "csv": "text/csv",
    "tex": "text/plain",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(DatasetPage):
    """The report that was made last (None before the first), and whether a new one is being made."""

    report: MadeReport | None
    chart_script: str
    making: Job
    has_labels: bool
    most_rows: int = MOST_ROWS


@router.get("")
def report(workspace: Served, commands: Commands, person: AnyOwner, dataset: str) -> Response:
    """The report as it stands."""
    page = ReportPage(
        title="Report",
        person=person,
        dataset=dataset,
        section="report",
        report=made_report(workspace, dataset),
        chart_script=chart_script_url(workspace),
        making=commands.of(job_name(REPORT, dataset)),
        has_labels=is_released(workspace, dataset),
    )
    return render("study/report.html", page)


@router.post("", dependencies=FOR_OWNERS)
def make(workspace: Served, commands: Commands, now: Now, dataset: str) -> Response:
    """Make it again, in a process of its own; if there is no release yet, one is made first."""
    if not is_released(workspace, dataset) and resolve(workspace, dataset, now).release is None:
        raise InvalidInput(_("There is nothing to report on"), [Problem(dataset, _("no image has final labels yet"))])
    out = report_folder(workspace, dataset)
    commands.start(job_name(REPORT, dataset), "report", {"name": dataset, "out": str(out.resolve())})
    return RedirectResponse(f"{address_of(dataset)}/report", 303)


@router.get("/{file}", dependencies=FOR_OWNERS)
def one_file(workspace: Served, dataset: str, file: str, download: bool = False) -> Response:
    """One file of the report: a figure to show, or anything to download. The page itself is a download: it brings its own styles."""
    path = report_file(workspace, dataset, file)
    as_name = file if download or file == PAGE_FILE else None
    return FileResponse(path, media_type=TYPES[path.suffix[1:]], filename=as_name)
