"""Bring a workspace of an older version up to date, and say beforehand what that would do."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from multilabelfy import __version__
from multilabelfy.errors import InvalidInput, Problem, WorkspaceMissing
from multilabelfy.settings import Settings
from multilabelfy.store.database.migrations import REVISIONS, check_known, revision_of
from multilabelfy.store.database.opening.store import Store
from multilabelfy.workflows.served_at import address_in
from multilabelfy.workflows.workspace import KEY_FILE, opened
from multilabelfy.workflows.workspace_database import address_from, database_url, origin


@dataclass(frozen=True, slots=True)
class UpgradeState:
    """The revision of a workspace's database and the one that this version needs; the free bytes where a copy is kept first."""

    version: str
    revision: str
    needed: str
    n_free_bytes: int

    @property
    def is_needed(self) -> bool:
        """Whether the workspace is of an older version."""
        return self.revision != self.needed


def state(settings: Settings) -> UpgradeState:
    """Look, and change nothing. Raises WorkspaceMissing, and StoreUnavailable for a database of a newer version, or one that is moved."""
    folder = settings.workspace
    if not (folder / KEY_FILE).is_file():
        raise WorkspaceMissing(f"There is no workspace at '{folder}'. Name its folder with --workspace.")
    with address_from(origin(settings)), Store.connect(database_url(settings), create=False) as store, store.reading() as c:
        check_known(c)
        return UpgradeState(__version__, str(revision_of(c)), REVISIONS[-1], shutil.disk_usage(folder).free)


def upgrade(settings: Settings) -> Path | None:
    """Bring it up to date; returns the copy that was kept of it, or None if there was nothing to do.

    Raises InvalidInput while it is served, and as `open_workspace` does.
    """
    if not state(settings).is_needed:
        return None
    address = address_in(settings.workspace)
    if address is not None:
        raise InvalidInput("Cannot upgrade", [Problem(str(settings.workspace), f"it is served at {address}")], "End the server first.")
    with opened(settings) as workspace:
        return workspace.kept_before_upgrade
