"""Count what is asked of the database: transactions that begin, and statements that run."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.engine import Store

Opening = Callable[[Store], AbstractContextManager[Connection]]


@contextmanager
def transactions() -> Iterator[list[str]]:
    """The kinds of the transactions that begin meanwhile, of any store, in their order: `reading` or `writing`."""
    begun: list[str] = []

    def noted(kind: str, opening: Opening) -> Opening:
        def begin(store: Store) -> AbstractContextManager[Connection]:
            begun.append(kind)
            return opening(store)

        return begin

    with pytest.MonkeyPatch.context() as patch:
        for kind in ("reading", "writing"):
            patch.setattr(Store, kind, noted(kind, getattr(Store, kind)))
        yield begun


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run meanwhile, on any engine, without those that begin and end transactions."""
    run: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            run.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(Engine, "before_cursor_execute", note)
