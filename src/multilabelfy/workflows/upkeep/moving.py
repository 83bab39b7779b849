"""Move a workspace's content into another database, SQLite or PostgreSQL, so that it is there once, whenever the move is cut off.

Nobody else can write while it moves: one transaction holds the old database from the first row to the mark that says where its content
went. The steps are such that each of them can be found done: rows copied, old database marked, new one opened, settings written. A move
that is run again goes on at the first that is not.
"""

import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from multilabelfy.errors import InvalidInput, Problem, StoreUnavailable, WorkspaceMissing
from multilabelfy.settings import PREFIX, SETTINGS_FILE, Settings
from multilabelfy.store.copies import moves
from multilabelfy.store.copies.transfer import Progress
from multilabelfy.store.database import marks
from multilabelfy.store.database.opening.addresses import address_without_password, sqlite_file, sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.workflows.served_at import address_in
from multilabelfy.workflows.upkeep.contents import TableContent, contents
from multilabelfy.workflows.upkeep.settings_file import with_database_url, without_database_url
from multilabelfy.workflows.workspace import DATABASE_FILE, KEPT, KEY_FILE, open_workspace

OWN_FILE = "sqlite"
"""Written instead of an address: the workspace's own file."""
ATTEMPT = "Cannot move"


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: the addresses without passwords, and what each table holds; none if an earlier run had copied everything.

    `set_aside` is where an older database lies that was in the way; `by_hand` what remains to be done where settings come from elsewhere.
    """

    before: str
    after: str
    tables: tuple[TableContent, ...]
    set_aside: Path | None = None
    by_hand: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same in plain values."""
        return {**asdict(self), "set_aside": str(self.set_aside) if self.set_aside else None}


def move(settings: Settings, to: str, now: datetime, progress: Progress = moves.in_silence) -> Moved:
    """Move the content of the settings' workspace to an address, or to its OWN_FILE, and let its settings name that.

    Raises WorkspaceMissing; InvalidInput while it is served, or if it is there already; StoreUnavailable if the new database is in use,
    cannot hold a value or does not hold what the old one does, and if either cannot be reached.
    """
    own = sqlite_url(settings.workspace / DATABASE_FILE)
    source_url, target_url = settings.database_url or own, own if to == OWN_FILE else to
    _check(settings, source_url, target_url)
    with Store.connect(source_url, create=False) as source:
        mark = moves.mark_in(source)
        if mark is None:
            set_aside = _set_aside(settings, target_url, now)
            _make_private(target_url)
            open_workspace(settings).close()  # brings it up to date, or says why that cannot be
            with Store.connect(target_url) as target:
                tables = moves.move_rows(source, target, now, progress)
        else:
            tables, set_aside = (), None
            if mark.kind != marks.MOVED or mark.address != address_without_password(target_url):
                raise marks.refusal(mark)
    progress("marked", 1, 1)
    with Store.connect(target_url, create=False) as target:
        moves.open_target(target)
    progress("opened", 1, 1)
    by_hand = _name_in_settings(settings, None if target_url == own else target_url)
    return Moved(address_without_password(source_url), address_without_password(target_url), contents(tables), set_aside, by_hand)


def _check(settings: Settings, source_url: str, target_url: str) -> None:
    folder = settings.workspace
    if not (folder / KEY_FILE).is_file():
        raise WorkspaceMissing(f"There is no workspace at '{folder}'. Name its folder with --workspace.")
    address = address_in(folder)
    if address is not None:
        raise InvalidInput(ATTEMPT, [Problem(str(folder), f"it is served at {address}")], "End the server first.")
    if address_without_password(source_url) == address_without_password(target_url):
        raise InvalidInput(ATTEMPT, [Problem(address_without_password(target_url), "this is where the workspace's database is")])


def _set_aside(settings: Settings, target_url: str, now: datetime) -> Path | None:
    """Make room in the place of a file whose content was moved away earlier: it is kept beside the workspace's other copies."""
    file = sqlite_file(target_url)
    if file is None or not file.is_file() or not file.stat().st_size:
        return None
    with Store.connect(target_url, create=False) as old:
        mark = moves.mark_in(old)
    if mark is None or mark.kind != marks.MOVED:
        return None
    kept = settings.workspace / KEPT / f"moved-until-{now:%Y-%m-%dT%H-%M-%S-%f}.db"
    try:
        kept.parent.mkdir(exist_ok=True)
        file.replace(kept)
    except OSError as error:
        raise StoreUnavailable(f"Cannot keep '{file}' as '{kept}': {error.strerror}. Move it away, then try again.") from None
    return kept


def _make_private(url: str) -> None:
    """A new file is readable by its owner alone, as backups are."""
    file = sqlite_file(url)
    if file is not None and file.parent.is_dir() and not file.exists():
        file.touch(mode=0o600)


def _name_in_settings(settings: Settings, url: str | None) -> str:
    """Let the workspace's file name the database; returns what remains to be done where the environment names one."""
    file = settings.workspace / SETTINGS_FILE
    if url is not None:
        with_database_url(file, url)
    elif file.is_file():
        without_database_url(file)
    variable = f"{PREFIX}DATABASE_URL"
    if variable not in os.environ:
        return ""
    return f"{variable} still names the old database: " + ("set it to the new address." if url else "unset it.")
