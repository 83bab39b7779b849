"""Ask the database whether it is sound."""

from sqlalchemy import text

from multilabelfy.store.database.connection import Connection


def damage(c: Connection) -> str | None:
    """What SQLite's own quick check finds wrong with the file, or None; a PostgreSQL server guards its files itself."""
    if c.dialect.name != "sqlite":
        return None
    found = [str(row[0]) for row in c.execute(text("PRAGMA quick_check"))]
    return None if found == ["ok"] else "; ".join(found)


def description(c: Connection) -> str:
    """Which database this is, with its version."""
    if c.dialect.name == "sqlite":
        return f"SQLite {c.execute(text('SELECT sqlite_version()')).scalar_one()}, undamaged"
    return f"PostgreSQL {c.execute(text('SHOW server_version')).scalar_one()}"
