"""The connection of one transaction: the first argument of every function of the store."""

from typing import Any, Self

import sqlalchemy
from sqlalchemy import Engine


class Connection(sqlalchemy.Connection):
    """SQLAlchemy's, with what the driver's own statements need at hand: to ask for it at each costs as much as a statement."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.driver: Any = self.connection.driver_connection
        self.kind = engine.dialect.name
        """`sqlite` or `postgresql`."""

    def __enter__(self) -> Self:
        return self
