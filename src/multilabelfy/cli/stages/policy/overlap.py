"""`overlap`: let the policy of an adaptive overlap decide which images are asked about again, and which have had enough."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, workspace_at
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.workflows.settling.overlap import OverlapNow


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(overlap)


def overlap(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide which images are put before one more annotator, where the protocol's overlap adapts. A server does so by itself."""
    from multilabelfy.workflows.settling.overlap import decide_overlap

    with workspace_at(workspace) as opened:
        decided = decide_overlap(opened, name, now())
    emit(_as_json(decided), as_json=as_json, human=lambda: _text(decided))


def _as_json(decided: "OverlapNow") -> dict[str, Any]:
    return {"n_asked_again": decided.n_asked_again, "decided": {reason.value: n for reason, n in decided.by_reason.items()}}


def _text(decided: "OverlapNow") -> str:
    from multilabelfy.annotation.overlap import OverlapReason

    words = {
        OverlapReason.ENOUGH: "had enough",
        OverlapReason.IN_DOUBT: "in doubt, one more annotator is asked",
        OverlapReason.AT_CAP: "in doubt, and asked about as often as the protocol allows",
        OverlapReason.WITH_EXPERT: "in doubt, and with an expert",
        OverlapReason.PANEL: "in the panel, which keeps the fixed overlap",
    }
    lines = [f"{counted(decided.by_reason[reason], 'image')}: {text}" for reason, text in words.items() if decided.by_reason[reason]]
    if not lines:
        return "No image has its least answers yet: nothing was decided."
    return "\n".join([*lines, f"Waiting for one more annotator now: {counted(decided.n_asked_again, 'image')}"])
