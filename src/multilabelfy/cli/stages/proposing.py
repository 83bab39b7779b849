"""Commands of stage 1: `propose`, `models` and `recall`."""

import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, console, emit, now, progress_bar, say, workspace_at
from multilabelfy.cli.stages.choosing import choice_json, choice_lines
from multilabelfy.cli.stages.copying import copies_after, copies_counts, copies_line
from multilabelfy.cli.stages.pace import PaceTeller, bottleneck
from multilabelfy.errors import InvalidInput, Problem, WorkspaceMissing
from multilabelfy.formats.inputs import LABEL_SETS, PREDICTIONS, PROMPT_TEMPLATES
from multilabelfy.inference.precision import Precision
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.dataset.copies import Copies
    from multilabelfy.evaluation.proposals.recall import RecallAt
    from multilabelfy.workflows.proposing.kinds import Models, StoredRun
    from multilabelfy.workflows.proposing.pace import RunPace
    from multilabelfy.workflows.proposing.runs import ProposalSummary, RunSummary


class Engine(StrEnum):
    """What does the work of `propose`."""

    THREADS = "threads"
    RAY = "ray"


INTERRUPTED = 130
"""The exit status that shells give a program ended by Ctrl+C."""
CHANGED = (
    "Their answers, frozen candidates and earlier proposals are about the earlier pictures: put those back, or import the new ones as a "
    "dataset of another name."
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(propose)
    app.command()(models)
    app.command()(recall)


def propose(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    model: Annotated[
        list[str],
        typer.Option(help="The model, as timm/MODEL, transformers:NAME, clip:NAME or another form that `models` lists. May be repeated."),
    ],
    k: Annotated[int, typer.Option("-k", min=1, help="How many labels to propose per image.")] = 20,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A local file with the weights of a timm/ model: safetensors, or torch's state_dict.")
    ] = None,
    templates: Annotated[
        Path | None, typer.Option(help=f"How clip: models read labels: {PROMPT_TEMPLATES.briefly}", show_default="four of our own")
    ] = None,
    precision: Annotated[
        Precision,
        typer.Option(
            help="The numbers that a timm/, transformers: or clip: model calculates with. All but float32 are another run, and are tried "
            "out with the first pictures: where lists differ too much from those of float32, the run ends before anything is stored."
        ),
    ] = Precision.FLOAT32,
    batch_size: Annotated[
        int | None, typer.Option(help="How many pictures to score at once.", show_default="as many as suit model and machine")
    ] = None,
    decode_threads: Annotated[
        int | None, typer.Option(help="How many threads decode pictures; on a processor each scores, too.", show_default="one a core")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="What does the work: this machine's threads, or Ray on this machine or on a cluster (extra `ray`).")
    ] = Engine.THREADS,
    ray_address: Annotated[
        str | None,
        typer.Option(help="The head of a Ray cluster that runs, as HOST:PORT, or auto.", show_default="Ray is started on this machine"),
    ] = None,
    workers_per_machine: Annotated[
        int, typer.Option(min=1, max=256, help="With Ray: how many workers share a machine's cores; a graphics card has one of its own.")
    ] = 1,
    embeddings: Annotated[
        bool,
        typer.Option(
            "--embeddings", help="Keep how each picture looks to the model, too: the numbers before its last layer, from the same pass."
        ),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let models propose labels for every image. Run it again to continue where it stopped; nothing is done twice."""
    from multilabelfy.inference.cluster.engine import Cluster
    from multilabelfy.workflows.proposing.runs import propose as propose_labels

    cluster = Cluster(ray_address, workers_per_machine) if engine is Engine.RAY or ray_address else None
    counts = [0, 0]
    try:
        with workspace_at(workspace, batch_size=batch_size, decode_threads=decode_threads) as opened, progress_bar("proposing") as bar:
            tell = PaceTeller(say, has_bar=console().is_terminal)

            def progress(n_done: int, n_total: int) -> None:
                counts[:] = n_done, n_total
                bar(n_done, n_total)

            def watch(pace: "RunPace") -> None:
                tell(pace)
                bar(counts[0], counts[1], bottleneck(pace))

            summary = propose_labels(
                opened,
                name,
                model,
                k=k,
                checkpoint=checkpoint,
                templates=templates,
                precision=precision,
                cluster=cluster,
                embeddings=embeddings,
                progress=progress,
                watch=watch,
                expect=tell.expect,
                now=now(),
            )
            near = copies_after(opened, summary)
    except KeyboardInterrupt:
        say(f"Interrupted: {counts[0]} of {counted(counts[1], 'image')} are done and kept. Run the same command again to continue.")
        sys.exit(INTERRUPTED)
    emit(_summary_json(summary, near), as_json=as_json, human=lambda: _summary_text(summary, near))


def models(
    name: Annotated[str | None, typer.Argument(help="A dataset, to list only its runs.", show_default=False)] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help=f"Measure how many valid labels of some images each run holds: {LABEL_SETS.briefly}.", show_default=False),
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
        _models_json(known, recalls) | choice_json(chosen),
        as_json=as_json,
        human=lambda: _models_text(known, recalls, choice_lines(chosen)),
    )


def recall(
    labels: Annotated[Path, typer.Option("--labels", help=f"The valid labels: {LABEL_SETS.briefly}.")],
    predictions: Annotated[list[Path], typer.Option("--predictions", help=f"Models: {PREDICTIONS.briefly}. Repeat it for several files.")],
    k: Annotated[int, typer.Option("-k", min=1, help="How many labels would be proposed per image.")] = 20,
    label_space: Annotated[
        str | None,
        typer.Option(
            "--label-space", help="The label space: imagenet1k or a file; needed if files name labels by key.", show_default=False
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="The name in titles for the images.", show_default="this dataset")] = "",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to; replaces an earlier report there.")] = Path("recall"),
    as_json: JsonOption = False,
) -> None:
    """Measure how many valid labels are among models' first k: which model proposes best, how many labels to ask, whether several help."""
    from multilabelfy.workflows.reporting import writing
    from multilabelfy.workflows.reporting.missed import missed_by_files

    made = missed_by_files(labels, predictions, k=k, now=now(), label_space=label_space, subject=title)
    page = writing.write_report(made, out)
    findings = {finding.slug: finding.table.records() for finding in made.findings}
    result = {"report": str(page), "summary": list(made.summary), "findings": findings}
    emit(result, as_json=as_json, human=lambda: "\n".join([*made.summary, "", str(page)]))


def _summary_json(summary: "ProposalSummary", near: "Copies | None") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "dataset": summary.dataset,
        "k": summary.k,
        "runs": [{**asdict(run), "images_per_second": run.images_per_second} for run in summary.runs],
        "unreadable": [{"image": path, "why": why} for path, why in summary.unreadable],
        "near_copies": None if near is None else copies_counts(near),
        "changed": list(summary.changed),
    }


