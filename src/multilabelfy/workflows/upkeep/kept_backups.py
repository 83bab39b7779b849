"""The backups that lie where pages make them: which there are, how far one under way is, and what of one may leave by a browser.

A backup on the server is whole. What is sent to a browser holds everything that people said, and nothing that opens the server: no key, no
settings (which may name a database's password), no certificate.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from multilabelfy.errors import UnknownBackup
from multilabelfy.formats.files.whole_files import parts_of
from multilabelfy.workflows.upkeep.backups import FILE_NAMES
from multilabelfy.workflows.workspace import KEPT, Workspace
from multilabelfy.workflows.workspace_database import DATABASE_FILE

SHOWN = 20
SENT = ("imported-answers", "reports")
"""What of a backup is sent beside its database."""


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup: its name in the folder, when its database was written, and its size in bytes."""

    name: str
    made_at: datetime
    n_bytes: int


@dataclass(frozen=True, slots=True)
class KeptBackups:
    """Those in `folder`: the newest SHOWN of them, newest first, and how many older ones there are."""

    folder: Path
    newest: tuple[KeptBackup, ...] = ()
    n_older: int = 0


def backup_folder(workspace: Workspace) -> Path:
    """Where pages make backups and look for them."""
    return (workspace.settings.backup_folder or workspace.folder / KEPT).resolve()


def new_place(workspace: Workspace, now: datetime) -> Path:
    """Where a backup that begins now shall lie."""
    return backup_folder(workspace) / f"{now:%Y-%m-%dT%H-%M-%S}"


def kept_backups(workspace: Workspace) -> KeptBackups:
    """What lies there, whoever made it: pages, a nightly command, or a copy that was kept before something was deleted.

    Raises OSError where the folder cannot be read.
    """
    folder = backup_folder(workspace)
    dated = sorted(((_written_at(place), place) for place in _backups_in(folder)), reverse=True)
    newest = [KeptBackup(place.name, datetime.fromtimestamp(at, UTC), _size(place)) for at, place in dated[:SHOWN]]
    return KeptBackups(folder, tuple(newest), len(dated) - len(newest))


def files_to_send(workspace: Workspace, name: str) -> list[tuple[Path, str]]:
    """The files of a backup that may leave, each with its name in the archive. Raises UnknownBackup."""
    place = next((place for place in _backups_in(backup_folder(workspace)) if place.name == name), None)
    if place is None:
        raise UnknownBackup(f"There is no backup '{name}' here.")
    if place.is_file():
        return [(place, DATABASE_FILE)]
    beside = [file for part in SENT for file in sorted((place / part).rglob("*")) if file.is_file()]
    return [(file, file.relative_to(place).as_posix()) for file in (*sorted(place.glob(f"{DATABASE_FILE}*")), *beside)]


def n_bytes_written(place: Path) -> int:
    """How much of the backup that shall lie there is on the disk so far."""
    with suppress(OSError):
        return max(map(_size, parts_of(place)), default=0)
    return 0


def n_bytes_expected(workspace: Workspace) -> int | None:
    """About how large a backup will be; None for a database elsewhere."""
    file = workspace.store.file
    return None if file is None else Path(file).stat().st_size


def _backups_in(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        for place in folder.iterdir():
            if not place.name.startswith(".") and _database_of(place).is_file():
                yield place


def _database_of(place: Path) -> Path:
    """The database that a backup of this name would have."""
    return place if place.suffix in FILE_NAMES else place / DATABASE_FILE


def _written_at(place: Path) -> float:
    return _database_of(place).stat().st_mtime


def _size(place: Path) -> int:
    return sum(file.stat().st_size for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file())
