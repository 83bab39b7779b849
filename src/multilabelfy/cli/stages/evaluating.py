"""Measure predictions (`evaluate`), report on a study or on label files (`report`), check a class set (`classes`), `compare` labellings."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, say, workspace_at
from multilabelfy.cli.stages.tables import aligned, share
from multilabelfy.evaluation.measures.by import By
from multilabelfy.formats.inputs import ACCURACIES, GIVEN_LABELS, LABEL_SETS, PREDICTIONS, SCORES, VOTES
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.evaluation.many_models.groups import Grouping
    from multilabelfy.workflows.evaluating.evaluation import Evaluation

PredictionsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--predictions",
        help=f"A model's predictions: {PREDICTIONS.briefly}. Repeat it for several files.",
        show_default=False,
    ),
]
SomePredictionsOption = Annotated[list[Path] | None, typer.Option("--predictions", help="As in `evaluate`.", show_default=False)]
GivenOption = Annotated[
    Path | None,
    typer.Option("--given", help=f"The label that each image came with: {GIVEN_LABELS.briefly}.", show_default=False),
]
LabelSpaceOption = Annotated[
    str | None,
    typer.Option("--label-space", help="The label space: imagenet1k or a file; needed if files name labels by key.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(evaluate)
    app.command()(report)
    app.command()(classes)
    app.command()(compare)


def evaluate(
    name: Annotated[
        str | None, typer.Argument(help="A dataset of which some images have final labels, for --sample N.", show_default=False)
    ] = None,
    labels: Annotated[Path | None, typer.Option("--labels", help=f"Label sets: {LABEL_SETS.briefly}.", show_default=False)] = None,
    predictions: PredictionsOption = None,
    given: GivenOption = None,
    label_space: LabelSpaceOption = None,
    by: Annotated[
        list[By] | None,
        typer.Option(
            "--by",
            help="Also measure in groups of images: class by given label, labels by number of labels, kind by how several labels "
            "relate, source by how they were decided. kind and source need --labels to be a table of final labels with these columns. "
            "May be repeated.",
            show_default=False,
        ),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            "--sample",
            metavar="FILE|N",
            help="Measure on all images that --predictions are about, from labels of a few that were drawn at random: a file with their "
            "label sets, instead of --labels; or with NAME the first N images of its draw (all: as many as have final labels).",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Measure models on given labels and on sets of valid labels: top-1, ReaL accuracy, variable top-k, ASMA, by number of labels."""
    if sample is not None:
        _require_fit(labels is None and not by, "--sample goes without --labels and --by")
        _by_sample(name, sample, predictions or (), given, label_space, workspace, as_json=as_json)
        return
    _require_fit(name is None, "a dataset is measured by --sample; `report NAME` measures models on its release")
    if labels is None:
        raise typer.BadParameter("name the label sets with --labels, or those of a sample with --sample")
    _require_fit(bool(predictions), "name at least one file with --predictions")
    from multilabelfy.workflows.evaluating import evaluation as evaluating

    evaluation = evaluating.evaluate(labels, predictions or (), given=given, label_space=label_space, by=by or ())
    if evaluation.n_unlabelled:
        left_out = counted(evaluation.n_unlabelled, "prediction")
        say(f"Left out {left_out} for images without an entry in {labels}. If its images were drawn at random, name it with --sample.")
    result = evaluating.as_json(evaluation)
    tables = [_group_text(result, grouping) for grouping in evaluation.groupings]
    emit(result, as_json=as_json, human=lambda: "\n\n".join([_text(evaluation), *tables]))


def _by_sample(
    name: str | None,
    sample: str,
    predictions: Sequence[Path],
    given: Path | None,
    label_space: str | None,
    workspace: Path | None,
    *,
    as_json: bool,
) -> None:
    from multilabelfy.cli.stages.sample_text import CHOSEN, sample_text
    from multilabelfy.workflows.evaluating import by_sample, drawn

    if name is None:
        _require_fit(bool(predictions), "name at least one file with --predictions")
        measured = by_sample.evaluate_by_sample(Path(sample), predictions, given=given, label_space=label_space)
    else:
        _require_fit(given is None and label_space is None, "a dataset knows its given labels and its label space")
        _require_fit(sample == "all" or (sample.isdecimal() and int(sample) > 0), "with a dataset, --sample is a number of images, or all")
        with workspace_at(workspace) as opened:
            measured = drawn.evaluate_drawn(opened, name, None if sample == "all" else int(sample), predictions)
    if measured.looks_chosen:
        say(f"Warning: {CHOSEN}")
    emit(by_sample.as_json(measured), as_json=as_json, human=lambda: sample_text(measured))


