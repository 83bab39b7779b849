"""Count what is asked of the database: transactions that begin, statements that run, and how often a server is waited for."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from multilabelfy.store.database import driver, prebuilt
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store

Opening = Callable[[Store], AbstractContextManager[Connection]]


@contextmanager
def transactions() -> Iterator[list[str]]:
    """What is opened meanwhile, of any store, in its order: transactions (`reading` or `writing`), and single questions (`asking`)."""
    begun: list[str] = []

    def noted(kind: str, opening: Opening) -> Opening:
        def begin(store: Store) -> AbstractContextManager[Connection]:
            begun.append(kind)
            return opening(store)

        return begin

    with pytest.MonkeyPatch.context() as patch:
        for kind in ("reading", "writing", "asking"):
            patch.setattr(Store, kind, noted(kind, getattr(Store, kind)))
        yield begun


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run meanwhile, on any engine, without those that begin and end transactions."""
    with statements_and_values() as run:
        texts: list[str] = []
        yield texts
        texts.extend(statement for statement, _ in run)


@contextmanager
def statements_and_values() -> Iterator[list[tuple[str, Any]]]:
    """The same with the values that they take: those that SQLAlchemy runs, and those that are prebuilt."""
    ran: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        ran.append((statement, values))

    def noted(c: Connection, statement: str, values: driver.Values) -> driver.DriverAnswer:
        ran.append((statement, values))
        return c.driver.ask(statement, values)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(prebuilt, "ask", noted)
            yield ran
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@contextmanager
def waits() -> Iterator[list[object]]:
    """One for each time that a PostgreSQL server is waited for meanwhile; none on SQLite, which answers at once."""
    import psycopg

    waited: list[object] = []
    wait = psycopg.Connection.wait

    def noted(connection: "psycopg.Connection[Any]", answer: Generator[Any, Any, Any], *args: Any, **options: Any) -> Any:
        return wait(connection, _marked(answer, waited), *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Connection, "wait", noted)
        yield waited


def _marked(answer: Generator[Any, Any, Any], waited: list[object]) -> Generator[Any, Any, Any]:
    """What psycopg waits for, noted once it has to wait indeed."""
    try:
        wanted = next(answer)
        waited.append(answer)
        while True:
            wanted = answer.send((yield wanted))
    except StopIteration as ended:
        return ended.value
