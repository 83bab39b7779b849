"""`report` and `compare`: reports as HTML with figures and tables, on a study, label files, a class set or two labellings."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.options import GivenOption, JsonOption, LabelSpaceOption, PredictionsOption, ReportFolderOption, WorkspaceOption
from multilabelfy.cli.output import emit, now, workspace_at
from multilabelfy.formats.inputs import ACCURACIES, LABEL_SETS, SCORES, VOTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multilabelfy.report.findings import Report
    from multilabelfy.workflows.reporting.gathering.file_material import Files


class ReportPart(StrEnum):
    """What a report can be confined to."""

    CLASSES = "classes"


def report(
    name: Annotated[str | None, typer.Argument(help="The dataset whose newest release to report on.")] = None,
    labels: Annotated[Path | None, typer.Option(help="Label sets to report on instead of a dataset, in the forms of `evaluate`.")] = None,
    given: GivenOption = None,
    predictions: PredictionsOption = None,
    label_space: LabelSpaceOption = None,
    only: Annotated[
        ReportPart | None,
        typer.Option(
            help="classes: only what is wrong with the class set: several labels for one thing, labels inside others, mixed-up, unused and "
            "missing labels."
        ),
    ] = None,
    title: Annotated[
        str,
        typer.Option(
            help="The name in titles for the dataset of --labels, or for the second table of --published.", show_default="the images"
        ),
    ] = "",
    original_labels: Annotated[Path | None, typer.Option(help="Label sets of the original dataset, if --labels is of a replicate.")] = None,
    original_given: Annotated[Path | None, typer.Option(help="The original dataset's given labels.")] = None,
    original_predictions: Annotated[list[Path] | None, typer.Option(help="The same models’ predictions on the original dataset.")] = None,
    original_title: Annotated[
        str,
        typer.Option(help="The name in titles for the original dataset, or for the first table of --published.", show_default="original"),
    ] = "",
    votes: Annotated[Path | None, typer.Option(help=f"The votes behind --labels: {VOTES.briefly}.")] = None,
    scores: Annotated[Path | None, typer.Option(help=f"The scores behind --labels: {SCORES.briefly}.")] = None,
    original_votes: Annotated[Path | None, typer.Option(help="The votes behind --original-labels.")] = None,
    original_scores: Annotated[Path | None, typer.Option(help="The scores behind --original-labels.")] = None,
    published: Annotated[list[Path] | None, typer.Option(help=f"Two {ACCURACIES.briefly}, to report on instead.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="The folder to write to; replaces an earlier report there.", show_default="report, or what --only is confined to"
        ),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also print the report to PDF, with the Chromium or Chrome of this machine.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report as one HTML file, with its figures (PNG, SVG, Vega-Lite), tables (CSV, LaTeX) and a dataset's data cards beside it."""
    from multilabelfy.workflows.releasing.study_report import report_on_study
    from multilabelfy.workflows.reporting import writing
    from multilabelfy.workflows.reporting.gathering.file_material import Files

    if sum(source is not None for source in (name, labels, published)) != 1:
        raise typer.BadParameter("name one source: a dataset, label sets with --labels, or tables with --published")
    if published and len(published) != 2:
        raise typer.BadParameter("--published needs two tables: top-1 by given labels, and by others")
    if only is ReportPart.CLASSES:
        if any((published, predictions, original_labels, votes, scores, pdf)):
            raise typer.BadParameter("--only classes reads a dataset, or --labels with --given, --label-space and --title")
        files = Files(labels, (), given, label_space, title) if labels else None
        _report_classes(name, files, out or Path(only), workspace, as_json=as_json)
        return
    cards: dict[str, str] = {}
    out = out or Path("report")
    if published:
        made = writing.report_of_published(published[0], published[1], names=(original_title, title), now=now())
    elif labels:
        files = Files(labels, tuple(predictions or ()), given, label_space, title, votes, scores)
        original = None
        if original_labels:
            evidence = original_votes, original_scores
            original = Files(original_labels, tuple(original_predictions or ()), original_given, label_space, original_title, *evidence)
        made = writing.report_of_files(files, now=now(), original=original)
    else:
        with workspace_at(workspace) as opened:
            of_study = report_on_study(opened, name or "", out, predictions=predictions or (), now=now())
        made, cards = of_study.report, {form: str(path) for form, path in of_study.cards.items()}
    page = of_study.page if name else writing.write_report(made, out)
    further = {**({"cards": cards} if cards else {}), **({"pdf": _printed(page)} if pdf else {})}
    result = {"report": str(page), "summary": list(made.summary), **further}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def _report_classes(name: str | None, files: "Files | None", out: Path, workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.workflows.reporting import class_set, thumbnails

    if files is not None:
        emit_findings(class_set.class_set_of_files(files, now=now()), out, as_json=as_json)
        return
    with workspace_at(workspace) as opened:
        made = class_set.class_set_of_study(opened, name or "", now=now())
        shown = thumbnails.thumbnails(opened, name or "", made)
    emit_findings(made, out, shown, as_json=as_json)


def compare(
    first: Annotated[str, typer.Argument(help=f"A labelling: {LABEL_SETS.briefly}; or unanimous, majority or union of --votes.")],
    second: Annotated[str, typer.Argument(help="Another labelling of the same images, in the same forms.")],
    gold: Annotated[Path | None, typer.Option(help="Label sets that are known to be right, to see which labelling is.")] = None,
    votes: Annotated[Path | None, typer.Option(help=f"Votes: {VOTES.briefly}.")] = None,
    label_space: LabelSpaceOption = None,
    first_title: Annotated[str, typer.Option(help="The name in titles for the first labelling.", show_default="its file")] = "",
    second_title: Annotated[str, typer.Option(help="The name in titles for the second labelling.", show_default="its file")] = "",
    title: Annotated[str, typer.Option(help="The name in titles for the images.", show_default="this dataset")] = "",
    out: ReportFolderOption = Path("comparison"),
    as_json: JsonOption = False,
) -> None:
    """Compare two labellings of the same images: agreement on sets, who has what, by class, and against gold who is right."""
    from multilabelfy.workflows.reporting.gathering.two_labellings import Compared, comparison_of_files

    wanted = Compared(first, second, gold, votes, label_space, (first_title, second_title), title)
    made = comparison_of_files(wanted, now=now())
    emit_findings(made, out, as_json=as_json)


def emit_findings(made: "Report", out: Path, shown: "Mapping[str, bytes] | None" = None, *, as_json: bool) -> None:
    """Write a report to a folder, and print its summary and its tables."""
    from multilabelfy.workflows.reporting import writing

    page = writing.write_report(made, out, shown or {})
    findings = {finding.slug: finding.table.records() for finding in made.findings}
    result = {"report": str(page), "summary": list(made.summary), "findings": findings}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def _printed(page: Path) -> str:
    from multilabelfy.workflows.reporting.printing import print_to_pdf

    return str(print_to_pdf(page, page.with_suffix(".pdf")))