def _require_fit(fits: bool, problem: str) -> None:
    if not fits:
        raise typer.BadParameter(problem)


def report(
    name: Annotated[str | None, typer.Argument(help="The dataset whose newest release to report on.", show_default=False)] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="Label sets to report on instead of a dataset, in the forms of `evaluate`.", show_default=False),
    ] = None,
    given: GivenOption = None,
    predictions: SomePredictionsOption = None,
    label_space: LabelSpaceOption = None,
    title: Annotated[
        str,
        typer.Option(
            help="The name in titles for the dataset of --labels, or for the second table of --published.", show_default="the images"
        ),
    ] = "",
    original_labels: Annotated[
        Path | None,
        typer.Option("--original-labels", help="Label sets of the original dataset, if --labels is of a replicate.", show_default=False),
    ] = None,
    original_given: Annotated[
        Path | None, typer.Option("--original-given", help="The original dataset's given labels.", show_default=False)
    ] = None,
    original_predictions: Annotated[
        list[Path] | None,
        typer.Option("--original-predictions", help="The same models’ predictions on the original dataset.", show_default=False),
    ] = None,
    original_title: Annotated[
        str,
        typer.Option(help="The name in titles for the original dataset, or for the first table of --published.", show_default="original"),
    ] = "",
    votes: Annotated[
        Path | None,
        typer.Option("--votes", help=f"The votes behind --labels: {VOTES.briefly}.", show_default=False),
    ] = None,
    scores: Annotated[
        Path | None,
        typer.Option("--scores", help=f"The scores behind --labels: {SCORES.briefly}.", show_default=False),
    ] = None,
    original_votes: Annotated[
        Path | None, typer.Option("--original-votes", help="The votes behind --original-labels.", show_default=False)
    ] = None,
    original_scores: Annotated[
        Path | None, typer.Option("--original-scores", help="The scores behind --original-labels.", show_default=False)
    ] = None,
    published: Annotated[
        list[Path] | None,
        typer.Option("--published", help=f"Two {ACCURACIES.briefly}, to report on instead.", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; replaces an earlier report there.")] = Path("report"),
    pdf: Annotated[bool, typer.Option("--pdf", help="Also print the report to PDF, with the Chromium or Chrome of this machine.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report as one HTML file, with its figures (PNG, SVG, Vega-Lite), tables (CSV, LaTeX) and a dataset's data cards beside it."""
    from multilabelfy.workflows.releasing.cards import write_cards
    from multilabelfy.workflows.reporting import live_charts, thumbnails, writing
    from multilabelfy.workflows.reporting.gathering.file_material import Files
    from multilabelfy.workflows.reporting.gathering.material import material_of_study

    shown: dict[str, bytes] = {}
    cards: dict[str, str] = {}
    if sum(source is not None for source in (name, labels, published)) != 1:
        raise typer.BadParameter("name one source: a dataset, label sets with --labels, or tables with --published")
    if published and len(published) != 2:
        raise typer.BadParameter("--published needs two tables: top-1 by given labels, and by others")
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
            material = material_of_study(opened, name or "", predictions or ())
            made = writing.report_of_material(material, now=now())
            shown = thumbnails.thumbnails(opened, name or "", made)
            live_charts.keep_script(opened)
            cards = {form: str(path) for form, path in write_cards(opened, name or "", out, material).items()}
    page = writing.write_report(made, out, shown)
    further = {**({"cards": cards} if cards else {}), **({"pdf": _printed(page)} if pdf else {})}
    result = {"report": str(page), "summary": list(made.summary), **further}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def classes(
    name: Annotated[str | None, typer.Argument(help="The dataset whose newest release and votes to check.", show_default=False)] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="Label sets to check instead, in the forms of `evaluate`.", show_default=False)
    ] = None,
    given: GivenOption = None,
    label_space: LabelSpaceOption = None,
    title: Annotated[str, typer.Option(help="The name in titles for the dataset of --labels.", show_default="this dataset")] = "",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; replaces an earlier report there.")] = Path("classes"),
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find what is wrong with the class set: several labels for one thing, labels inside others, mixed-up, unused and missing labels."""
    from multilabelfy.workflows.reporting import class_set, thumbnails, writing
    from multilabelfy.workflows.reporting.gathering.file_material import Files

    shown: dict[str, bytes] = {}
    if (name is None) == (labels is None):
        raise typer.BadParameter("name one source: a dataset, or label sets with --labels")
    if labels:
        made = class_set.class_set_of_files(Files(labels, (), given, label_space, title), now=now())
    else:
        with workspace_at(workspace) as opened:
            made = class_set.class_set_of_study(opened, name or "", now=now())
            shown = thumbnails.thumbnails(opened, name or "", made)
    page = writing.write_report(made, out, shown)
    findings = {finding.slug: finding.table.records() for finding in made.findings}
    result = {"report": str(page), "summary": list(made.summary), "findings": findings}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def compare(
    first: Annotated[str, typer.Argument(help=f"A labelling: {LABEL_SETS.briefly}; or unanimous, majority or union of --votes.")],
    second: Annotated[str, typer.Argument(help="Another labelling of the same images, in the same forms.")],
    gold: Annotated[
        Path | None, typer.Option("--gold", help="Label sets that are known to be right, to see which labelling is.", show_default=False)
    ] = None,
    votes: Annotated[Path | None, typer.Option("--votes", help=f"Votes: {VOTES.briefly}.", show_default=False)] = None,
    label_space: LabelSpaceOption = None,
    first_title: Annotated[str, typer.Option(help="The name in titles for the first labelling.", show_default="its file")] = "",
    second_title: Annotated[str, typer.Option(help="The name in titles for the second labelling.", show_default="its file")] = "",
    title: Annotated[str, typer.Option(help="The name in titles for the images.", show_default="this dataset")] = "",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; replaces an earlier report there.")] = Path("comparison"),
    as_json: JsonOption = False,
) -> None:
    """Compare two labellings of the same images: agreement on sets, who has what, by class, and against gold who is right."""
    from multilabelfy.workflows.reporting import writing
    from multilabelfy.workflows.reporting.gathering.two_labellings import Compared, comparison_of_files

    wanted = Compared(first, second, gold, votes, label_space, (first_title, second_title), title)
    made = comparison_of_files(wanted, now=now())
    page = writing.write_report(made, out)
    findings = {finding.slug: finding.table.records() for finding in made.findings}
    result = {"report": str(page), "summary": list(made.summary), "findings": findings}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def _printed(page: Path) -> str:
    from multilabelfy.workflows.reporting.printing import print_to_pdf

    return str(print_to_pdf(page, page.with_suffix(".pdf")))


def _text(evaluation: "Evaluation") -> str:
    """One row per model, the best by ReaL accuracy first; for a single model also rows by number of labels."""
    from multilabelfy.evaluation.measures.table import MODEL_MEASURES

    ordered = sorted(evaluation.models, key=lambda model: (-(model.measures.real or 0), model.model))
    shown = [measure for measure in MODEL_MEASURES if measure.in_report]
    heading = ["model", *(measure.name for measure in shown)]
    rows = [[model.model, *(share(getattr(model.measures, measure.key)) for measure in shown)] for model in ordered]
    images = counted(len(evaluation.labelled), "image")
    text = f"{images}, {ordered[0].measures.n_without_labels} without labels\n\n{aligned([heading, *rows])}"
    return text if len(ordered) > 1 else f"{text}\n\n{_by_label_count_text(evaluation)}"


def _by_label_count_text(evaluation: "Evaluation") -> str:
    rows = [
        [str(row.labels), str(row.images), *map(share, (row.top1, row.real, row.variable_topk))]
        for row in evaluation.models[0].by_label_count
    ]
    return aligned([["labels", "images", "top-1", "ReaL", "variable top-k"], *rows])


def _group_text(result: dict[str, Any], grouping: "Grouping") -> str:
    """One row per group of each model, from the JSON."""
    rows = [
        [model["model"], str(row[grouping.called]), str(row["images"]), *map(share, (row["top1"], row["real"], row["variable_topk"]))]
        for model in result.get("models", [result])
        for row in model[grouping.key]
    ]
    return aligned([["model", grouping.called, "images", "top-1", "ReaL", "variable top-k"], *rows])
