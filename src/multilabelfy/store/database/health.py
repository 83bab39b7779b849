"""Ask the database whether it is undamaged."""

from datetime import UTC, datetime

from sqlalchemy import text

from multilabelfy.store.database.connection import Connection

SHOWN = 5
"""How many problems of a damaged file are named."""


def damage(c: Connection, *, thorough: bool = False) -> str | None:
    """The damage that SQLite's quick check finds in the file, or None; a PostgreSQL server guards its own files.

    A thorough check also compares every index with its table, and every row with those that it refers to.
    """
    if c.dialect.name != "sqlite":
        return None
    problems = [str(row[0]) for row in c.execute(text("PRAGMA integrity_check" if thorough else "PRAGMA quick_check"))]
    astray = (
        [f"{row[0]} refers to a row of {row[2]} that is missing" for row in c.execute(text("PRAGMA foreign_key_check"))] if thorough else []
    )
    damages = ([] if problems == ["ok"] else problems) + astray
    return "; ".join(damages[:SHOWN]) or None


def description(c: Connection) -> str:
    """The kind of database and its version."""
    if c.dialect.name == "sqlite":
        return f"SQLite {c.execute(text('SELECT sqlite_version()')).scalar_one()}, undamaged"
    return f"PostgreSQL {c.execute(text('SHOW server_version')).scalar_one()}"


def clock(c: Connection) -> datetime | None:
    """What time a PostgreSQL server has; None for SQLite, which asks this machine."""
    if c.dialect.name == "sqlite":
        return None
    now: datetime = c.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)
