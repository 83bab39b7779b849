"""`suspects`: which given labels look wrong, before anyone annotates."""

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, say, workspace_at
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.workflows.proposing.suspects import Suspects


class Measure(StrEnum):
    """The measures of suspicion; all but the loss are cleanlab's."""

    LOSS = "loss"
    NORMALIZED_MARGIN = "normalized-margin"
    ENTROPY = "confidence-weighted-entropy"
    CONFIDENT_LEARNING = "confident-learning"


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(suspects)


def suspects(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    by: Annotated[
        Measure,
        typer.Option("--by", help="How to measure suspicion. loss needs nothing else; the others come from cleanlab."),
    ] = Measure.LOSS,
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="Whose scores count: a model that has proposed, or scores:FILE.npy. May be repeated.", show_default="all that have"
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, help="How many suspects to list.")] = 20,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the whole ranking as a table: .csv or .parquet.", show_default=False)
    ] = None,
    queue: Annotated[
        int | None,
        typer.Option(
            "--queue", min=0, help="Hand out this many of the most suspicious images before all others; 0 undoes it.", show_default=False
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
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
    emit(_as_json(ranking, top, out, n_queued), as_json=as_json, human=lambda: _as_text(ranking, top, out, n_queued))


def _as_json(ranking: "Suspects", top: int, out: Path | None, n_queued: int | None) -> dict[str, Any]:
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


def _as_text(ranking: "Suspects", top: int, out: Path | None, n_queued: int | None) -> str:
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
