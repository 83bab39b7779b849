"""Copy rows from one database into another, table by table, parents first, in bounded memory: whatever tables the schema has.

Values pass through the columns' types, so that a time, a truth value or JSON is the same in SQLite and PostgreSQL.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Integer, MetaData, Select, Table, func, inspect, select, text, tuple_
from sqlalchemy.exc import DataError

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.copies.table_sums import ROWS_AT_ONCE
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.database.own_tables import own_tables
from multilabelfy.store.schema import Json, metadata

Progress = Callable[[str, int, int], None]
"""Is told a step or a table, how many of its rows are done, and of how many."""
_VERSIONS = "alembic_version"


def copy_all(source: Connection, target: Connection, tables: Sequence[Table] = ()) -> None:
    """Copy every row into tables that are empty, in the target's one transaction."""
    for table in tables or metadata.sorted_tables:
        for rows in _pieces(source, select(table)):
            insert(target, table, rows)


def copy_missing(source: Connection, target: Store, progress: Progress) -> None:
    """Copy every row that the target lacks, as far as it can tell from the keys: what a killed copy left is gone on with.

    A table whose key is whole numbers is copied in the key's order, a transaction for each piece; any other one in one transaction.
    """
    for table in metadata.sorted_tables:
        n_rows = source.execute(select(func.count()).select_from(table)).scalar_one()
        progress(table.name, 0, n_rows)
        if _has_number_as_key(table):
            _copy_behind(source, target, table, n_rows, progress)
        else:
            _copy_at_once(source, target, table)
        progress(table.name, n_rows, n_rows)


def _copy_behind(source: Connection, target: Store, table: Table, n_rows: int, progress: Progress) -> None:
    keys = list(table.primary_key.columns)
    with target.reading() as c:
        n_copied = c.execute(select(func.count()).select_from(table)).scalar_one()
        last = c.execute(select(*keys).order_by(*(key.desc() for key in keys)).limit(1)).one_or_none()
    query = select(table).order_by(*keys)
    for rows in _pieces(source, query if last is None else query.where(tuple_(*keys) > tuple_(*last))):
        with target.writing() as c:
            insert(c, table, rows)
        n_copied += len(rows)
        progress(table.name, n_copied, n_rows)


def _copy_at_once(source: Connection, target: Store, table: Table) -> None:
    with target.writing() as c:
        if c.execute(select(table).limit(1)).first() is None:
            for rows in _pieces(source, select(table)):
                insert(c, table, rows)


def insert(c: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Add rows. Raises StoreUnavailable, which names the table, for a value that this kind of database cannot hold."""
    try:
        c.execute(table.insert(), rows)
    except (DataError, UnicodeEncodeError) as error:
        why = str(error.orig if isinstance(error, DataError) else error).splitlines()[0]
        raise StoreUnavailable(
            f"Cannot copy the table '{table.name}': this database cannot hold one of its values ({why}). Nothing was changed where it "
            "comes from."
        ) from error


def tables_of_database(c: Connection) -> list[Table]:
    """The tables as the database has them, whichever version made it; parents first."""
    inspector, made = inspect(c), MetaData()
    names = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name not in (None, _VERSIONS)]
    return [Table(str(name), made, *(_column(str(name), each) for each in inspector.get_columns(str(name)))) for name in names]


def _column(table: str, reflected: Mapping[str, Any]) -> Column[Any]:
    """A column with the type that this version gives it, if it knows it: NULL and JSON's null, times and truth values stay apart."""
    name, kind = reflected["name"], reflected["type"]
    if table in metadata.tables and name in metadata.tables[table].columns:
        kind = metadata.tables[table].columns[name].type
    return Column(name, Json if isinstance(kind, JSON) else kind)


def remove_all_rows(c: Connection) -> None:
    """Empty every table, children first."""
    for table in reversed(metadata.sorted_tables):
        c.execute(table.delete())


def set_sequences(c: Connection) -> None:
    """Let PostgreSQL number on behind the copied rows; SQLite does so by itself."""
    if c.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            name = c.execute(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name}).scalar()
            if name:
                last = c.execute(select(func.max(column))).scalar()
                c.execute(text("SELECT setval(CAST(:s AS regclass), :n, :used)"), {"s": name, "n": last or 1, "used": last is not None})


def refresh_all_statistics(c: Connection) -> None:
    """Tell the planner of PostgreSQL how many rows came."""
    if c.dialect.name == "postgresql":
        for name in own_tables(c):
            c.execute(text(f'ANALYZE "{name}"'))


def _has_number_as_key(table: Table) -> bool:
    keys = list(table.primary_key.columns)
    return bool(keys) and all(isinstance(key.type, Integer) for key in keys)


def _pieces(source: Connection, query: Select[Any]) -> Iterator[list[dict[str, Any]]]:
    rows = source.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    parts: Iterable[Sequence[Any]] = rows.mappings().partitions(ROWS_AT_ONCE)
    return ([dict(row) for row in part] for part in parts)
