"""`suspects`: which given labels look wrong, before anybody annotates."""

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, say, workspace_at

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
        typer.Option("--by", help="loss needs nothing more; the others are cleanlab's."),
    ] = Measure.LOSS,
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="Whose belief counts: a model that has proposed, or scores:FILE.npy; may be given again.", show_default="all that have"
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, help="How many to list.")] = 20,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the whole ranking as a table: .csv or .parquet.", show_default=False)
    ] = None,
    queue: Annotated[
        int | None,
        typer.Option("--queue", min=0, help="Hand so many of the most suspicious out before all others; 0 undoes it.", show_default=False),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank images by how wrong their given label looks to the models that have proposed, so that a small budget goes where errors are."""
    from multilabelfy.proposals.suspects import SuspectBy
    from multilabelfy.workflows.proposing import suspects as suspecting

    with workspace_at(workspace) as open_one:
        found = suspecting.suspects(open_one, name, by=SuspectBy(by.value), models=model or ())
        if out is not None:
            suspecting.write_suspects(found, out, overwrite=overwrite)
        n_queued = None if queue is None else suspecting.queue_first(open_one, found, queue)
    if n_queued:
        say(f"note: {n_queued} images are handed out first. Until all are annotated, what their labels say holds for them alone.")
    emit(_as_json(found, top, out, n_queued), as_json=as_json, human=lambda: _as_text(found, top, out, n_queued))


def _as_json(found: "Suspects", top: int, out: Path | None, n_queued: int | None) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "dataset": found.dataset,
        "by": found.by.value,
        "models": list(found.models),
        "n_images": len(found),
        "n_left_out": found.n_left_out,
        "n_flagged": found.n_flagged,
        "n_queued": n_queued,
        "out": None if out is None else str(out),
        "suspects": [asdict(one) for one in islice(found.ranked(), top)],
    }


def _as_text(found: "Suspects", top: int, out: Path | None, n_queued: int | None) -> str:
    lines = [f"{found.dataset}: {len(found)} given labels, the most suspicious first by {found.by} ({', '.join(found.models)})."]
    if found.n_left_out:
        lines.append(f"{found.n_left_out} images are left out: nothing was proposed for them.")
    if found.n_flagged is not None:
        lines.append(f"cleanlab takes {found.n_flagged} of them for wrong.")
    names = {label.key: label.name for label in found.labels.labels}
    for one in islice(found.ranked(), top):
        mark = "!" if one.flagged else " "
        scores = f"{one.given_score:.1%} against {one.suggested_score:.1%}"
        lines.append(f"{one.rank:6} {mark} {one.image}: {names[one.given_label]} – rather {names[one.suggested_label]}? ({scores})")
    if n_queued is not None:
        lines.append(f"{n_queued} of them are handed out first." if n_queued else "The queue is in the import's own order again.")
    return "\n".join([*lines, *([str(out)] if out else [])])
