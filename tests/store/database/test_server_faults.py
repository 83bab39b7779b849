"""Each way in which a PostgreSQL server lets nobody in is told apart, with what to do, and no password is shown."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from multilabelfy.errors import StoreUnavailable, StoreUnreachable
from multilabelfy.store.database.opening.store import Store

pytestmark = pytest.mark.postgres


@pytest.fixture
def guarded(postgres_server: str) -> URL:
    """The server's address for a user who must give the password `secret`, and has given none."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'guarded'").fetchall():
            connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'secret'")
            (row,) = connection.execute("SHOW hba_file").fetchall()
            Path(row[0]).write_text(f"local all guarded scram-sha-256\n{Path(row[0]).read_text()}")
            connection.execute("SELECT pg_reload_conf()")
    return make_url(postgres_server).set(username="guarded", password=None)


WAYS: dict[str, tuple[Callable[[URL], URL], str]] = {
    "wrong password": (lambda url: url.set(password="wr0ng"), "does not take this user with this password"),
    "no password": (lambda url: url, "wants a password, and none was given. Write it into the address, or into ~/.pgpass"),
    "unknown user": (lambda url: url.set(username="nobody_at_all"), "lets no user of this name in"),
    "unknown database": (lambda url: url.set(password="secret", database="studdy"), "no database of this name. Check the name, or make it"),
    "unknown host": (lambda url: url.set(host="no.such.host.invalid", query={}), "no machine of this name is known"),
    "no server": (lambda url: url.set(host="127.0.0.1", port=1, query={}), "cannot be reached. Start it, or check host and port"),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_said_which(way: str, guarded: URL) -> None:
    change, expected = WAYS[way]
    with pytest.raises(StoreUnreachable, match=expected) as refused:
        Store.open(change(guarded).render_as_string(hide_password=False))
    assert "wr0ng" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_right_password_lets_in(guarded: URL) -> None:
    with Store.connect(guarded.set(password="secret").render_as_string(hide_password=False)) as store, store.reading():
        pass


@pytest.mark.parametrize("password", ["ss@cret", "ss@cr/et", "ss@cr?et"])
def test_a_sign_in_a_password_is_refused_with_how_it_is_written_and_nothing_of_it_is_shown(password: str) -> None:
    with pytest.raises(StoreUnavailable, match="write @ as %40") as refused:
        Store.open(f"postgresql://ada:{password}@db.lab/study")
    assert not any(part in str(refused.value) for part in ("ss@", "'ss'", "cret", "cr/", "cr?", "et@"))


def test_a_signs_code_stands_for_it() -> None:
    with pytest.raises(StoreUnreachable, match="cannot be reached") as refused:
        Store.open("postgresql://ada:ss%40cr%2Fet@127.0.0.1:1/study")
    assert "postgresql://ada:***@127.0.0.1:1/study" in str(refused.value)


@pytest.mark.parametrize("address", ["postgresql://ada@localhost:54x/study", "postgresql://ada:secret/study"])
def test_a_port_that_is_no_number_is_said_without_what_stands_there(address: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"The port in the database's address is no number.*host:5432") as refused:
        Store.open(address)
    assert "secret" not in str(refused.value)


def test_an_address_is_shown_as_it_was_typed_without_passwords() -> None:
    from multilabelfy.store.database.opening.addresses import address_without_password

    assert address_without_password("postgresql://ada@/study?host=/tmp/pg") == "postgresql://ada@/study?host=/tmp/pg"
    assert address_without_password("postgres://ada:secret@db.lab/study") == "postgresql://ada:***@db.lab/study"
    assert address_without_password("postgresql:///study?host=/tmp&password=s/e") == "postgresql:///study?host=/tmp&password=***"
