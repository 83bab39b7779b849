"""What a SQLite file holds that no version of Multilabelfy puts into one: a trigger there would change answers as they are stored.

In a file that comes from elsewhere nothing of the kind is taken over. In a workspace's own file another program may keep what does not
touch our tables.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from multilabelfy.errors import StoreUnavailable
from multilabelfy.plurals import counted
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.marks import own_triggers
from multilabelfy.store.database.own_tables import BOOKKEEPING
from multilabelfy.store.schema import metadata

_OURS = frozenset(metadata.tables) | BOOKKEEPING
_NAMES = _OURS | {index.name for table in metadata.tables.values() for index in table.indexes}
_PARTS = text(
    "SELECT type, name, lower(tbl_name) AS on_table, coalesce(sql, '') AS sql, type = 'index' AND EXISTS "
    "(SELECT 1 FROM pragma_index_xinfo(sqlite_master.name) WHERE cid = -2) AS is_computed FROM sqlite_master ORDER BY type, name"
)
_COMPUTED_COLUMNS = text(
    "SELECT shape.name AS name, lower(tables.name) AS on_table FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS shape "
    "WHERE tables.type = 'table' AND shape.hidden IN (2, 3)"
)


@dataclass(frozen=True, slots=True)
class OddPart:
    """A part of a database: what it is, its name, the table that it is on, and whether it acts on what we store or read."""

    kind: str
    name: str
    on_table: str
    touches_ours: bool

    def __str__(self) -> str:
        return f"{'an' if self.kind == 'index' else 'a'} {self.kind} '{self.name}'" + (
            "" if self.on_table == self.name.lower() else f" on the table '{self.on_table}'"
        )

    @property
    def removal(self) -> str:
        """The statement that removes it; empty where its table has to be made anew."""
        name, quote = self.name.replace('"', '""'), '"'
        return "" if self.kind == "computed column" else f"DROP {self.kind.split()[-1].upper()} {quote}{name}{quote};"


def check_untouched(c: Connection) -> None:
    """Raise StoreUnavailable if something in a file acts on our tables that Multilabelfy did not make."""
    refuse_parts([part for part in odd_parts(c) if part.touches_ours], "Cannot open this database", Path(str(c.engine.url.database)))


def refuse_parts(parts: Sequence[OddPart], attempt: str, file: Path) -> None:
    """Raise StoreUnavailable if there are any, with the way to be rid of them."""
    if not parts:
        return
    more = f" and {counted(len(parts) - 1, 'other part')}" if len(parts) > 1 else ""
    removal = " ".join(part.removal for part in parts[:10] if part.removal)
    way_out = (
        f" and you do not need it, remove it: sqlite3 {shlex.quote(str(file))} {shlex.quote(removal)}"
        if removal
        else ", export its answers"
    )
    raise StoreUnavailable(
        f"{attempt}: it has {parts[0]}{more} that Multilabelfy did not make, which could change or hide what people answered. "
        f"Take another copy; or, if you know where it comes from{way_out}"
    )


def odd_parts(c: Connection) -> list[OddPart]:
    """Those of a file that holds a study, or pretends to, what acts on our tables first.

    PostgreSQL has none: its administrator says who may make them.
    """
    if c.dialect.name != "sqlite":
        return []
    rows = c.execute(_PARTS).all()
    if not _OURS & {row.name.lower() for row in rows}:
        return []
    triggers = own_triggers(metadata.tables)
    parts = [_odd(row.type, row.name, row.on_table, row.sql, is_computed=row.is_computed) for row in rows if row.sql not in triggers]
    columns = (OddPart("computed column", row.name, row.on_table, row.on_table in _OURS) for row in c.execute(_COMPUTED_COLUMNS))
    return sorted([*filter(None, parts), *columns], key=lambda part: not part.touches_ours)


def _odd(kind: str, name: str, on_table: str, sql: str, *, is_computed: bool) -> OddPart | None:
    """This part, if it is odd. What begins with `sqlite_` only SQLite itself can make."""
    if kind == "table" and sql.upper().startswith("CREATE VIRTUAL"):
        return OddPart("virtual table", name, on_table, on_table in _OURS)
    if kind in ("table", "index") and (name.startswith("sqlite_") or (name in _NAMES and not is_computed)):
        return None
    return OddPart(kind, name, on_table, on_table in _OURS and (kind != "index" or is_computed))
