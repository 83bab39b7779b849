"""The database's own time: workers whose clocks differ agree on it."""

from datetime import UTC, datetime

from sqlalchemy import text

from multilabelfy.store.database.connection import Connection

_NOW = {"sqlite": text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"), "postgresql": text("SELECT clock_timestamp() AT TIME ZONE 'UTC'")}


def database_now(c: Connection) -> datetime:
    """The time now, aware, in UTC."""
    now = c.execute(_NOW[c.dialect.name]).scalar_one()
    return (datetime.fromisoformat(now) if isinstance(now, str) else now).replace(tzinfo=UTC)
