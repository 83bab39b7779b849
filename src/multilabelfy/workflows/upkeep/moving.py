"""Move a workspace's content into another database, SQLite or PostgreSQL, so that it is there once, whenever the move is cut off.

Nobody else can write while it moves: one transaction holds the old database from the first row to the mark that says where its content
went. The steps are such that each of them can be found done: rows copied, old database marked, a file put into its place, new database
opened, settings written. A move that is run again goes on at the first that is not.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from multilabelfy.errors import InvalidInput, Problem, StoreUnavailable, WorkspaceMissing
from multilabelfy.settings import SETTINGS_FILE, Settings, is_from_environment
from multilabelfy.store.copies import moves
from multilabelfy.store.copies.table_sums import TableSum
from multilabelfy.store.copies.transfer import Progress
from multilabelfy.store.database import marks
from multilabelfy.store.database.opening.addresses import address_without_password, from_anywhere, is_same_address, sqlite_file, sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.workflows.own_file import check_not_lost, hint
from multilabelfy.workflows.served_at import address_in
from multilabelfy.workflows.upkeep.contents import TableContent, contents
from multilabelfy.workflows.upkeep.settings_file import with_database_url, without_database_url
from multilabelfy.workflows.workspace import KEPT, KEY_FILE, open_workspace
from multilabelfy.workflows.workspace_database import VARIABLE, address_from, database_url, origin, own_url

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
    holds another program's tables, cannot hold a value or does not hold what the old one does, and if either cannot be reached.
    """
    own, source_url = own_url(settings), database_url(settings)
    with address_from("--to"):
        target_url = own if to.strip().lower() == OWN_FILE else from_anywhere(to)
        target = address_without_password(target_url)
    _check(settings, source_url, target_url)
    with address_from(origin(settings)), Store.connect(source_url, create=False) as source:
        mark = moves.mark_in(source)
        if mark is None:
            open_workspace(settings).close()  # brings it up to date, or says why that cannot be
    tables = _copied(source_url, target_url, now, progress) if mark is None else ()
    if mark is not None and (mark.kind != marks.MOVED or not is_same_address(mark.address, target_url)):
        raise marks.refusal(mark)
    progress("marked", 1, 1)
    set_aside = take_place(target_url, source_url, settings.workspace / KEPT, now)
    with address_from("--to"), Store.connect(target_url, create=False) as arrived:
        moves.open_target(arrived)
    progress("opened", 1, 1)
    by_hand = _name_in_settings(settings, None if target_url == own else target_url)
    return Moved(address_without_password(source_url), target, contents(tables), set_aside, by_hand)


def _copied(source_url: str, target_url: str, now: datetime, progress: Progress) -> tuple[TableSum, ...]:
    with Store.connect(source_url, create=False) as source, Store.connect(landing(target_url)) as target:
        with address_from("--to"):
            moves.mark_in(target)  # before anything is held, whether anybody gets in
        return moves.move_rows(source, target, address_without_password(target_url), now, progress)


def _check(settings: Settings, source_url: str, target_url: str) -> None:
    folder = settings.workspace
    if not (folder / KEY_FILE).is_file():
        raise WorkspaceMissing(f"There is no workspace at '{folder}'. Name its folder with --workspace.")
    address = address_in(folder)
    if address is not None:
        raise InvalidInput(ATTEMPT, [Problem(str(folder), f"it is served at {address}")], "End the server first.")
    if is_same_address(source_url, target_url):
        named = f": {origin(settings)} names it" if settings.database_url else " already"
        problem = Problem(address_without_password(target_url), f"this is where the workspace's database is{named}")
        raise InvalidInput(ATTEMPT, [problem], hint(settings))
    check_not_lost(settings)


def _name_in_settings(settings: Settings, url: str | None) -> str:
    """Let the workspace's file name the database; returns what remains to be done where the environment names one."""
    file = settings.workspace / SETTINGS_FILE
    if url is not None:
        with_database_url(file, url)
    elif file.is_file():
        without_database_url(file)
    if not is_from_environment("database_url"):
        return ""
    return f"{VARIABLE} still names the old database: " + ("set it to the new address." if url else "unset it.")


_LOGS = ("-wal", "-shm")


def landing(target_url: str) -> str:
    """The address at which rows arrive: the target's own, or a file beside it while one that was moved away earlier is in its place."""
    file = sqlite_file(target_url)
    return target_url if file is None or not _was_moved_away(file) else sqlite_url(_beside(file))


def take_place(target_url: str, source_url: str, backups: Path, now: datetime) -> Path | None:
    """Put what has arrived beside a file into its place, and the file into `backups`, for its owner alone; returns where it lies there.

    Does nothing where nothing has arrived from this source, or it is in its place. Raises StoreUnavailable.
    """
    file = sqlite_file(target_url)
    if file is None or not _has_arrived(_beside(file), source_url):
        return None
    kept = backups / f"moved-until-{now:%Y-%m-%dT%H-%M-%S-%f}.db"
    try:
        backups.mkdir(exist_ok=True)
        had_older = file.exists()
        if had_older:
            _bring(file, kept)
        _bring(_beside(file), file)
    except OSError as error:
        raise StoreUnavailable(
            f"Cannot keep '{file}' as '{kept}': {error.strerror}. Make room, then run the same `multilabelfy backup --move-to` again: all "
            "rows have arrived."
        ) from None
    return kept if had_older else None


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.arriving")


def _was_moved_away(file: Path) -> bool:
    mark = _mark_in(file)
    return mark is not None and mark.kind == marks.MOVED


def _has_arrived(file: Path, source_url: str) -> bool:
    mark = _mark_in(file)
    return mark is not None and mark.kind == marks.ARRIVING and is_same_address(mark.address, source_url)


def _mark_in(file: Path) -> marks.Mark | None:
    """Its log is in the file afterwards, unless another program has it open."""
    if not file.is_file() or not file.stat().st_size:
        return None
    with Store.connect(sqlite_url(file), create=False) as store:
        return moves.mark_in(store)


def _bring(file: Path, place: Path) -> None:
    """Move a database with its log, which is there if another program has it open."""
    file.chmod(0o600)
    for end in _LOGS:
        log = file.with_name(file.name + end)
        if log.exists():
            log.replace(place.with_name(place.name + end))
    file.replace(place)
