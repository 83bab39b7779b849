"""Opening a database, its transactions, and what is said when it fails."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from tests.databases import PRAGMAS
from tests.store.campaigns import NOW, new_campaign

from multilabelfy.annotation.model import AnnotatorId, Role
from multilabelfy.errors import InvalidInput, StoreUnavailable
from multilabelfy.store import people
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening import engine
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets
from multilabelfy.store.schema import annotators


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(InvalidInput), store.writing() as c:
        people.add(c, "Ada", Role.OWNER, NOW), people.add(c, "", Role.OWNER, NOW)
    with store.reading() as c:
        assert people.everyone(c) == []


def test_everything_read_in_a_transaction_is_of_one_moment(store: Store) -> None:
    with store.reading() as c:
        assert people.everyone(c) == []
        with store.writing() as other:
            people.add(other, "Ada", Role.OWNER, NOW)
        assert people.everyone(c) == []
    with store.reading() as c:
        assert len(people.everyone(c)) == 1


def test_a_reading_transaction_after_a_writing_one_may_not_linger(store: Store) -> None:
    for name in ("Ada", "Bob", "Cem"):
        with store.writing() as c:
            people.add(c, name, Role.OWNER, NOW)
        with store.reading() as c:
            assert people.find(c, name).name == name


def test_a_database_is_opened_again_with_what_it_holds(database_url: str) -> None:
    with Store.open(database_url) as store, store.writing() as c:
        people.add(c, "Ada", Role.OWNER, NOW)
    with Store.open(database_url, create=False) as store, store.reading() as c:
        assert people.find(c, "Ada").role is Role.OWNER


def test_rows_that_refer_to_nothing_are_refused(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), store.writing() as c:
        people.invite(c, AnnotatorId(99), "hash", NOW, NOW)


def test_text_that_a_database_cannot_hold_is_refused_in_words(store: Store) -> None:
    with pytest.raises(InvalidInput, match="Remove that character"), store.writing() as c:
        people.add(c, "Ada \ud800", Role.OWNER, NOW)


def test_sqlite_syncs_fully_and_writes_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_PRAGMAS", PRAGMAS)
    with Store.open(sqlite_url(tmp_path / "a.db")) as store, store.reading() as c:
        assert [pragma(c, name) for name in ("journal_mode", "synchronous", "foreign_keys")] == ["wal", 2, 1]


def test_sqlite_connections_serve_any_thread(tmp_path: Path) -> None:
    """FastAPI's sync handlers run in a pool of threads: each may get a connection that another one opened."""
    with Store.open(sqlite_url(tmp_path / "a.db")) as store:
        campaign = new_campaign(store, 3)
        seen: list[str] = []

        def read() -> None:
            with store.reading() as c:
                seen.append(datasets.get(c, campaign.dataset).name)

        for _ in range(5):
            threads = [threading.Thread(target=read) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert seen == ["pilot"] * 20


def test_an_open_writer_is_waited_for_and_then_named(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "a.db")
    with Store.open(url) as one, Store.open(url, busy_seconds=0.05) as two:
        with one.writing() as c, pytest.raises(StoreUnavailable, match="another process keeps it busy"), two.writing():
            people.add(c, "Ada", Role.OWNER, NOW)
        with two.writing() as c:
            people.add(c, "Bob", Role.OWNER, NOW)


def test_a_writer_within_a_writer_is_told_so_instead_of_waiting_forever(tmp_path: Path) -> None:
    with (
        Store.open(sqlite_url(tmp_path / "a.db"), busy_seconds=0.05) as store,
        store.writing(),
        pytest.raises(StoreUnavailable, match="other requests keep it busy"),
        store.writing(),
    ):
        pass


def test_a_full_disk_is_named_and_nothing_is_half_stored(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "a.db")) as store:
        with pytest.raises(StoreUnavailable, match=r"the disk is full. Free some space"), store.writing() as c:
            fill(c)
        with store.reading() as c:
            assert people.everyone(c) == []


def test_a_read_only_database_is_named(tmp_path: Path) -> None:
    with (
        Store.open(sqlite_url(tmp_path / "a.db")) as store,
        pytest.raises(StoreUnavailable, match=r"it is read-only. Give this user the right"),
        store.writing() as c,
    ):
        c.exec_driver_sql("PRAGMA query_only = ON"), people.add(c, "Ada", Role.OWNER, NOW)


def test_only_something_that_was_written_shows_that_the_disk_can_be_written_again(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "a.db")) as store:
        store.is_read_only = True
        with store.writing():
            pass
        assert store.is_read_only
        with store.writing() as c:
            people.add(c, "Ada", Role.OWNER, NOW)
        assert not store.is_read_only


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"these are my holiday notes " * 100)
    with pytest.raises(StoreUnavailable, match=r"a\.db: the file is damaged or is not a SQLite database. Restore it"):
        Store.open(sqlite_url(tmp_path / "a.db"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"there is no folder .*absent. Make it first"):
        Store.open(sqlite_url(tmp_path / "absent" / "a.db"))


def test_a_missing_database_is_not_made_where_none_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="There is no database at"):
        Store.open(sqlite_url(tmp_path / "a.db"), create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://host/db", "not an address", "sqlite://"])
def test_an_address_that_cannot_be_used_is_answered_with_one_that_can(url: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"postgresql://user|sqlite:////"):
        Store.open(url)


@pytest.mark.postgres
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_postgresql_address_may_be_written_as_people_write_it(postgres_server: str, scheme: str) -> None:
    url = scheme + postgres_server.removeprefix("postgresql")
    with Store.open(url) as store, store.reading() as c:
        assert c.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    with pytest.raises(StoreUnavailable, match=r"cannot be reached. Start it") as error:
        Store.open("postgresql://ada:secret@127.0.0.1:1/db")
    assert "secret" not in str(error.value)


@pytest.mark.postgres
def test_a_lock_that_is_not_given_up_is_named(postgres_server: str) -> None:
    with Store.open(postgres_server) as one, Store.open(postgres_server, busy_seconds=0.05) as two:
        campaign = new_campaign(one, 1, name="locked")
        with one.writing() as c:
            datasets.set_paused(c, campaign.dataset, True)
            with pytest.raises(StoreUnavailable, match="keeps it busy"), two.writing() as other:
                datasets.set_paused(other, campaign.dataset, False)


def test_a_file_keeps_its_odd_name(tmp_path: Path) -> None:
    Store.open(sqlite_url(tmp_path / "a b%20?.db")).close()
    connection = sqlite3.connect(tmp_path / "a b%20?.db")
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() != []
    connection.close()


def fill(c: Connection) -> None:
    """Write more than the three pages that are left."""
    c.exec_driver_sql(f"PRAGMA max_page_count = {pragma(c, 'page_count') + 3}")
    c.execute(insert(annotators), [{"name": f"{number:090}", "role": "owner", "created_at": NOW} for number in range(1000)])


def pragma(c: Connection, name: str) -> int:
    value: int = c.exec_driver_sql(f"PRAGMA {name}").scalar_one()
    return value
