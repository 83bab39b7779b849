"""Commands about models and results: `evaluate` measures predictions, `report` writes what a study or a label file says."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, say, workspace_at
from multilabelfy.evaluation.measures.by import By
from multilabelfy.formats.inputs import ACCURACIES, GIVEN_LABELS, LABEL_SETS, PREDICTIONS

if TYPE_CHECKING:
    from multilabelfy.evaluation.many_models.groups import Grouping
    from multilabelfy.workflows.evaluating.evaluation import Evaluation

LabelsOption = Annotated[Path, typer.Option("--labels", help=f"Label sets: {LABEL_SETS.briefly}.")]
PredictionsOption = Annotated[
    list[Path],
    typer.Option(
        "--predictions",
        help=f"What a model says: {PREDICTIONS.briefly}. May be named several times.",
    ),
]
SomePredictionsOption = Annotated[list[Path] | None, typer.Option("--predictions", help="As in `evaluate`.", show_default=False)]
GivenOption = Annotated[
    Path | None,
    typer.Option("--given", help=f"The label each image came with: {GIVEN_LABELS.briefly}.", show_default=False),
]
LabelSpaceOption = Annotated[
    str | None,
    typer.Option(
        "--label-space", help="What labels there are: imagenet1k or a file; needed where files name labels by key.", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(evaluate)
    app.command()(report)
    app.command()(classes)


def evaluate(
    labels: LabelsOption,
    predictions: PredictionsOption,
    given: GivenOption = None,
    label_space: LabelSpaceOption = None,
    by: Annotated[
        list[By] | None,
        typer.Option(
            "--by",
            help="Measure also in groups of images: class is their given label, labels how many they have, kind how several relate, source "
            "how they were decided; the latter two need --labels to be a table of final labels that says so. May be named several times.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure models by one given label and by sets of valid labels: top-1, ReaL accuracy, variable top-k, ASMA, by number of labels."""
    from multilabelfy.workflows.evaluating import evaluation as evaluating

    evaluation = evaluating.evaluate(labels, predictions, given=given, label_space=label_space, by=by or ())
    if evaluation.n_unlabelled:
        say(f"{evaluation.n_unlabelled} predictions are about images without an entry in {labels}: they are left out.")
    found = evaluating.as_json(evaluation)
    emit(found, as_json=as_json, human=lambda: "\n\n".join([_text(evaluation), *(_group_text(found, of) for of in evaluation.groupings)]))


