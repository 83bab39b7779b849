"""Commands about the workspace itself: its progress, its health, its settings and its backups."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.options import JsonOption, WorkspaceOption
from multilabelfy.cli.output import emit, now, progress_bar, say, workspace_at
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.workflows.checkup.item import CheckupItem
    from multilabelfy.workflows.owning.overview import DatasetStatus
    from multilabelfy.workflows.upkeep.contents import TableContent
    from multilabelfy.workflows.upkeep.moving import Moved
    from multilabelfy.workflows.upkeep.restoring import Restored

EXIT_WARNINGS = 3


def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show how far each dataset of the workspace is, and what to do next."""
    from multilabelfy.workflows.owning.overview import statuses

    with workspace_at(workspace) as opened:
        datasets = statuses(opened)
        unused = opened.unused()
    if unused:
        say(unused)
    emit([dataset.as_dict() for dataset in datasets], as_json=as_json, human=lambda: _status_text(datasets))


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended safely, say what was done, then check.")] = False,
    settings: Annotated[
        bool, typer.Option("--settings", help="Instead, print each setting with its value, where the value comes from, and what it does.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check all of the workspace that can break: files, secrets, disk, database, counters, releases, pictures, clock and server.

    Exits with status 0 if nothing needs to be done, 3 if there are warnings alone, and 1 if there is a problem. `--repair` computes
    counters anew (after a copy of the database is kept), moves SQLite's log into its file, removes what killed processes left and hides
    secrets from others.
    """
    if settings:
        if repair:
            raise typer.BadParameter("give one of --repair and --settings")
        _settings(workspace, as_json=as_json)
        return
    from multilabelfy.workflows.checkup import checkup

    with workspace_at(workspace) as opened:
        repaired = checkup.repair(opened, now()) if repair else ()
        items = checkup.check(opened, now())
    for line in repaired:
        say(line)
    if repair and not repaired:
        say("There was nothing to mend.")
    emit([item.as_dict() for item in items], as_json=as_json, human=lambda: "\n".join(_checkup_lines(items)))
    if not all(item.ok for item in items):
        raise typer.Exit(EXIT_WARNINGS if all(item.severity.value != "problem" for item in items) else 1)


def backup(
    place: Annotated[
        Path | None,
        typer.Argument(
            help="A new folder, for all that a workspace needs; or a new file (.db, .sqlite) for the database. With --restore, such a "
            "folder or file."
        ),
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Make a workspace of a backup. One of an older version is brought up to date.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --restore: over a workspace that is there. It is kept in its own folder `backups`.")
    ] = False,
    move_to: Annotated[
        str | None,
        typer.Option(
            metavar="DATABASE",
            help="Move the content into an empty database while the workspace is not served: postgresql://user:password@host/name, or "
            "`sqlite` for the workspace's own file. If it is cut off, run it again. The old one is kept, closed to writing.",
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Back up the workspace while people work, restore a backup, or move the workspace into another database.

    The folder is a workspace itself. What is restored or moved is counted and compared by a checksum, table by table.
    """
    if (place is None) == (move_to is None):
        raise typer.BadParameter("name the place of the backup, or a database with --move-to")
    if (restore and place is None) or (replace and not restore):
        raise typer.BadParameter("--restore goes with the place of a backup, and --replace with --restore")
    if place is None:
        _move(move_to or "", workspace, as_json=as_json)
    elif restore:
        _restore(place, workspace, replace=replace, as_json=as_json)
    else:
        _back_up(place, workspace, as_json=as_json)


def _back_up(place: Path, workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.workflows.importing.uploads import uploads_of
    from multilabelfy.workflows.upkeep.backups import back_up

    with workspace_at(workspace) as open_one:
        made = back_up(open_one, place)
        if uploads_of(open_one).is_dir():
            say(f"Pictures are not in it: copy '{uploads_of(open_one)}', where uploaded ones are, as you copy your other pictures.")
    emit({"backup": str(made)}, as_json=as_json, human=lambda: str(made))


def _restore(backup: Path, workspace: Path | None, *, replace: bool, as_json: bool) -> None:
    from multilabelfy.settings import load_settings, workspace_folder
    from multilabelfy.workflows.upkeep import restoring

    restored = restoring.restore(backup, workspace_folder(workspace), now(), replace=replace)
    elsewhere = load_settings(restored.workspace).database_url
    if elsewhere:
        say("MULTILABELFY_DATABASE_URL names another database: unset it, or this workspace is not used.")
    emit(restored.as_dict(), as_json=as_json, human=lambda: _restored_text(restored))


def _move(to: str, workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.settings import load_settings
    from multilabelfy.workflows.upkeep import moving

    with progress_bar("moving", "rows") as advance:
        moved = moving.move(load_settings(workspace), to, now(), lambda _, done, total: advance(done, total))
    if moved.by_hand:
        say(moved.by_hand)
    emit(moved.as_dict(), as_json=as_json, human=lambda: _moved_text(moved))


def _settings(workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.settings import settings_with_origins

    rows = settings_with_origins(workspace)
    result = [{"name": row.name, "value": row.value, "origin": row.origin, "default": row.default, "effect": row.effect} for row in rows]
    emit(
        result,
        as_json=as_json,
        human=lambda: "\n".join(f"{row.name} = {_shown(row.value)}  ({row.origin})\n    {row.effect}" for row in rows),
    )


def _shown(value: object) -> str:
    return "not set" if value is None else str(value) if isinstance(value, Path) else repr(value) if isinstance(value, str) else str(value)


def _status_text(datasets: "list[DatasetStatus]") -> str:
    if not datasets:
        return "No dataset yet. Import one: multilabelfy import NAME --images DIR"
    return "\n".join(dataset.sentence() for dataset in datasets)


def _checkup_lines(items: "tuple[CheckupItem, ...]") -> "Iterator[str]":
    marks = {"ok": "ok ", "note": "-- ", "warning": "!  ", "problem": "!! "}
    for item in items:
        yield f"{marks[item.severity.value]} {item.what}: {item.detail}"
        if not item.ok:
            yield f"      {item.means}"
            yield f"      Do: {item.way_out}"


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
