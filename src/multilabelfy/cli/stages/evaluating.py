"""`evaluate`: measure models on label sets, from a sample of them, or by how many valid labels they would propose."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import GivenOption, JsonOption, LabelSpaceOption, PredictionsOption, WorkspaceOption
from multilabelfy.cli.output import aligned, emit, now, say, share, workspace_at
from multilabelfy.cli.stages.reporting import emit_findings
from multilabelfy.evaluation.measures.by import By
from multilabelfy.formats.inputs import LABEL_SETS
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.evaluation.few_labels.by_sample import MeasuredBySample, SampledModel
    from multilabelfy.evaluation.many_models.groups import Grouping
    from multilabelfy.statistics.prediction_powered import PoweredShare
    from multilabelfy.workflows.evaluating.evaluation import Evaluation

USUAL_K = 20
CHOSEN = (
    "these images hardly came by chance: models agree on them otherwise than on the rest. "
    "The figures hold only for a sample that was drawn at random."
)


def evaluate(
    name: Annotated[str | None, typer.Argument(help="A dataset of which some images have final labels, for --sample N.")] = None,
    labels: Annotated[Path | None, typer.Option(help=f"Label sets: {LABEL_SETS.briefly}.")] = None,
    predictions: PredictionsOption = None,
    given: GivenOption = None,
    label_space: LabelSpaceOption = None,
    by: Annotated[
        list[By] | None,
        typer.Option(
            help="Also measure in groups of images: class by given label, labels by number of labels, kind by how several labels "
            "relate, source by how they were decided. kind and source need --labels to be a table of final labels with these columns. "
            "May be repeated."
        ),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|N",
            help="Measure on all images that --predictions are about, from labels of a few that were drawn at random: a file with their "
            "label sets, instead of --labels; or with NAME the first N images of its draw (all: as many as have final labels).",
        ),
    ] = None,
    recall: Annotated[
        bool,
        typer.Option(
            "--recall",
            help="Measure how many of the --labels are among models’ first k instead, in a report: which proposes best, how many labels to "
            "ask, whether several help.",
        ),
    ] = False,
    k: Annotated[
        int | None, typer.Option("-k", min=1, help="With --recall: how many labels would be proposed per image.", show_default="20")
    ] = None,
    title: Annotated[str, typer.Option(help="With --recall: the name in titles for the images.", show_default="this dataset")] = "",
    out: Annotated[
        Path | None, typer.Option(help="With --recall: the folder to write to; replaces an earlier report.", show_default="recall")
    ] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Measure models on given labels and on sets of valid labels: top-1, ReaL accuracy, variable top-k, ASMA, by number of labels."""
    if recall:
        _require_fit(name is None and given is None and not by and sample is None, "--recall goes with --labels and --predictions alone")
        if labels is None or not predictions:
            raise typer.BadParameter("name the valid labels with --labels, and models with --predictions")
        from multilabelfy.workflows.reporting.missed import missed_by_files

        made = missed_by_files(labels, predictions, k=k or USUAL_K, now=now(), label_space=label_space, subject=title)
        emit_findings(made, out or Path("recall"), as_json=as_json)
        return
    _require_fit(k is None and not title and out is None, "-k, --title and --out go with --recall")
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
    emit(by_sample.as_json(measured), as_json=as_json, human=lambda: _sample_text(measured))


def _require_fit(fits: bool, problem: str) -> None:
    if not fits:
        raise typer.BadParameter(problem)


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


def _sample_text(measured: "MeasuredBySample") -> str:
    """One row a model, the best by ReaL accuracy first; below it the given labels, if there are any."""
    ordered = sorted(measured.models, key=lambda of: (-(of.real.value if of.real else 0), of.model))
    heading = ["model", "top-1", "first label valid", "95%", "ReaL", "95%", "a label is worth"]
    parts = [_opening(measured), aligned([heading, *map(_row, ordered)])]
    if measured.given_wrong is not None:
        wrong = measured.given_wrong
        parts.append(f"given label not valid: {share(wrong.value)}, 95% {_ends(wrong)}; a label is worth {_worth(wrong)}")
    return "\n\n".join(parts)


def _opening(measured: "MeasuredBySample") -> str:
    n, n_all = measured.n_sampled, measured.n_images
    return f"Figures of all {n_all:,} images, from final labels of {n:,}; they hold if those were drawn at random."


def _row(of: "SampledModel") -> list[str]:
    return [
        of.model,
        share(of.top1),
        share(of.valid.value),
        _ends(of.valid),
        share(of.real.value if of.real else None),
        _ends(of.real),
        _worth(of.valid),
    ]


def _ends(of: "PoweredShare | None") -> str:
    return "–" if of is None else f"[{of.interval.low:.2%}, {of.interval.high:.2%}]"


def _worth(of: "PoweredShare") -> str:
    return "–" if of.worth is None else f"× {of.worth:.1f}"
