"""Restore a workspace from a backup: checked before, compared with it afterwards, and never over another workspace that is not kept."""

import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from multilabelfy.errors import InvalidInput, Problem, StoreUnavailable
from multilabelfy.formats.files.whole_files import part_beside, remove_part
from multilabelfy.settings import SETTINGS_FILE
from multilabelfy.store.copies import file_backup
from multilabelfy.store.copies.table_sums import TableSum
from multilabelfy.workflows.served_at import address_in
from multilabelfy.workflows.upkeep.backups import BESIDE, copy_beside, sync_all
from multilabelfy.workflows.upkeep.contents import TableContent, contents
from multilabelfy.workflows.upkeep.settings_file import without_database_url
from multilabelfy.workflows.workspace import KEPT, KEY_FILE, create_key
from multilabelfy.workflows.workspace_database import DATABASE_FILE

_LOGS = ("", "-wal", "-shm", "-journal")
ATTEMPT = "Cannot restore"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: where the workspace is, and where the one that was there before it is kept, if there was one.

    `before` are the tables of the backup, `after` those of the workspace. They differ only where it was brought up to date, which
    `revisions` says: the backup's and the workspace's. After that comparison all links and sessions ended.
    """

    workspace: Path
    kept: Path | None
    revisions: tuple[str, str]
    before: tuple[TableContent, ...]
    after: tuple[TableContent, ...]

    def compared(self) -> list[tuple[TableContent, TableContent]]:
        """Each table before and after; one that only the newer version has was empty before."""
        earlier = {each.table: each for each in self.before}
        return [(earlier.get(each.table, TableContent(each.table)), each) for each in self.after]

    def as_dict(self) -> dict[str, Any]:
        """The same in plain values."""
        return {**asdict(self), "workspace": str(self.workspace), "kept": str(self.kept) if self.kept else None}


def restore(backup: Path, folder: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Make `folder` a workspace as the backup holds it (a folder that `backup` made, a database's file, or a workspace that nobody serves).

    The backup is only read. The workspace is complete or not there at all. With `replace`, one that is there is kept in its own folder
    `backups`. Raises InvalidInput for what is not a backup, or a workspace that is there; StoreUnavailable for a damaged one or one of a
    newer version, or if it cannot be written.

    Nobody is signed in afterwards, and no link works: some of those that the backup holds have ended since.
    """
    file = _database_of(backup)
    _check_place(folder, replace=replace)
    before = file_backup.inspected(file)
    part = part_beside(folder / "restored")
    try:
        part.mkdir(parents=True, mode=0o700)
        revisions, after = _made(backup, file, part, before, now)
        kept = _keep(folder, now) if _is_used(folder) else None
        for made in sorted(part.iterdir(), key=lambda place: place.name == KEY_FILE):  # the key last: with it the workspace is there
            made.replace(folder / made.name)
        sync_all(folder)
    except OSError as error:
        raise StoreUnavailable(f"{ATTEMPT} into '{folder}': {error.strerror}. Make room, or name another folder.") from None
    finally:
        remove_part(part)
    return Restored(folder, kept, revisions, contents(before), contents(after))


def _made(
    backup: Path, file: Path, part: Path, before: tuple[TableSum, ...], now: datetime
) -> tuple[tuple[str, str], tuple[TableSum, ...]]:
    """Make the workspace beside its place, and hold its tables against the backup's."""
    database = part / DATABASE_FILE
    database.touch(mode=0o600)
    file_backup.copy_file(file, database)
    if file_backup.inspected(database) != before:
        raise StoreUnavailable(f"{ATTEMPT} '{backup}': the copy is not what the backup holds. Check the disk, then try again.")
    revisions = file_backup.brought_up_to_date(database)
    if backup.is_dir():
        for name in BESIDE:
            copy_beside(backup / name, part / name)
        if (part / SETTINGS_FILE).is_file():
            without_database_url(part / SETTINGS_FILE)
    if not (part / KEY_FILE).is_file():
        create_key(part)
    after = file_backup.inspected(database)
    file_backup.ended_access(database, now)
    return revisions, after


def _database_of(backup: Path) -> Path:
    file = backup / DATABASE_FILE if backup.is_dir() else backup
    if not file.is_file():
        what = f"it has no file {DATABASE_FILE}" if backup.is_dir() else "there is no such file or folder"
        raise InvalidInput(ATTEMPT, [Problem(str(backup), what)], "Name a folder that `backup` made, or the file of a database.")
    address = address_in(file.parent)
    if address is not None:
        raise InvalidInput(ATTEMPT, [Problem(str(backup), f"it is served at {address}")], "Make a backup of it, and restore that.")
    return file


def _check_place(folder: Path, *, replace: bool) -> None:
    address = address_in(folder)
    if address is not None:
        raise InvalidInput(ATTEMPT, [Problem(str(folder), f"it is served at {address}")], "End the server first.")
    if _is_used(folder) and not replace:
        raise InvalidInput(
            ATTEMPT,
            [Problem(str(folder), "a workspace is there already")],
            f"Name another folder with --workspace, or add --replace: the one that is there is then kept in its folder '{KEPT}'.",
        )


def _is_used(folder: Path) -> bool:
    return any((folder / name).exists() for name in (KEY_FILE, DATABASE_FILE, SETTINGS_FILE))


def _keep(folder: Path, now: datetime) -> Path:
    """Move everything that a workspace cannot make again into a folder that is a workspace itself."""
    kept = folder / KEPT / f"before-restoring-{now:%Y-%m-%dT%H-%M-%S-%f}"
    kept.mkdir(parents=True, mode=0o700)
    for name in (*BESIDE, *(DATABASE_FILE + end for end in _LOGS)):
        if (folder / name).exists():
            (folder / name).replace(kept / name)
    shutil.rmtree(folder / "pictures", ignore_errors=True)  # made anew: nothing of one study is shown in another
    return kept
