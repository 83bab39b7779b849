"""Back up a workspace while people work: its database as of one moment, and the files that cannot be made again."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem, StoreUnavailable
from multilabelfy.formats.files.whole_files import part_beside, remove_left_parts, remove_part
from multilabelfy.settings import SETTINGS_FILE
from multilabelfy.store.copies.backup import copy_to
from multilabelfy.workflows.upkeep.settings_file import without_database_url
from multilabelfy.workflows.workspace import Workspace
from multilabelfy.workflows.workspace_database import DATABASE_FILE

BESIDE = ("key", "settings.toml", "imported-answers", "tls", "reports", "simulated")
"""What of a workspace is copied beside its database; pictures' display sizes are made anew."""
FILE_NAMES = (".db", ".sqlite", ".sqlite3")


def back_up(workspace: Workspace, place: Path) -> Path:
    """Back up into a new folder, itself a workspace, or only the database into a new file (`.db`, `.sqlite`). Returns the path.

    It appears complete or not at all. The backup of a PostgreSQL database is a SQLite file, too, and its folder's settings do not name
    the database. Raises InvalidInput if the path exists already; StoreUnavailable if it cannot be written.
    """
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise InvalidInput(
            "Cannot back up", [Problem(str(place), "it is there already")], "Name a new file or folder: no backup is written over."
        )
    part = part_beside(place)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        remove_left_parts(place)
        _check_room(workspace, place)
        _write(workspace, part, is_file=place.suffix in FILE_NAMES)
        part.replace(place)
        _sync(place.parent)
    except OSError as error:
        raise StoreUnavailable(f"Cannot write the backup '{place}': {error.strerror}. Make room, or name another place.") from None
    finally:
        remove_part(part)
    return place


def _check_room(workspace: Workspace, place: Path) -> None:
    """Say before it is written that it cannot fit: on the workspace's own disk it would take the room of answers until it failed."""
    needs = 0 if workspace.store.file is None else workspace.store.file.stat().st_size
    free = shutil.disk_usage(place.parent).free
    if needs > free:
        sizes = f"it needs {needs / 1e9:.2f} GB, and the disk has {free / 1e9:.2f} GB left"
        raise StoreUnavailable(f"Cannot write the backup '{place}': {sizes}. Make room, or name another place.")


def _write(workspace: Workspace, part: Path, *, is_file: bool) -> None:
    if is_file:
        part.touch(mode=0o600)
        copy_to(workspace.store, part)
    else:
        part.mkdir(mode=0o700)
        (part / DATABASE_FILE).touch(mode=0o600)
        copy_to(workspace.store, part / DATABASE_FILE)
        for name in BESIDE:
            copy_beside(workspace.folder / name, part / name)
        if (part / SETTINGS_FILE).is_file() and workspace.store.file is None:
            without_database_url(part / SETTINGS_FILE)  # opened where it lies, it shows the copy
    sync_all(part)


def copy_beside(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all that is in it, with its permissions: only the key's owner can read it."""
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.is_file():
        shutil.copy2(source, target)


def sync_all(place: Path) -> None:
    """Flush every file of a folder, or one file, to the disk."""
    for written in _files(place):
        _sync(written)


def _files(place: Path) -> Iterator[Path]:
    yield from (file for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file())


def _sync(place: Path) -> None:
    """Flush a file, or a folder's entries, to the disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
