"""`ask`: let a machine answer what annotators are asked, and list the machines that did."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import DatasetName, JsonOption, WorkspaceOption
from multilabelfy.cli.output import emit, now, progress_bar, say, workspace_at
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.annotation.machines import MachineRater
    from multilabelfy.workflows.asking.asking import AskedMachine, MeasuredMachine

INTERRUPTED = 130
"""The exit status that shells give a program ended by Ctrl+C."""
SHOWN = 10
NOBODY = "No machine has been asked about {name}: ask one with --machine python:MODULE:FUNCTION."
NEVER = "Their votes are never people's: they count only where they are asked for (resolve --with-machines, aggregate --machines)."


def ask(
    name: DatasetName,
    machine: Annotated[
        str | None,
        typer.Option(
            metavar="python:MODULE:FUNCTION",
            help="Your function: FUNCTION(picture, labels) gives 'yes', 'maybe', 'no' or None for each label, in their order. "
            "Left out, the machines are listed that were asked.",
        ),
    ] = None,
    n_images: Annotated[
        int | None, typer.Option("--images", min=1, help="Ask about the first N images of the draw, a random sample.", show_default="all")
    ] = None,
    called: Annotated[
        str,
        typer.Option(
            "--as", help="The name under which the votes are kept, for another version of the same function.", show_default="its SPEC"
        ),
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a machine what annotators are asked. Run it again to continue where it stopped; nothing is asked twice."""
    from multilabelfy.workflows.asking import asking

    if machine is None:
        with workspace_at(workspace) as opened:
            known = asking.machines_of(opened, name)
        emit([_measured_json(of) for of in known], as_json=as_json, human=lambda: _listed(name, known))
        return
    counts = [0, 0]
    try:
        with workspace_at(workspace) as opened, progress_bar("asking") as bar:

            def progress(n_done: int, n_total: int) -> None:
                counts[:] = n_done, n_total
                bar(n_done, n_total)

            asked = asking.ask(opened, name, machine, clock=now, n_images=n_images, called=called, folder=Path.cwd(), progress=progress)
    except KeyboardInterrupt:
        say(f"Interrupted at image {counts[0] + 1} of {counts[1]}: what was answered is kept. Run the same command again to continue.")
        sys.exit(INTERRUPTED)
    emit(_asked_json(asked), as_json=as_json, human=lambda: _asked_text(asked))


def _as_json(of: "MachineRater") -> dict[str, Any]:
    return {
        "machine": of.title,
        "n_images": of.n_images,
        "n_votes": of.n_votes,
        "n_silent": of.n_silent,
        "added_at": of.added_at.isoformat(),
    }


def _asked_json(asked: "AskedMachine") -> dict[str, Any]:
    failed = [{"image": path, "why": why} for path, why in asked.failed]
    return {**_as_json(asked.machine), "n_new": asked.n_images, "n_before": asked.n_before, "failed": failed}


def _asked_text(asked: "AskedMachine") -> str:
    before = f" ({asked.n_before} done before)" if asked.n_before else ""
    new = f"asked about {counted(asked.n_images, 'image')}{before}" if asked.n_images else f"nothing new to ask{before}"
    lines = [f"{asked.machine.title}: {new}; {_votes(asked.machine)}"]
    if asked.failed:
        lines.append(f"Failed, and asked again by the next run: {counted(len(asked.failed), 'picture')}")
        lines += [f"  {path}: {why}" for path, why in asked.failed[:SHOWN]]
        lines += [f"  … and {len(asked.failed) - SHOWN} more"] if len(asked.failed) > SHOWN else []
    return "\n".join(lines)


def _measured_json(of: "MeasuredMachine") -> dict[str, Any]:
    confusion = {"where_not_valid": list(of.where_not_valid) or None, "where_valid": list(of.where_valid) or None}
    return {**_as_json(of.machine), "n_compared": of.n_compared, **confusion}


def _listed(name: str, known: "list[MeasuredMachine]") -> str:
    if not known:
        return NOBODY.format(name=name)
    return "\n".join([*(line for of in known for line in _lines(of)), NEVER])


def _lines(of: "MeasuredMachine") -> list[str]:
    lines = [f"{of.machine.title}: {_votes(of.machine)} on {counted(of.machine.n_images, 'image')}"]
    if not of.n_compared:
        return [*lines, "  how good they are is not known: people were asked about none of these labels"]
    (_, maybe_wrong, yes_wrong), (_, maybe_right, yes_right) = of.where_not_valid, of.where_valid
    compared = counted(of.n_compared, "vote")
    return [
        *lines,
        f"  yes to {yes_right:.0%} of the valid labels and to {yes_wrong:.0%} of the others, "
        f"maybe to {maybe_right:.0%} and {maybe_wrong:.0%}: by {compared} on labels that people were asked about",
    ]


def _votes(of: "MachineRater") -> str:
    silent = f", {counted(of.n_silent, 'label')} left open" if of.n_silent else ""
    return f"{counted(of.n_votes, 'vote')} in all{silent}"
