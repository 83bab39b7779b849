"""Which tables of a database are Multilabelfy's: all that locks, marks and triggers touch. Another program's tables may lie beside them."""

from sqlalchemy import inspect, text

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import metadata

BOOKKEEPING = frozenset({"alembic_version", "arriving_mark", "moved_mark"})
"""Tables that say something of the database itself: its revision, and where its content went or comes from."""


def own_tables(c: Connection) -> list[str]:
    """Those that hold the study, in the order of their names, whichever version made them: no version has ever removed a table."""
    return sorted(set(inspect(c).get_table_names()) & set(metadata.tables))


def foreign_tables(c: Connection) -> list[str]:
    """Those that another program made, in the order of their names: in the file, or in PostgreSQL's schema that tables are made in."""
    schema = None if c.dialect.name == "sqlite" else c.execute(text("SELECT current_schema()")).scalar()
    names = inspect(c).get_table_names(schema=schema)
    return sorted(set(names) - set(metadata.tables) - BOOKKEEPING)


def how_to_empty(c: Connection) -> str:
    """What removes Multilabelfy's tables from this database, and nothing else."""
    if c.dialect.name == "sqlite":
        return f"remove the file '{c.engine.url.database}'"
    present = set(inspect(c).get_table_names()) & BOOKKEEPING
    listed = ", ".join(f'"{name}"' for name in [*own_tables(c), *sorted(present)])
    return f"run in it: DROP TABLE {listed}; DROP FUNCTION IF EXISTS multilabelfy_refuse_writes() CASCADE;"


def how_to_make(c: Connection) -> str:
    """How an empty database is made that can hold a study."""
    if c.dialect.name == "sqlite":
        return "Name a file that is not there yet."
    user = c.engine.url.username or "NAME"
    return f"Make an empty one, as PostgreSQL's administrator: CREATE DATABASE study OWNER \"{user}\" ENCODING 'UTF8' TEMPLATE template0;"
