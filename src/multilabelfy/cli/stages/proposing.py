"""`propose`: let models propose labels, and say how long that takes and how far it is."""

import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.copies import copies_after, copies_counts, copies_line
from multilabelfy.cli.options import DatasetName, JsonOption, WorkspaceOption
from multilabelfy.cli.output import console, emit, now, progress_bar, say, workspace_at
from multilabelfy.formats.inputs import PROMPT_TEMPLATES
from multilabelfy.inference.precision import Precision
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.dataset.copies import Copies
    from multilabelfy.workflows.proposing.foreseen import ForeseenRun
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
WORTH_A_WORD = 10
"""Seconds: of a shorter run nothing is said beforehand."""
EVERY = 60
"""Seconds between two lines where no bar is shown."""
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def propose(
    name: DatasetName,
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


class PaceTeller:
    """Says for each model, once, how it scores and how long it will take; without a bar, it also says every minute how far it is."""

    def __init__(self, say: Callable[[str], None], *, has_bar: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._has_bar, self._clock = say, has_bar, clock
        self._source = ""
        self._remarks: set[tuple[str, str]] = set()
        self._said_at = 0.0

    def expect(self, run: "ForeseenRun") -> None:
        """Say what a run will take, before it begins."""
        if run.seconds >= WORTH_A_WORD:
            self._say(f"{run.source}: {counted(run.n_images, 'image')} will take about {duration(run.seconds)} ({run.basis}).")

    def __call__(self, pace: "RunPace") -> None:
        """Take note of the pace, and say what is due."""
        if pace.remark and (pace.source, pace.remark) not in self._remarks:  # workers of a cluster may differ, turn by turn
            self._remarks.add((pace.source, pace.remark))
            self._say(f"{pace.source}: {pace.remark}")
        if pace.source != self._source:
            self._source, self._said_at = pace.source, self._clock()
            if (pace.seconds_left or 0) >= WORTH_A_WORD:
                self._say(forecast(pace))
        elif not self._has_bar and self._clock() - self._said_at >= EVERY:
            self._said_at = self._clock()
            self._say(so_far(pace))


def forecast(pace: "RunPace") -> str:
    """What the whole run will take."""
    return (
        f"{pace.source}: {counted(pace.n_total - pace.n_done, 'image')} left: about {duration(pace.seconds_left or 0)} "
        f"({rate(pace)}; {bottleneck(pace)}). Ctrl+C ends it: what is done is kept, and the same command continues."
    )


def so_far(pace: "RunPace") -> str:
    """How far it is."""
    return (
        f"{pace.source}: {pace.n_done} of {counted(pace.n_total, 'image')}, {rate(pace)}, "
        f"about {duration(pace.seconds_left or 0)} left; {bottleneck(pace)}"
    )


def rate(pace: "RunPace") -> str:
    """Images a second, with a digit more where they are few."""
    speed = pace.images_per_second or 0
    return f"{speed:.0f} images/s" if speed >= 10 else f"{speed:.2g} images/s"


def bottleneck(pace: "RunPace") -> str:
    """What takes the most of the work."""
    if pace.bottleneck is None:
        return "nothing is done yet"
    part, share = pace.bottleneck
    return f"{part} takes {share:.0%} of the work"


def duration(seconds: float) -> str:
    """Rounded to whole units, two of the smallest that fits at least.

    >>> duration(45), duration(119), duration(7200), duration(25200), duration(400000)
    ('45 seconds', '119 seconds', '2 hours', '7 hours', '5 days')
    """
    for size, unit in UNITS:
        if seconds >= 2 * size:
            return counted(round(seconds / size), unit)
    return counted(max(round(seconds), 1), "second")


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
