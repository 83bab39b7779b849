"""Bring all rows of one database into another and mark both, step by step, each of which can be found done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from multilabelfy.errors import StoreUnavailable
from multilabelfy.plurals import counted
from multilabelfy.store.copies.table_sums import TableSum, table_sums
from multilabelfy.store.copies.transfer import Progress, copy_missing, refresh_all_statistics, remove_all_rows, set_sequences
from multilabelfy.store.database import marks
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.marks import Mark
from multilabelfy.store.database.migrations import REVISIONS, check_free, migrate, revision_of
from multilabelfy.store.database.odd_parts import check_untouched
from multilabelfy.store.database.opening.addresses import is_same_address
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.database.own_tables import how_to_empty
from multilabelfy.store.schema import annotators, datasets


def in_silence(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def mark_in(store: Store) -> Mark | None:
    """Whether its content was moved away or is still arriving. Raises StoreUnavailable if another program acts on its tables."""
    with store.reading() as c:
        check_untouched(c)
        return marks.mark_of(c, revision_of(c))


def move_rows(source: Store, target: Store, address: str, now: datetime, progress: Progress) -> tuple[TableSum, ...]:
    """Copy every row, hold each table against its copy, and mark the source as moved: all in one transaction of the source.

    `address` is where the target will be found. It may hold what an earlier attempt copied; where the source has changed since, everything
    is copied anew. Raises StoreUnavailable if the target is in use, or does not hold what the source does.
    """
    if _is_same(source, target):
        raise StoreUnavailable(f"Cannot move to {address}: this is where the workspace's database is, by another name.")
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
        marks.put_mark(c, marks.MOVED, address, now, REVISIONS[-1])
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


def _is_same(source: Store, target: Store) -> bool:
    """Whether both are one database: a host has several names, and a file several paths."""
    if source.file is not None and target.file is not None:
        return source.file.resolve() == target.file.resolve()
    return source.file is None and target.file is None and _place(source) == _place(target)


def _place(store: Store) -> Sequence[object]:
    """What no two databases of PostgreSQL share."""
    with store.reading() as c:
        return tuple(c.execute(text("SELECT pg_postmaster_start_time(), current_database(), current_schema()")).one())


def _begin(target: Store, source: str, now: datetime) -> bool:
    """Make the tables, marked as arriving; returns whether an earlier attempt from the same source had made them."""
    with target.writing() as c:
        mark = marks.mark_of(c, revision_of(c))
        if mark is not None:
            _check_same(c, mark, source, target.url)
            return True
        prepare(c, target.url)
        marks.put_mark(c, marks.ARRIVING, source, now, REVISIONS[-1])
        return False


def _check_same(c: Connection, mark: Mark, source: str, where: str) -> None:
    way_out = f"Name an empty database. Or, if you do not need what it holds, {how_to_empty(c)}"
    if mark.kind == marks.MOVED:
        raise StoreUnavailable(f"Cannot move to {where}: it keeps what was moved to {mark.address} on {mark.since}. {way_out}")
    if not is_same_address(mark.address, source) or mark.revision != REVISIONS[-1]:
        raise StoreUnavailable(
            f"Cannot move to {where}: it holds what another move has begun, on {mark.since} from {mark.address} (revision "
            f"{mark.revision}). {way_out}"
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


def prepare(c: Connection, where: str) -> None:
    """Make this version's tables, without a row, in a database that is empty, or has our tables but neither a dataset nor a person.

    Raises StoreUnavailable, with how to go on, if it is another one.
    """
    if revision_of(c) is None:
        migrate(c)
        return
    migrate(c)
    check_free(c)
    n_datasets, n_people = (c.execute(select(func.count()).select_from(table)).scalar_one() for table in (datasets, annotators))
    if n_datasets or n_people:
        raise StoreUnavailable(
            f"Cannot move to {where}: a study is there already, with {counted(n_datasets, 'dataset')} and "
            f"{counted(n_people, 'person', 'people')}. Name an empty database. Or, if you do not need what it holds, {how_to_empty(c)}"
        )
    remove_all_rows(c)