def report(
    name: Annotated[str | None, typer.Argument(help="The dataset whose newest release is told of.", show_default=False)] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="Label sets to tell of instead of a dataset; forms as in `evaluate`.", show_default=False),
    ] = None,
    given: GivenOption = None,
    predictions: SomePredictionsOption = None,
    label_space: LabelSpaceOption = None,
    title: Annotated[
        str, typer.Option(help="What titles call the dataset of --labels, or the second table of --published.", show_default="the images")
    ] = "",
    original_labels: Annotated[
        Path | None,
        typer.Option("--original-labels", help="Label sets of the dataset of which --labels is a replicate.", show_default=False),
    ] = None,
    original_given: Annotated[Path | None, typer.Option("--original-given", help="Its given labels.", show_default=False)] = None,
    original_predictions: Annotated[
        list[Path] | None, typer.Option("--original-predictions", help="The same models’ predictions on it.", show_default=False)
    ] = None,
    original_title: Annotated[
        str, typer.Option(help="What titles call it, or the first table of --published.", show_default="original")
    ] = "",
    published: Annotated[
        list[Path] | None,
        typer.Option("--published", help=f"Two {ACCURACIES.briefly}, to tell of instead.", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; an earlier report there is replaced.")] = Path("report"),
    pdf: Annotated[bool, typer.Option("--pdf", help="Print the report to PDF too, through a Chromium or Chrome of this machine.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report as one HTML file; beside it its figures (PNG, SVG, Vega-Lite), its tables (CSV, LaTeX), and a dataset's data cards."""
    from multilabelfy.workflows.releasing import exports
    from multilabelfy.workflows.reporting import live_charts, thumbnails, writing
    from multilabelfy.workflows.reporting.material import Files

    shown: dict[str, bytes] = {}
    cards: dict[str, str] = {}
    if sum(source is not None for source in (name, labels, published)) != 1:
        raise typer.BadParameter("name one source: a dataset, label sets with --labels, or tables with --published")
    if published and len(published) != 2:
        raise typer.BadParameter("--published wants two tables: top-1 by given labels, and by others")
    if published:
        made = writing.report_of_published(published[0], published[1], names=(original_title, title), now=now())
    elif labels:
        files = Files(labels, tuple(predictions or ()), given, label_space, title)
        original = None
        if original_labels:
            original = Files(original_labels, tuple(original_predictions or ()), original_given, label_space, original_title)
        made = writing.report_of_files(files, now=now(), original=original)
    else:
        with workspace_at(workspace) as open_one:
            made = writing.report_of_study(open_one, name or "", now=now(), predictions=predictions or ())
            shown = thumbnails.thumbnails(open_one, name or "", made)
            live_charts.keep_script(open_one)
            cards = {form: str(path) for form, path in exports.write_cards(open_one, name or "", out).items()}
    page = writing.write_report(made, out, shown)
    further = {**({"cards": cards} if cards else {}), **({"pdf": _printed(page)} if pdf else {})}
    result = {"report": str(page), "summary": list(made.summary), **further}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def classes(
    name: Annotated[
        str | None, typer.Argument(help="The dataset whose newest release and votes are looked at.", show_default=False)
    ] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="Label sets to look at instead; forms as in `evaluate`.", show_default=False)
    ] = None,
    given: GivenOption = None,
    label_space: LabelSpaceOption = None,
    title: Annotated[str, typer.Option(help="What titles call the dataset of --labels.", show_default="this dataset")] = "",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; an earlier report there is replaced.")] = Path("classes"),
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find what is wrong with the class set: labels for one thing, labels inside others, mixed up, unused and missing ones."""
    from multilabelfy.workflows.reporting import class_set, thumbnails, writing
    from multilabelfy.workflows.reporting.material import Files

    shown: dict[str, bytes] = {}
    if (name is None) == (labels is None):
        raise typer.BadParameter("name one source: a dataset, or label sets with --labels")
    if labels:
        made = class_set.class_set_of_files(Files(labels, (), given, label_space, title), now=now())
    else:
        with workspace_at(workspace) as open_one:
            made = class_set.class_set_of_study(open_one, name or "", now=now())
            shown = thumbnails.thumbnails(open_one, name or "", made)
    page = writing.write_report(made, out, shown)
    findings = {finding.slug: finding.table.records() for finding in made.findings}
    result = {"report": str(page), "summary": list(made.summary), "findings": findings}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def _printed(page: Path) -> str:
    from multilabelfy.workflows.reporting.printing import print_to_pdf

    return str(print_to_pdf(page, page.with_suffix(".pdf")))


def _text(evaluation: "Evaluation") -> str:
    """A row a model, the best by ReaL accuracy first; of a single model also its rows by number of labels."""
    from multilabelfy.evaluation.measures.table import MODEL_MEASURES

    ordered = sorted(evaluation.models, key=lambda model: (-(model.measures.real or 0), model.model))
    told = [measure for measure in MODEL_MEASURES if measure.in_report]
    heading = ["model", *(measure.name for measure in told)]
    rows = [[model.model, *(_share(getattr(model.measures, measure.key)) for measure in told)] for model in ordered]
    text = f"{len(evaluation.labelled)} images, {ordered[0].measures.n_without_labels} without labels\n\n{_aligned([heading, *rows])}"
    return text if len(ordered) > 1 else f"{text}\n\n{_by_label_count_text(evaluation)}"


def _by_label_count_text(evaluation: "Evaluation") -> str:
    rows = [
        [str(row.labels), str(row.images), *map(_share, (row.top1, row.real, row.variable_topk))]
        for row in evaluation.models[0].by_label_count
    ]
    return _aligned([["labels", "images", "top-1", "ReaL", "variable top-k"], *rows])


def _group_text(found: dict[str, Any], grouping: "Grouping") -> str:
    """A row for each group of each model, from what the JSON says."""
    rows = [
        [model["model"], str(row[grouping.called]), str(row["images"]), *map(_share, (row["top1"], row["real"], row["variable_topk"]))]
        for model in found.get("models", [found])
        for row in model[grouping.key]
    ]
    return _aligned([["model", grouping.called, "images", "top-1", "ReaL", "variable top-k"], *rows])


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [[row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))] for row in rows]
    return "\n".join("  ".join(line).rstrip() for line in lines)
