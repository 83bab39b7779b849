"""PostgreSQL's side of `driver`: statements are prepared once for a connection, and sent in a row, so that one wait brings many answers.

To send a statement and to wait for its answer costs PostgreSQL, the system and a cursor of psycopg's together a tenth of a millisecond, and
while it waits, a thread gives the interpreter to others. libpq's pipeline mode (PostgreSQL's manual, "Pipeline Mode") needs one wait for
many statements; psycopg's own pipelines still build a cursor for each. Every row of statements ends with a synchronisation, so that
between two of them the connection is as psycopg and SQLAlchemy expect it.
"""

import selectors
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy.engine import Dialect

from multilabelfy.store.database.driver import Arrived, Values, explained

Prepared = dict[str, bytes]
"""The name of each statement that is prepared on a connection."""
_GOOD = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_names = count(1)
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)  # Windows has no poll


class PostgresAnswer:
    """What a statement gives, once its row of statements was sent."""

    __slots__ = ("_driver", "_found", "arrived", "result", "statement", "values")

    def __init__(self, driver: "PostgresDriver", statement: str, values: Sequence[Any], arrived: Arrived | None) -> None:
        self._driver, self.statement, self.values, self.arrived = driver, statement, values, arrived
        self.result: PGresult | None = None

    def rows(self) -> Sequence[Sequence[Any]]:
        """All rows."""
        return self._driver.rows_of(self._arrived())

    def types(self) -> Sequence[Any]:
        """The number of each column's type."""
        result = self._arrived()
        return [result.ftype(place) for place in range(result.nfields)]

    def n_changed(self) -> int:
        """How many rows were changed."""
        return self._arrived().command_tuples or 0

    def take(self, result: PGresult) -> None:
        """The result has come."""
        if result.status in _GOOD:
            self.result = result
            if self.arrived is not None:
                self.arrived()

    def _arrived(self) -> PGresult:
        if self.result is None:
            self._driver.send()
        if self.result is None:
            raise RuntimeError("This statement was asked in a transaction that is over.")
        return self.result


class PostgresDriver:
    """A connection to a server. `prepared` outlives this object as the driver's connection does."""

    def __init__(self, connection: "psycopg.Connection[Any]", dialect: Dialect, prepared: Prepared) -> None:
        writing: Callable[..., Dialect] = type(dialect)
        self.dialect = writing(paramstyle="numeric_dollar")
        self._connection, self._prepared = connection, prepared
        self._values = Transformer(connection)
        self._asked: list[PostgresAnswer] = []

    def ask(self, statement: str, values: Values = (), arrived: Arrived | None = None) -> PostgresAnswer:
        """Put a statement behind those that wait to be sent."""
        try:
            written = self._values.dump_sequence(values, [PyFormat.TEXT] * len(values))
        except psycopg.Error as error:
            raise explained(error, statement, psycopg.Error, self.dialect) from error
        answer = PostgresAnswer(self, statement, written, arrived)
        self._asked.append(answer)
        return answer

    def send(self) -> None:
        """Send what waits, and wait for the answers."""
        if not self._asked:
            return
        asked, self._asked = self._asked, []
        missing = dict.fromkeys(each.statement for each in asked if each.statement not in self._prepared)
        new = {statement: b"multilabelfy_%d" % next(_names) for statement in missing}
        try:
            failed = self._exchanged(asked, new)
        except psycopg.Error as error:
            failed = Failed(asked[0].statement, error)
        if failed is not None:
            raise explained(failed.error, failed.statement, psycopg.Error, self.dialect) from failed.error
        self._prepared.update(new)

    def rows_of(self, result: PGresult) -> list[tuple[Any, ...]]:
        """The rows of a result."""
        self._values.set_pgresult(result)
        return self._values.load_rows(0, result.ntuples, tuple)

    def n_changes(self) -> None:
        """The driver does not count."""

    def is_dropped(self) -> bool:
        """Whether the server has closed this connection: it has something to say, although it was not asked."""
        pgconn = self._connection.pgconn
        if pgconn.status != ConnStatus.OK:
            return True
        with _Selector() as selector:
            selector.register(pgconn.socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def _exchanged(self, asked: Sequence[PostgresAnswer], new: Prepared) -> "Failed | None":
        """Send what prepares the `new` statements, then all that was asked, and take the answers; the first that failed, if one did."""
        pgconn = self._connection.pgconn
        pgconn.enter_pipeline_mode()
        for statement, name in new.items():
            pgconn.send_prepare(name, statement.encode())
        if new:
            pgconn.pipeline_sync()
        for each in asked:
            pgconn.send_query_prepared(new.get(each.statement) or self._prepared[each.statement], each.values)
        pgconn.pipeline_sync()
        failed = self._connection.wait(self._taken(asked, new))
        pgconn.exit_pipeline_mode()
        return failed

    def _taken(self, asked: Sequence[PostgresAnswer], new: Prepared) -> Generator[Any, Any, "Failed | None"]:
        """Take the answers, in the order of what was sent. After the first that failed, the others have none."""
        pgconn = self._connection.pgconn
        failures = []
        yield from send(pgconn)
        for statement in new:
            (result,) = yield from fetch_many(pgconn)
            failures += self._failures(statement, result)
        if new:
            yield from fetch_many(pgconn)
        for each in asked:
            (result,) = yield from fetch_many(pgconn)
            failures += self._failures(each.statement, result)
            each.take(result)
        yield from fetch_many(pgconn)
        return failures[0] if failures else None

    def _failures(self, statement: str, result: PGresult) -> list["Failed"]:
        if result.status in _GOOD:
            return []
        return [Failed(statement, error_from_result(result, encoding=self._connection.info.encoding))]


@dataclass(frozen=True, slots=True)
class Failed:
    """A statement that failed, and why."""

    statement: str
    error: psycopg.Error
