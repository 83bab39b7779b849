"""Commands that bring a whole workspace somewhere: `restore` and `move`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, progress_bar, say
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multilabelfy.workflows.upkeep.contents import TableContent
    from multilabelfy.workflows.upkeep.moving import Moved
    from multilabelfy.workflows.upkeep.restoring import Restored


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(restore)
    app.command()(move)


def restore(
    backup: Annotated[Path, typer.Argument(help="A folder that `backup` made, or the file of a database.", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Restore over a workspace that is there. It is kept in its own folder `backups`.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace of a backup. Both are checked, and counted table by table; a backup of an older version is brought up to date."""
    from multilabelfy.settings import load_settings, workspace_folder
    from multilabelfy.workflows.upkeep import restoring

    restored = restoring.restore(backup, workspace_folder(workspace), now(), replace=replace)
    elsewhere = load_settings(restored.workspace).database_url
    if elsewhere:
        say("MULTILABELFY_DATABASE_URL names another database: unset it, or this workspace is not used.")
    emit(restored.as_dict(), as_json=as_json, human=lambda: _restored_text(restored))


def move(
    to: Annotated[
        str,
        typer.Option("--to", help="An empty database: postgresql://user:password@host/name, or `sqlite` for the workspace's own file."),
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move the workspace's content into another database, SQLite or PostgreSQL, while it is not served.

    Every table is counted and compared by a checksum. If it is cut off, run it again: it goes on. The old database is kept, and refuses to
    be written.
    """
    from multilabelfy.settings import load_settings
    from multilabelfy.workflows.upkeep import moving

    with progress_bar("moving", "rows") as advance:
        moved = moving.move(load_settings(workspace), to, now(), lambda _, done, total: advance(done, total))
    if moved.by_hand:
        say(moved.by_hand)
    emit(moved.as_dict(), as_json=as_json, human=lambda: _moved_text(moved))


def _moved_text(moved: "Moved") -> str:
    lines = _tables([(each, each) for each in moved.tables]) if moved.tables else ["An earlier run had copied and compared all rows."]
    lines.append(f"The workspace's database is {moved.after} now. {moved.before} is kept as it was, and refuses to be written.")
    if moved.set_aside:
        lines.append(f"The older database that was in its place is kept as '{moved.set_aside}'.")
    return "\n".join(lines)


def _restored_text(restored: "Restored") -> str:
    older, newer = restored.revisions
    lines = [*_tables(restored.compared()), f"'{restored.workspace}' holds what the backup held."]
    if older != newer:
        lines.append(
            f"It was brought up to date (revision {older} became {newer}): tables marked + were added to. The backup is as it was."
        )
    lines.append("All links and sessions of the backup have ended: `multilabelfy invite NAME` makes new links, first for an owner.")
    if restored.kept:
        lines.append(f"The workspace that was there before is kept in '{restored.kept}'.")
    return "\n".join(lines)


def _tables(compared: "Sequence[tuple[TableContent, TableContent]]") -> list[str]:
    """A line for each table: its rows and the beginning of its checksum, on either side; `+` where they differ."""
    lines = [
        f"{'=' if before == after else '+'} {after.table:<18} {before.n_rows:>10,} {before.checksum[:12]}"
        f"  →  {after.n_rows:>10,} {after.checksum[:12]}"
        for before, after in compared
    ]
    return [f"  {'table':<18} {'rows':>10} checksum", *lines, f"{counted(sum(after.n_rows for _, after in compared), 'row')} in all."]