def _summary_text(summary: "ProposalSummary", near: "Copies | None") -> str:
    lines = [line for run in summary.runs for line in _run_lines(run, summary)]
    if summary.unreadable:
        lines.append(f"Unreadable, and shown to nobody until repaired and imported again: {counted(len(summary.unreadable), 'picture')}")
        lines += [f"  {path}: {why}" for path, why in summary.unreadable]
    if near is not None:
        lines.append(copies_line(summary.dataset, near))
    if summary.changed:
        lines.append(f"Changed since they were first read, and proposed for as they are now: {counted(len(summary.changed), 'picture')}")
        lines += [*(f"  {path}" for path in summary.changed), CHANGED]
    return "\n".join(lines)


def _run_lines(run: "RunSummary", summary: "ProposalSummary") -> list[str]:
    if not run.n_scored:
        kept = "proposals and embeddings" if summary.embeddings else "proposals"
        return [f"{run.source}: nothing to do, all {counted(run.n_before, 'image')} have its {kept} already"]
    before = f" ({run.n_before} done before)" if run.n_before else ""
    speed = f"{run.images_per_second or 0:.1f} images/s"
    lines = [f"{run.source}: proposed for {counted(run.n_new, 'image')}{before}, {speed}"] if run.n_new else []
    if run.n_embedded:
        stay = "; proposals from before stay as they were" if run.n_embedded > run.n_new else ""
        lines.append(f"{'  ' if lines else f'{run.source}: '}embedded {counted(run.n_embedded, 'image')}, {speed}{stay}")
    if run.n_given:
        lines.append(
            f"  the given label is among the first {summary.k} for {run.n_held / run.n_given:.1%} of {counted(run.n_given, 'image')}"
        )
    return lines


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
