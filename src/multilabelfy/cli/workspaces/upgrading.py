"""`upgrade`: a workspace of an older version, brought up to date."""

from typing import Annotated

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(upgrade)


def upgrade(
    check: Annotated[bool, typer.Option("--check", help="Only say what would be done; exit with status 1 if something would.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a workspace of an older version up to date, after a copy of its database was kept.

    Other commands do so, too, when they open it.
    """
    from multilabelfy.settings import load_settings
    from multilabelfy.workflows.upkeep import upgrading

    settings = load_settings(workspace)
    state = upgrading.state(settings)
    kept = None if check else upgrading.upgrade(settings)
    result = {"version": state.version, "revision": state.revision, "needed": state.needed, "kept": str(kept) if kept else None}
    step = f"from revision {state.revision} to {state.needed}, which Multilabelfy {state.version} needs"
    if not state.is_needed:
        text = f"Nothing to do: the workspace has revision {state.revision}, which Multilabelfy {state.version} needs."
    elif check:
        text = f"To be brought up to date: {step}. A copy is kept first ({state.n_free_bytes / (1 << 30):.1f} GiB are free)."
    else:
        text = f"Brought up to date: {step}. As it was, it is kept in '{kept}'."
    emit(result, as_json=as_json, human=lambda: text)
    if check and state.is_needed:
        raise typer.Exit(1)
