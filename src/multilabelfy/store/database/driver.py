"""Ask the database through its driver, inside a transaction of SQLAlchemy's: a tenth of the time, and the same errors.

An answer need not be waited for at once. SQLite, which is in this process, answers when it is asked; PostgreSQL is sent all that was asked
as soon as somebody wants one of the answers. Statements run in the order in which they were asked, so that nothing depends on when.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

Values = tuple[Any, ...]
"""What a statement takes, in its order."""
Arrived = Callable[[], object]
"""Is called as soon as a statement has run."""


class DriverAnswer(Protocol):
    """What a statement gives. To look at it is to wait for it."""

    def rows(self) -> Sequence[Sequence[Any]]:
        """All rows."""

    def types(self) -> Sequence[Any]:
        """The driver's type of each column; None where it knows none."""

    def n_changed(self) -> int:
        """How many rows were changed."""


class Driver(Protocol):
    """One connection of a driver. `dialect` is how statements are written for it."""

    dialect: Dialect

    def ask(self, statement: str, values: Values = (), arrived: Arrived | None = None) -> DriverAnswer:
        """Ask a statement. Raises DBAPIError as SQLAlchemy would, here or when an answer is waited for."""

    def send(self) -> None:
        """See to it that everything that was asked has run."""

    def n_changes(self) -> int | None:
        """How many rows this connection has changed since it was opened; None if the driver does not count them."""

    def is_dropped(self) -> bool:
        """Whether the other side has closed this connection, which has no transaction."""


def explained(error: Exception, statement: str, of_driver: type[Exception], dialect: Dialect) -> BaseException:
    """A driver's error as SQLAlchemy's. The values are left out: they are what people wrote."""
    return DBAPIError.instance(statement, None, error, of_driver, hide_parameters=True, dialect=dialect)
