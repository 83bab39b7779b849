"""Commands of stage 1: `propose` and `models`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, progress_bar, say, workspace_at
from multilabelfy.errors import WorkspaceMissing

if TYPE_CHECKING:
    from multilabelfy.workflows.proposing.kinds import Models, StoredRun
    from multilabelfy.workflows.proposing.runs import ProposalSummary, RunSummary

INTERRUPTED = 130
"""The exit status of a program that Ctrl+C ended, by the shells' custom."""


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(propose)
    app.command()(models)


def propose(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    model: Annotated[
        list[str],
        typer.Option(
            help="What proposes: timm/MODEL, onnx:FILE, scores:FILE.npy or python:MODULE:FUNCTION; may be given again. See `models`."
        ),
    ],
    k: Annotated[int, typer.Option("-k", min=1, help="How many labels are proposed for an image.")] = 20,
    checkpoint: Annotated[
        Path | None, typer.Option(help="The weights of a timm/ model, as a local file: safetensors, or torch's state_dict.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="How many pictures are scored at once: 8 suits a processor, 64 or more a GPU.", show_default="8")
    ] = None,
    decode_threads: Annotated[int | None, typer.Option(help="How many threads decode pictures.", show_default="4")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let models propose labels for every image; run again, it goes on where it stopped and does nothing twice."""
    from multilabelfy.workflows.proposing.runs import propose as propose_labels

    told = [0, 0]
    try:
        with workspace_at(workspace, batch_size=batch_size, decode_threads=decode_threads) as open_one, progress_bar("proposing") as bar:

            def progress(n_done: int, n_total: int) -> None:
                told[:] = n_done, n_total
                bar(n_done, n_total)

            summary = propose_labels(open_one, name, model, k=k, checkpoint=checkpoint, progress=progress, now=now())
    except KeyboardInterrupt:
        say(f"Interrupted: {told[0]} of {told[1]} are done and kept. Run the same command again to go on from there.")
        sys.exit(INTERRUPTED)
    emit(_summary_json(summary), as_json=as_json, human=lambda: _summary_text(summary))


def models(
    name: Annotated[str | None, typer.Argument(help="A dataset, to see its runs alone.", show_default=False)] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """What can propose labels here, which model is recommended, and what has proposed already."""
    from multilabelfy.workflows.proposing.kinds import models as models_here

    try:
        with workspace_at(workspace) as open_one:
            found = models_here(open_one, name)
    except WorkspaceMissing:
        if name is not None:
            raise
        found = models_here(None)
    emit(_models_json(found), as_json=as_json, human=lambda: _models_text(found))


def _summary_json(summary: "ProposalSummary") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "dataset": summary.dataset,
        "k": summary.k,
        "runs": [{**asdict(run), "images_per_second": run.images_per_second} for run in summary.runs],
        "unreadable": [{"image": path, "why": why} for path, why in summary.unreadable],
    }


def _summary_text(summary: "ProposalSummary") -> str:
    lines = [line for run in summary.runs for line in _run_lines(run, summary.k)]
    if summary.unreadable:
        lines.append(f"Unreadable, shown to nobody until they are repaired and imported again: {len(summary.unreadable)}")
        lines += [f"  {path}: {why}" for path, why in summary.unreadable]
    return "\n".join(lines)


def _run_lines(run: "RunSummary", k: int) -> list[str]:
    if not run.n_new:
        return [f"{run.source}: nothing to do, {run.n_before} images have its proposals already"]
    before = f" ({run.n_before} were done before)" if run.n_before else ""
    lines = [f"{run.source}: proposed for {run.n_new} images{before}, {run.images_per_second or 0:.1f} images/s"]
    if run.n_given:
        lines.append(f"  the given label is among the first {k} for {run.n_held / run.n_given:.1%} of {run.n_given}")
    return lines


def _models_json(found: "Models") -> dict[str, Any]:
    kinds = [
        {"kind": str(here.kind), "form": here.form, "means": here.meaning, "available": here.is_available, "missing": list(here.missing)}
        for here in found.kinds
    ]
    return {"kinds": kinds, "recommended": found.recommended, "runs": [_run_json(stored) for stored in found.runs]}


def _run_json(stored: "StoredRun") -> dict[str, Any]:
    run = stored.run
    times = {"started_at": run.started_at.isoformat(), "finished_at": run.finished_at and run.finished_at.isoformat()}
    return {"dataset": stored.dataset, "source": run.source, "k": run.k, "n_done": run.n_done, "n_pending": stored.n_pending, **times}


def _models_text(found: "Models") -> str:
    lines = ["What can propose labels here:"]
    for here in found.kinds:
        state = "" if here.is_available else f" [not installed: pip install 'multilabelfy[{here.kind}]']"
        lines += [f"  {here.form}{state}", f"      {here.meaning}"]
    lines += [
        f"Recommended: {found.recommended}",
        "      the best of timm's table by ReaL accuracy (91.14%), and the paper's own; 305 million weights: on a processor it takes",
        "      seconds an image, so have a GPU, or begin with a smaller one",
    ]
    if found.runs:
        lines.append("What has proposed already:")
        lines += [_run_text(stored) for stored in found.runs]
    return "\n".join(lines)


def _run_text(stored: "StoredRun") -> str:
    run = stored.run
    waiting = f", {stored.n_pending} wait" if stored.n_pending else ""
    return (
        f"  {stored.dataset}: {run.source}, {run.k} labels each for {run.n_done} images{waiting}, begun {run.started_at:%Y-%m-%d %H:%M} UTC"
    )
