"""Check the files of a workspace: its secrets, its disk, the database's log, and what killed processes left."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from multilabelfy.plurals import counted
from multilabelfy.settings import SETTINGS_FILE
from multilabelfy.workflows.checkup.item import CheckupItem, Severity, fine
from multilabelfy.workflows.free_room import LOW_DISK, free_bytes
from multilabelfy.workflows.upkeep.leftovers import left
from multilabelfy.workflows.workspace import KEY_FILE, Workspace

SCARCE_DISK = 5 << 30
"""Free space, in bytes, below which it is time to make room."""
LONG_LOG = 256 << 20
"""Bytes in SQLite's log above which somebody's long read keeps it from being moved into the file."""


def secrets(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Who can read the key, and a password in the settings."""
    open_ones = readable_by_others(workspace)
    for what, file in (("key", workspace.folder / KEY_FILE), ("settings", workspace.folder / SETTINGS_FILE)):
        if file in open_ones:
            yield CheckupItem(
                what,
                Severity.PROBLEM,
                f"others can read it: run chmod 600 '{file}'",
                "Whoever has an account on this machine can read a secret of the workspace.",
                f"chmod 600 '{file}'",
                "takes the right to read it from others",
            )
        elif what == "key":
            yield fine(what, "only its owner can read it")


def readable_by_others(workspace: Workspace) -> list[Path]:
    """The files with secrets that others may read: the key, and settings that name a password."""
    settings = workspace.folder / SETTINGS_FILE
    has_secret = settings.is_file() and "database_url" in settings.read_text(encoding="utf-8", errors="replace")
    files = [workspace.folder / KEY_FILE, *([settings] if has_secret else [])]
    return [file for file in files if file.stat().st_mode & 0o077]


def disk(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Whether there is room, and whether it can be written."""
    if workspace.store.is_read_only:
        detail = f"'{workspace.folder}' is read-only: give this user the right to write it"
        yield CheckupItem("disk", Severity.PROBLEM, detail, "People can sign in and read; nothing can be saved.", "Let this user write it.")
        return
    free = free_bytes(workspace.folder)
    detail = f"{free / (1 << 30):.1f} GiB free"
    if free >= SCARCE_DISK:
        yield fine("disk", detail)
        return
    means = "When it is full, no answer can be saved; what was saved before is safe."
    way_out = "Make room. The folders `pictures`, `charts` and `downloads` may be deleted, and copies in `backups` moved elsewhere."
    yield CheckupItem("disk", Severity.WARNING if free >= LOW_DISK else Severity.PROBLEM, f"{detail}: make room", means, way_out)


def log(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """What lies in SQLite's log alone."""
    if workspace.store.file is None:
        return
    size = log_size(workspace)
    detail = f"{size / (1 << 20):.1f} MiB beside the database's file" if size else "everything is in the database's file"
    if size <= LONG_LOG:
        yield CheckupItem("log", Severity.NOTE if size else Severity.OK, detail, *(_IN_LOG if size else ()))
        return
    means = "It grows while a program reads for long, and makes everything slower."
    yield CheckupItem("log", Severity.WARNING, detail, means, "End long-running reads, or start the server anew.", _IN_LOG[2])


_IN_LOG = (
    "The newest commits are in the file's -wal: a copy of the file alone would lack them.",
    "Nothing; copy by `multilabelfy backup`.",
    "moves it into the file",
)


def log_size(workspace: Workspace) -> int:
    """Bytes in the log of a SQLite database."""
    file = workspace.store.file
    beside = None if file is None else file.with_name(f"{file.name}-wal")
    return beside.stat().st_size if beside is not None and beside.exists() else 0


def leftovers(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """What killed processes left."""
    places = left(workspace)
    if not places:
        yield fine("temporary files", "none is left over")
        return
    yield CheckupItem(
        "temporary files",
        Severity.WARNING,
        f"{counted(len(places), 'temporary file')} left over, the first '{places[0]}'",
        "A killed process left them. They take room and do no other harm.",
        "multilabelfy doctor --repair",
        "removes those in which nothing has changed for a day",
    )
