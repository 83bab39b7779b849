"""The connection of one transaction: the first argument of every function of the store."""

from typing import Any, Self

import sqlalchemy
from sqlalchemy import Engine

from multilabelfy.store.database.driver import Driver
from multilabelfy.store.database.sqlite_driver import SqliteDriver


class Connection(sqlalchemy.Connection):
    """SQLAlchemy's, with what the driver's own statements need at hand: to ask for it at each costs as much as a statement."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.kind = engine.dialect.name
        """`sqlite` or `postgresql`."""
        self.driver = _driver_of(self)

    def __enter__(self) -> Self:
        return self


def _driver_of(c: Connection) -> Driver:
    of_driver: Any = c.connection.driver_connection
    if c.kind == "sqlite":
        return SqliteDriver(of_driver, c.dialect)
    from multilabelfy.store.database.postgres_driver import PostgresDriver

    return PostgresDriver(of_driver, c.dialect, c.info.setdefault("prepared", {}))


def send_before_cursor(c: sqlalchemy.Connection, *_: object) -> None:
    """Before SQLAlchemy runs a statement, what the driver was asked has its turn: statements run in the order in which they stand."""
    if isinstance(c, Connection):
        c.driver.send()
