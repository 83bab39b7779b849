"""`queue`: give experts first the case where a second of their time is expected to gain most, where the protocol says so."""

from typing import Annotated

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, workspace_at
from multilabelfy.plurals import counted


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(queue)


def queue(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Order the experts' queue by what a decision is expected to gain, where the protocol says so. A server does so by itself."""
    from multilabelfy.workflows.settling.expert_queue import order_queue

    with workspace_at(workspace) as opened:
        ordered = order_queue(opened, name)
    emit({"n_waiting": ordered.n_waiting}, as_json=as_json, human=lambda: _text(ordered.n_waiting))


def _text(n_waiting: int) -> str:
    if not n_waiting:
        return "No case waits for an expert: there is nothing to order."
    wait = "waits" if n_waiting == 1 else "wait"
    return f"{counted(n_waiting, 'case')} {wait} for experts, ordered by what a second of their time is expected to gain."
