"""Open a workspace: the folder of a group's datasets, with its database (or the address of one), its key and its picture cache."""

import atexit
import hmac
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.errors import InvalidSetting, StoreUnavailable, WorkspaceMissing
from multilabelfy.formats.files.whole_files import part_beside, remove_part
from multilabelfy.settings import Settings
from multilabelfy.store import people
from multilabelfy.store.copies.backup import copy_to
from multilabelfy.store.database.opening.addresses import sqlite_file
from multilabelfy.store.database.opening.store import MOST_CONNECTIONS, Store
from multilabelfy.store.database.opening.watching import Watcher
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.own_file import check_not_lost, check_nothing_left_behind, missed
from multilabelfy.workflows.served_at import address_in
from multilabelfy.workflows.workspace_database import address_from, database_url, origin

KEY_FILE = "key"
KEY_BYTES = 32
PSEUDONYM_DIGITS = 8
KEPT = "backups"
"""The folder of a workspace where copies are kept before something is done that cannot be undone."""


@dataclass(frozen=True)
class Workspace:
    """An open workspace; the first argument of every workflow."""

    settings: Settings
    store: Store
    key: bytes
    kept_before_upgrade: Path | None = None
    """The copy of its database that was kept, if this version has just brought it up to date."""

    @property
    def folder(self) -> Path:
        """The workspace's folder."""
        return self.settings.workspace

    @property
    def pictures(self) -> Path:
        """The cache of display sizes; may be deleted at any time. Of a read-only workspace it lies elsewhere until the process ends."""
        return (_elsewhere() if self.store.is_read_only else self.folder) / "pictures"

    @property
    def charts(self) -> Path:
        """Where the script for live figures is stored; may be deleted at any time."""
        return self.folder / "charts"

    @property
    def reports(self) -> Path:
        """Where reports made from the pages are stored, one folder for each dataset."""
        return self.folder / "reports"

    @property
    def simulated(self) -> Path:
        """Where simulated studies of datasets of known truth are stored, one table for each dataset, for their reports."""
        return self.folder / "simulated"

    @property
    def downloads(self) -> Path:
        """Where a file lies while a browser downloads it, in a folder of its own."""
        return self.folder / "downloads"

    @property
    def is_read_only(self) -> bool:
        """Whether nothing could be written when something was last to be."""
        return self.store.is_read_only

    def unused(self) -> str:
        """What its own file holds where another database is used that has no dataset, and how it gets there; mostly empty."""
        return missed(self.settings, self.store)

    def token(self, kind: str, *parts: str) -> str:
        """An opaque, stable name (32 hex digits) for something whose path must stay hidden: HMAC-SHA256 with the workspace's key."""
        message = "\0".join((kind, *parts)).encode()
        return hmac.digest(self.key, message, "sha256").hex()[:32]

    @cached_property
    def mark(self) -> str:
        """What tells its cookies from those of another workspace on the same host (8 hex digits)."""
        return self.token("cookie")[:8]

    def pseudonym(self, person: AnnotatorId) -> str:
        """What files call a person: stable within the workspace; without its key nobody can tell whose it is."""
        return f"person-{self.token('pseudonym', str(person))[:PSEUDONYM_DIGITS]}"

    def watch(self, watcher: Watcher) -> None:
        """Let somebody watch the database's transactions from now on."""
        self.store.watcher = watcher

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def open_workspace(settings: Settings, *, create: bool = False) -> Workspace:
    """Open the workspace that the settings name; one of an older version is brought up to date, after a copy of its database was kept.

    Raises WorkspaceMissing unless it is there or `create` is set; StoreUnavailable for a newer one, for an older one that is served, and
    if no copy can be kept or it cannot be brought up to date: then it is as it was, and its own version opens it. Raises InvalidSetting if
    the database is gone, or if an empty one is named while the workspace's own file has a study.
    """
    folder, url = settings.workspace, database_url(settings)
    is_new = not (folder / KEY_FILE).is_file()
    if is_new:
        if not create:
            raise WorkspaceMissing(
                f"There is no workspace at '{folder}'. Make one with `multilabelfy import NAME --images DIR`, "
                "or name another folder with --workspace or MULTILABELFY_WORKSPACE."
            )
        _create_place(folder, sqlite_file(url))
        create_key(folder)
    key = _read_key(folder / KEY_FILE)
    check_not_lost(settings)
    kept: list[Path] = []
    with address_from(origin(settings)):
        store = Store.open(
            url,
            most_connections=_connections_of(settings),
            before_upgrade=lambda older, revision: kept.append(_keep(folder, older, revision)),
            before_first=(lambda: check_nothing_left_behind(settings)) if settings.database_url else None,
        )
    workspace = Workspace(settings, store, key, *kept)
    if is_new and _is_in_use(workspace.store):
        workspace.close()
        (folder / KEY_FILE).unlink()
        raise InvalidSetting(
            f"The key of the workspace is missing: there is no '{folder / KEY_FILE}', and its database is in use. Restore the file from a "
            "backup. Without it addresses of pictures change: to go on all the same, run `openssl rand -hex 32` into that file."
        )
    return workspace


