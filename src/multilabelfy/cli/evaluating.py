"""Commands about models and results: `evaluate` measures predictions, `report` writes what a study or a label file says."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, say, workspace_at

if TYPE_CHECKING:
    from multilabelfy.workflows.evaluating import Evaluation

LabelsOption = Annotated[Path, typer.Option("--labels", help="Label sets: the paper's JSON, ReaL's list, or a table image,label.")]
PredictionsOption = Annotated[
    list[Path],
    typer.Option(
        "--predictions",
        help="What a model says: .npy of (n,), ranked (n, k) or scores (n, n_labels); a table image,label,rank; .npz of several models. "
        "May be named several times.",
    ),
]
GivenOption = Annotated[
    Path | None,
    typer.Option("--given", help="The label each image came with: {image: label}, a list of indices, a table or .npz.", show_default=False),
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


def evaluate(
    labels: LabelsOption,
    predictions: PredictionsOption,
    given: GivenOption = None,
    label_space: LabelSpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure models by one given label and by sets of valid labels: top-1, ReaL accuracy, variable top-k, ASMA, by number of labels."""
    from multilabelfy.workflows import evaluating

    evaluation = evaluating.evaluate(labels, predictions, given=given, label_space=label_space)
    if evaluation.n_unlabelled:
        say(f"{evaluation.n_unlabelled} predictions are about images without an entry in {labels}: they are left out.")
    emit(evaluating.as_json(evaluation), as_json=as_json, human=lambda: _text(evaluation))


def report(
    name: Annotated[str | None, typer.Argument(help="The dataset; without it --labels is wanted.", show_default=False)] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="Label sets to report on instead of a dataset; forms as in `evaluate`.", show_default=False),
    ] = None,
    given: GivenOption = None,
    predictions: Annotated[list[Path] | None, typer.Option("--predictions", help="As in `evaluate`.", show_default=False)] = None,
    label_space: LabelSpaceOption = None,
    title: Annotated[str, typer.Option(help="What titles call the dataset of --labels.", show_default="the images")] = "",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; an earlier report there is replaced.")] = Path("report"),
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report as one HTML file, with its figures (PNG, SVG, Vega-Lite) and tables (CSV, LaTeX) beside it."""
    from multilabelfy.workflows import reporting

    if (name is None) == (labels is None):
        raise typer.BadParameter("name a dataset, or label sets with --labels (and not both)")
    if labels:
        made = reporting.report_of_files(
            labels, now=now(), given=given, predictions=predictions or (), label_space=label_space, subject=title
        )
    else:
        with workspace_at(workspace) as open_one:
            made = reporting.report_of_study(open_one, name or "", now=now(), predictions=predictions or ())
    page = reporting.write_report(made, out)
    result = {"report": str(page), "summary": list(made.summary)}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def _text(evaluation: "Evaluation") -> str:
    """A row a model, the best by ReaL accuracy first; of a single model also its rows by number of labels."""
    ordered = sorted(evaluation.models, key=lambda model: (-(model.measures.real or 0), model.model))
    heading = ["model", "top-1", "ReaL", "empty is right", "variable top-k", "ASMA"]
    rows = []
    for model in ordered:
        m = model.measures
        rows.append([model.model, *map(_share, (m.top1, m.real, m.real_empty_counts_as_right, m.variable_topk, m.asma))])
    text = f"{len(evaluation.labelled)} images, {ordered[0].measures.n_without_labels} without labels\n\n{_aligned([heading, *rows])}"
    return text if len(ordered) > 1 else f"{text}\n\n{_by_label_count_text(evaluation)}"


def _by_label_count_text(evaluation: "Evaluation") -> str:
    rows = [
        [str(row.labels), str(row.images), *map(_share, (row.top1, row.real, row.variable_topk))]
        for row in evaluation.models[0].by_label_count
    ]
    return _aligned([["labels", "images", "top-1", "ReaL", "variable top-k"], *rows])


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [[row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))] for row in rows]
    return "\n".join("  ".join(line).rstrip() for line in lines)
