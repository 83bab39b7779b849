"""A store keeps a few connections open between transactions, and nothing of a transaction stays in them."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import KEPT_CONNECTIONS, Store
from multilabelfy.store.schema import security_events

FILE = "multilabelfy.db"


def test_the_next_transaction_takes_the_same_connection_and_sees_what_others_wrote_since(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / FILE)) as store, Store.open(sqlite_url(tmp_path / FILE)) as other:
        with store.reading() as c:
            before, seen = c, c.execute(text("PRAGMA user_version")).scalar_one()
        with other.writing() as c:
            c.execute(text(f"PRAGMA user_version={seen + 1}"))
        with store.reading() as c:
            assert c is before
            assert c.execute(text("PRAGMA user_version")).scalar_one() == seen + 1


def test_reading_and_asking_leave_no_transaction_open(store: Store) -> None:
    for opened in (store.reading, store.asking):
        with opened() as c:
            assert c.execute(select(security_events)).all() == []
        assert not c.in_transaction()
        of_driver: Any = c.connection.driver_connection
        assert of_driver.info.transaction_status.name == "IDLE" if c.kind == "postgresql" else not of_driver.in_transaction


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_meanwhile_is_not_taken_again(postgres_server: str) -> None:
    with Store.open(postgres_server) as store, Store.open(postgres_server) as other:
        with store.reading() as c:
            number = c.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.asking() as c:
            assert c.execute(text("SELECT pg_terminate_backend(:number, 10000)"), {"number": number}).scalar_one()
        with store.reading() as c:
            assert c.execute(text("SELECT pg_backend_pid()")).scalar_one() != number


def test_a_connection_on_which_something_went_wrong_is_not_kept_and_nothing_of_it_is_stored(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / FILE)) as store:
        with suppress(LookupError), store.writing() as c:
            c.execute(text("CREATE TABLE half (done TEXT)"))
            raise LookupError
        assert c.closed
        with store.reading() as after:
            assert after is not c
            assert after.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'half'")).scalar_one() == 0


def test_no_more_are_kept_than_a_few_and_none_after_the_end(tmp_path: Path) -> None:
    store = Store.open(sqlite_url(tmp_path / FILE))
    readings = [store.reading() for _ in range(KEPT_CONNECTIONS + 2)]
    connections = [reading.__enter__() for reading in readings]
    for reading in readings:
        reading.__exit__(None, None, None)
    assert sum(not c.closed for c in connections) == KEPT_CONNECTIONS
    store.close()
    assert all(c.closed for c in connections)