@contextmanager
def opened(settings: Settings, *, create: bool = False) -> Iterator[Workspace]:
    """Open a workspace for a `with` block, and close it at the end."""
    workspace = open_workspace(settings, create=create)
    try:
        yield workspace
    finally:
        workspace.close()


def _create_place(folder: Path, file: Path | None) -> None:
    """Make the folder, and an empty file for its database: where there is a key, there is a database. Raises WorkspaceMissing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file is not None and file.parent.is_dir():
            file.touch(mode=0o600)
    except OSError as error:
        raise WorkspaceMissing(f"Cannot make a workspace at '{folder}': {error.strerror}. Name another folder with --workspace.") from None


def create_key(folder: Path) -> None:
    """Make a folder a workspace, unless it is one. Raises WorkspaceMissing if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process has just made it
    except OSError as error:
        raise WorkspaceMissing(f"Cannot make a workspace at '{folder}': {error.strerror}. Name another folder with --workspace.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")


def _keep(folder: Path, store: Store, revision: str) -> Path:
    """Keep a copy of a database that is about to be brought up to date. Raises StoreUnavailable."""
    address = address_in(folder)
    if address is not None:
        raise StoreUnavailable(
            f"Cannot bring the workspace '{folder}' up to date: an older version serves it at {address}. End that server, then try again."
        )
    file = folder / KEPT / f"before-upgrade-from-{revision}-{secrets.token_hex(4)}.db"
    part = part_beside(file)
    try:
        file.parent.mkdir(exist_ok=True)
        part.touch(mode=0o600)
        copy_to(store, part)
        part.replace(file)
    except OSError as error:
        raise StoreUnavailable(f"Cannot keep a copy of the older workspace in '{file}': {error.strerror}. Make room first.") from None
    finally:
        remove_part(part)
    return file


def _connections_of(settings: Settings) -> int:
    """Several workers share as many connections as PostgreSQL takes, which is 100 unless it is told otherwise."""
    return MOST_CONNECTIONS if settings.workers == 1 else max(5, 80 // settings.workers)


@cache
def _elsewhere() -> Path:
    """A temporary folder of this process."""
    folder = tempfile.mkdtemp(prefix="multilabelfy-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _is_in_use(store: Store) -> bool:
    with store.reading() as c:
        return bool(people.everyone(c)) or bool(datasets.all_datasets(c))


def _read_key(file: Path) -> bytes:
    """The key that signs opaque names; a guessable one is refused."""
    try:
        key = bytes.fromhex(file.read_text().strip())
    except (ValueError, UnicodeDecodeError):
        key = b""
    if len(key) < KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
        raise InvalidSetting(f"The key in '{file}' is too short or too plain to keep anything secret. Restore the file from a backup.")
    return key
