"""Where moved rows arrive while an older file is in their place: beside it. That file is kept once all of them are there, not before."""

from datetime import datetime
from pathlib import Path

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.copies import moves
from multilabelfy.store.database import marks
from multilabelfy.store.database.opening.addresses import is_same_address, sqlite_file, sqlite_url
from multilabelfy.store.database.opening.store import Store

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
