"""Bring all rows of one database into another and mark both, step by step, each of which can be found done."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.copies.table_sums import TableSum, table_sums
from multilabelfy.store.copies.transfer import Progress, copy_missing, refresh_all_statistics, remove_all_rows, set_sequences
from multilabelfy.store.database import marks
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.marks import Mark
from multilabelfy.store.database.migrations import REVISIONS, migrate, revision_of
from multilabelfy.store.database.opening.store import Store


def in_silence(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def mark_in(store: Store) -> Mark | None:
    """Whether its content was moved away or is still arriving."""
    with store.reading() as c:
        return marks.mark_of(c, revision_of(c))


def move_rows(source: Store, target: Store, now: datetime, progress: Progress) -> tuple[TableSum, ...]:
    """Copy every row, hold each table against its copy, and mark the source as moved: all in one transaction of the source.

    The target may hold what an earlier attempt copied; where the source has changed since, everything is copied anew. Raises
    StoreUnavailable if the target is in use, or does not hold what the source does.
    """
    with source.writing() as c:
        marks.keep_others_out(c)
        is_resumed = _begin(target, source.url, now)
        try:
            sums = _copied(c, target, progress)
        except (IntegrityError, _Differs):
            if not is_resumed:
                raise
            with target.writing() as emptied:
                remove_all_rows(emptied)
            sums = _copied(c, target, progress)
        marks.put_mark(c, marks.MOVED, target.url, now, REVISIONS[-1])
        marks.refuse_writes(c)
    return sums


def open_target(target: Store) -> None:
    """Number on behind the rows that came, and let the database be opened. Done once, however often it is called."""
    with target.writing() as c:
        mark = marks.mark_of(c, revision_of(c))
        if mark is not None and mark.kind == marks.ARRIVING:
            set_sequences(c)
            marks.take_mark_off(c, mark)
            refresh_all_statistics(c)


class _Differs(StoreUnavailable):
    """A table is not what it was copied from."""


def _begin(target: Store, source: str, now: datetime) -> bool:
    """Make the tables, marked as arriving; returns whether an earlier attempt from the same source had made them."""
    with target.writing() as c:
        revision = revision_of(c)
        mark = marks.mark_of(c, revision)
        if mark is not None:
            _check_same(mark, source, target)
            return True
        if revision is not None:
            raise StoreUnavailable(f"Cannot move to {target.url}: a study is there already. Name an empty database.")
        migrate(c)
        marks.put_mark(c, marks.ARRIVING, source, now, REVISIONS[-1])
        return False


def _check_same(mark: Mark, source: str, target: Store) -> None:
    if mark.kind == marks.MOVED:
        raise StoreUnavailable(
            f"Cannot move to {target.url}: it keeps what was moved to {mark.address} on {mark.since}. Name an empty database, or drop its "
            "tables if you do not need them."
        )
    if mark.address != source or mark.revision != REVISIONS[-1]:
        raise StoreUnavailable(
            f"Cannot move to {target.url}: it holds what another move has begun, on {mark.since} from {mark.address} (revision "
            f"{mark.revision}). Name an empty database."
        )


def _copied(source: Connection, target: Store, progress: Progress) -> tuple[TableSum, ...]:
    copy_missing(source, target, progress)
    progress("comparing", 0, 2)
    before = table_sums(source)
    progress("comparing", 1, 2)
    with target.reading() as c:
        after = table_sums(c)
    progress("comparing", 2, 2)
    astray = [old.table for old, new in zip(before, after, strict=True) if old != new]
    if astray:
        raise _Differs(f"The copy at {target.url} is not what was to be moved (tables {', '.join(astray)}). Nothing was changed.")
    return before
