"""Ask the database whether it is undamaged."""

from sqlalchemy import text

from multilabelfy.store.database.connection import Connection


def damage(c: Connection) -> str | None:
    """The damage that SQLite's quick check finds in the file, or None; a PostgreSQL server guards its own files."""
    if c.dialect.name != "sqlite":
        return None
    problems = [str(row[0]) for row in c.execute(text("PRAGMA quick_check"))]
    return None if problems == ["ok"] else "; ".join(problems)


def description(c: Connection) -> str:
    """The kind of database and its version."""
    if c.dialect.name == "sqlite":
        return f"SQLite {c.execute(text('SELECT sqlite_version()')).scalar_one()}, undamaged"
    return f"PostgreSQL {c.execute(text('SHOW server_version')).scalar_one()}"
