"""A store of SQLite keeps a few connections open between transactions, and nothing of a transaction stays in them."""

from contextlib import suppress
from pathlib import Path

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


def test_reading_and_asking_leave_no_transaction_open(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / FILE)) as store:
        for opened in (store.reading, store.asking):
            with opened() as c:
                assert c.execute(select(security_events)).all() == []
            assert not c.in_transaction()
            assert not c.driver.in_transaction


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
