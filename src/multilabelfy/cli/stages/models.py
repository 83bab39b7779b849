"""`models` and `suspects`: what can propose labels here, and which given labels look wrong to what has proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import DatasetName, JsonOption, OverwriteOption, WorkspaceOption
from multilabelfy.cli.output import emit, say, workspace_at
from multilabelfy.cli.stages.proposing import duration
from multilabelfy.errors import InvalidInput, Problem, WorkspaceMissing
from multilabelfy.formats.inputs import LABEL_SETS
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.evaluation.proposals.recall import RecallAt
    from multilabelfy.inference.choosing.suggesting import SuggestedModel
    from multilabelfy.inference.choosing.table import KnownModel
    from multilabelfy.workflows.proposing.kinds import Choice, Models, StoredRun, UsableModel
    from multilabelfy.workflows.proposing.suspects import Suspects

GIB = 2**30
UNKNOWN = "?"


class Measure(StrEnum):
    """The measures of suspicion; all but the loss are cleanlab's."""

    LOSS = "loss"
    NORMALIZED_MARGIN = "normalized-margin"
    ENTROPY = "confidence-weighted-entropy"
    CONFIDENT_LEARNING = "confident-learning"


def models(
    name: Annotated[str | None, typer.Argument(help="A dataset, to list only its runs.")] = None,
    labels: Annotated[
        Path | None, typer.Option(help=f"Measure how many valid labels of some images each run holds: {LABEL_SETS.briefly}.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what can propose labels, which model suits this machine, which are on it and how fast, and which have proposed already."""
    from multilabelfy.workflows.proposing.kinds import choice
    from multilabelfy.workflows.proposing.kinds import models as models_here

    if labels is not None and name is None:
        raise InvalidInput(
            "Cannot measure recall", [Problem("--labels", "name the dataset, too")], "multilabelfy models NAME --labels FILE"
        )
    recalls: dict[str, RecallAt] = {}
    try:
        with workspace_at(workspace) as opened:
            known, chosen = models_here(opened, name), choice(opened, name)
            if labels is not None and name is not None:
                from multilabelfy.workflows.proposing.measured import recall_of_runs

                recalls = recall_of_runs(opened, name, labels)
    except WorkspaceMissing:
        if name is not None:
            raise
        known, chosen = models_here(None), choice(None)
    emit(
        _models_json(known, recalls) | _choice_json(chosen),
        as_json=as_json,
        human=lambda: _models_text(known, recalls, _choice_lines(chosen)),
    )


def suspects(
    name: DatasetName,
    by: Annotated[
        Measure, typer.Option(help="How to measure suspicion. loss needs nothing else; the others come from cleanlab.")
    ] = Measure.LOSS,
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="Whose scores count: a model that has proposed, or scores:FILE.npy. May be repeated.", show_default="all that have"
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=0, help="How many suspects to list.")] = 20,
    out: Annotated[Path | None, typer.Option(help="Write the whole ranking as a table: .csv or .parquet.")] = None,
    queue: Annotated[
        int | None, typer.Option(min=0, help="Hand out this many of the most suspicious images before all others; 0 undoes it.")
    ] = None,
    overwrite: OverwriteOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank images by how wrong their given label looks to the models that have proposed, to spend a small budget where the errors are."""
    from multilabelfy.proposals.suspects import SuspectBy
    from multilabelfy.workflows.proposing import suspects as suspecting

    with workspace_at(workspace) as opened:
        ranking = suspecting.suspects(opened, name, by=SuspectBy(by.value), models=model or ())
        if out is not None:
            suspecting.write_suspects(ranking, out, overwrite=overwrite)
        n_queued = None if queue is None else suspecting.queue_first(opened, ranking, queue)
    if n_queued:
        say(f"note: {counted(n_queued, 'image')} will be handed out first. Until all images are annotated, results hold for these alone.")
    emit(_suspects_json(ranking, top, out, n_queued), as_json=as_json, human=lambda: _suspects_text(ranking, top, out, n_queued))


def _models_json(known: "Models", recalls: Mapping[str, "RecallAt"]) -> dict[str, Any]:
    kinds = [
        {"kind": str(here.kind), "form": here.form, "means": here.meaning, "available": here.is_available, "missing": list(here.missing)}
        for here in known.kinds
    ]
    return {
        "kinds": kinds,
        "recommended": known.recommended,
        "runs": [_run_json(stored, recalls.get(stored.run.source)) for stored in known.runs],
    }


def _run_json(stored: "StoredRun", recall: "RecallAt | None") -> dict[str, Any]:
    from dataclasses import asdict

    run = stored.run
    times = {"started_at": run.started_at.isoformat(), "finished_at": run.finished_at and run.finished_at.isoformat()}
    made = stored.made_with and {"versions": stored.made_with.versions, **stored.made_with.details}
    measured = recall and {"share": recall.of_labels, **asdict(recall)}
    counts = {"k": run.k, "n_done": run.n_done, "n_pending": stored.n_pending, "n_embedded": stored.n_embedded}
    return {"dataset": stored.dataset, "source": run.source, **counts, **times, "made_with": made, "recall": measured}


def _models_text(known: "Models", recalls: Mapping[str, "RecallAt"], of_choice: Sequence[str]) -> str:
    lines = ["What can propose labels here:"]
    for here in known.kinds:
        state = "" if here.is_available else f" [not installed: pip install 'multilabelfy[{here.extra}]']"
        lines += [f"  {here.form}{state}", f"      {here.meaning}"]
    lines += [
        f"Recommended: {known.recommended}",
        "      the paper's proposer, and the best of timm's table by ReaL accuracy (91.14%). With 305 million weights it takes seconds per",
        "      image on a processor: use a GPU, or start with a smaller model",
        *of_choice,
    ]
    if known.runs:
        lines.append("These models have proposed already:")
        lines += [line for stored in known.runs for line in _run_text(stored, recalls.get(stored.run.source))]
    return "\n".join(lines)


def _run_text(stored: "StoredRun", recall: "RecallAt | None") -> list[str]:
    run = stored.run
    waiting = f", {stored.n_pending} to go" if stored.n_pending else ""
    embedded = f", {counted(stored.n_embedded, 'embedding')}" if stored.n_embedded else ""
    line = (
        f"  {stored.dataset}: {run.source}, {counted(run.k, 'label')} each for {counted(run.n_done, 'image')}{waiting}{embedded}, "
        f"started {run.started_at:%Y-%m-%d %H:%M} UTC"
    )
    return [line] if recall is None else [line, f"      {_recall_text(recall)}"]


def _recall_text(recall: "RecallAt") -> str:
    ends = f" ({recall.interval.low:.1%} to {recall.interval.high:.1%})" if recall.interval else ""
    of = f"{counted(recall.n_labels, 'valid label')} of {counted(recall.n_images, 'image')}"
    return f"its first {recall.k} hold {recall.of_labels or 0:.1%}{ends} of {of}"


def _choice_json(choice: "Choice") -> dict[str, Any]:
    """The same as an object; what is not known is null."""
    suggestion = choice.suggestion
    return {
        "machine": {"processor": choice.machine.processor, "graphics_cards": list(choice.machine.cards)},
        "suggested": {
            **asdict(suggestion.known),
            "n_images": suggestion.n_images,
            "estimated_seconds": suggestion.seconds,
            "is_guess": suggestion.is_guess,
        },
        "here": [_here_json(model) for model in choice.here],
        "best": [asdict(known) for known in choice.best],
    }


def _choice_lines(choice: "Choice") -> list[str]:
    """For people to read."""
    cards = ", ".join(choice.machine.cards) or "no graphics card with a driver of NVIDIA's"
    lines = [f"This machine: {choice.machine.processor}; {cards}", *_suggestion_lines(choice.suggestion)]
    if choice.here:
        lines.append("Models that are on this machine:")
        lines += [line for model in choice.here for line in _here_lines(model)]
    else:
        lines.append("No model is on this machine yet: timm fetches weights from the hub at their first use.")
    lines += ["The best for their work (10⁹ multiplications a picture; accuracies in percent, published by timm's authors):", _HEAD]
    return [*lines, *(_row(known) for known in choice.best)]


def _suggestion_lines(suggestion: "SuggestedModel") -> list[str]:
    for_how_many = counted(suggestion.n_images, "image")
    if suggestion.seconds is None:
        reason = "the best by ReaL accuracy, since there is a graphics card"
    else:
        what = (
            "the best by ReaL accuracy within an hour"
            if suggestion.is_in_time
            else "the one with the least work; none is through in an hour"
        )
        basis = "a guess: no model of the table was measured here yet" if suggestion.is_guess else "estimated from earlier runs here"
        reason = f"{what}; {for_how_many} should take about {duration(suggestion.seconds)} ({basis})"
    licence = f"; licence of its weights: {suggestion.known.license or UNKNOWN}"
    return [f"Suggested here: {suggestion.known.model}", f"      {reason}{licence}"]


def _here_json(model: "UsableModel") -> dict[str, Any]:
    return {
        "model": model.spec,
        "where": model.where,
        "known": model.known and asdict(model.known),
        "speed": model.speed and asdict(model.speed),
    }


def _here_lines(model: "UsableModel") -> list[str]:
    parts = [f"in {model.where}"]
    if model.known is not None:
        parts += [
            f"{_number(model.known.millions, 1)} million parameters",
            f"{model.known.edge} pixels",
            f"ReaL {_number(model.known.real, 1)}",
        ]
    if model.speed is None:
        parts.append("not measured on this machine")
    else:
        memory = f", at most {model.speed.peak_bytes / GIB:.1f} GiB" if model.speed.peak_bytes else ""
        parts.append(f"{model.speed.images_per_second:.1f} images/s{memory} ({model.speed.device}, {model.speed.at[:10]})")
    return [f"  {model.spec}", f"      {'; '.join(parts)}"]


_HEAD = f"  {'GMACs':>7} {'million':>8} {'pixels':>6} {'ReaL':>5} {'ImageNet':>8} {'V2':>5}  model"


def _row(known: "KnownModel") -> str:
    return (
        f"  {_number(known.gigamacs, 2):>7} {_number(known.millions, 1):>8} {known.edge:>6} {_number(known.real, 1):>5} "
        f"{_number(known.imagenet, 1):>8} {_number(known.imagenetv2, 1):>5}  {known.model}"
    )


def _number(value: float | None, digits: int) -> str:
    return UNKNOWN if value is None else f"{value:.{digits}f}"


def _suspects_json(ranking: "Suspects", top: int, out: Path | None, n_queued: int | None) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "dataset": ranking.dataset,
        "by": ranking.by.value,
        "models": list(ranking.models),
        "n_images": len(ranking),
        "n_left_out": ranking.n_left_out,
        "n_flagged": ranking.n_flagged,
        "n_queued": n_queued,
        "out": None if out is None else str(out),
        "suspects": [asdict(suspect) for suspect in islice(ranking.ranked(), top)],
    }


def _suspects_text(ranking: "Suspects", top: int, out: Path | None, n_queued: int | None) -> str:
    lines = [
        f"{ranking.dataset}: {counted(len(ranking), 'given label')}, the most suspicious first "
        f"by {ranking.by} ({', '.join(ranking.models)})."
    ]
    if ranking.n_left_out:
        lines.append(f"Left out, because they have no proposals: {counted(ranking.n_left_out, 'image')}.")
    if ranking.n_flagged is not None:
        lines.append(f"cleanlab considers {ranking.n_flagged} of them wrong.")
    names = {label.key: label.name for label in ranking.labels.labels}
    for suspect in islice(ranking.ranked(), top):
        mark = "!" if suspect.flagged else " "
        scores = f"{suspect.given_score:.1%} against {suspect.suggested_score:.1%}"
        lines.append(
            f"{suspect.rank:6} {mark} {suspect.image}: {names[suspect.given_label]} – rather {names[suspect.suggested_label]}? ({scores})"
        )
    if n_queued is not None:
        lines.append(f"{n_queued} of them will be handed out first." if n_queued else "The queue is back in the order of the import.")
    return "\n".join([*lines, *([str(out)] if out else [])])
