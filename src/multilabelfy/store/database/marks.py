"""What a database says of itself while its content moves: it was moved away, or it is still arriving. Neither is opened for work.

The mark stands where a version looks first, in place of the revision: older versions refuse it as well. A database that was moved also
has a trigger on each of our tables, so that a program that opened it before cannot write into it either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, MetaData, String, Table, Text, select, text

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.own_tables import own_tables

MOVED = "moved"
ARRIVING = "arriving"
REFUSAL = "multilabelfy moved this study"
"""What the triggers say; `faults` explains it."""
_REFUSE = "multilabelfy_refuse_writes"
_VERSIONS = Table("alembic_version", MetaData(), Column("version_num", String))
_MARKS = {
    kind: Table(f"{kind}_mark", MetaData(), *(Column(name, Text, nullable=False) for name in ("address", "since", "revision")))
    for kind in (MOVED, ARRIVING)
}


@dataclass(frozen=True, slots=True)
class Mark:
    """`kind` is MOVED, with the address that it was moved to, or ARRIVING, with the one that it comes from; without passwords."""

    kind: str
    address: str
    since: str
    revision: str


def mark_of(c: Connection, kind: str | None) -> Mark | None:
    """The mark of a database whose revision reads `kind`; None if that is a revision indeed."""
    if kind not in (MOVED, ARRIVING):
        return None
    row = c.execute(select(_MARKS[kind])).one()
    return Mark(kind, row.address, row.since, row.revision)


def refusal(mark: Mark) -> StoreUnavailable:
    """Why a marked database is not opened, and what to do."""
    if mark.kind == MOVED:
        return StoreUnavailable(
            f"Cannot open this database: it was moved to {mark.address} on {mark.since}, and is kept as it was then. "
            f"Name that one in `database_url`; if the move was cut off, run `multilabelfy backup --move-to` with that address again."
        )
    return StoreUnavailable(
        f"Cannot open this database: it is still being filled from {mark.address}, by a move that began on {mark.since}. If that was cut "
        "off, run the same `multilabelfy backup --move-to` again."
    )


def put_mark(c: Connection, kind: str, address: str, now: datetime, revision: str) -> None:
    """Mark a database; `revision` is what it has."""
    _MARKS[kind].create(c)
    c.execute(_MARKS[kind].insert().values(address=address, since=f"{now:%Y-%m-%d %H:%M} UTC", revision=revision))
    c.execute(_VERSIONS.update().values(version_num=kind))


def take_mark_off(c: Connection, mark: Mark) -> None:
    """Make it an ordinary database again."""
    if mark.kind == MOVED:
        _let_write(c)
    _MARKS[mark.kind].drop(c)
    c.execute(_VERSIONS.update().values(version_num=mark.revision))


def keep_others_out(c: Connection) -> None:
    """Let nobody else write before this transaction ends. On SQLite it holds the file already; on PostgreSQL our tables are locked."""
    if c.dialect.name == "postgresql":
        c.execute(text(f"LOCK TABLE {', '.join(_quoted(own_tables(c)))} IN SHARE ROW EXCLUSIVE MODE"))


def refuse_writes(c: Connection) -> None:
    """Let no program write into any table of ours from now on, also none that has the database open."""
    if c.dialect.name == "postgresql":
        c.execute(text(f"CREATE FUNCTION {_REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"))
        for table in _quoted(own_tables(c)):
            c.execute(
                text(
                    f"CREATE TRIGGER refuse_writes BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {_REFUSE}()"
                )
            )
        return
    for trigger in sorted(own_triggers(own_tables(c))):
        c.execute(text(trigger))


def own_triggers(tables: Iterable[str]) -> frozenset[str]:
    """The statements that make the triggers of a SQLite file that was moved; nothing else of ours is a trigger there."""
    return frozenset(
        f'CREATE TRIGGER "refuse_{what}_{table}" BEFORE {what} ON "{table}" BEGIN SELECT RAISE(ABORT, \'{REFUSAL}\'); END'
        for table in tables
        for what in ("INSERT", "UPDATE", "DELETE")
    )


def _let_write(c: Connection) -> None:
    if c.dialect.name == "postgresql":
        c.execute(text(f"DROP FUNCTION {_REFUSE}() CASCADE"))
        return
    ours = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND instr(sql, :refusal)")
    for name in c.execute(ours, {"refusal": REFUSAL}).scalars().all():
        c.execute(text(f'DROP TRIGGER "{name}"'))


def _quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names]
