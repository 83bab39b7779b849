"""Where PostgreSQL takes no change, because its disk is full or it is made read-only, that is said, and reading goes on."""

import pytest
from sqlalchemy import make_url
from tests.databases import empty
from tests.store.campaigns import NOW

from multilabelfy.annotation.model import Role
from multilabelfy.errors import DISK_FULL, DISK_READ_ONLY, StoreReadOnly, StoreUnavailable
from multilabelfy.store import people
from multilabelfy.store.database.opening.store import Store

pytestmark = pytest.mark.postgres
WORDS_OF_POSTGRESQL = [
    ('could not extend file "base/16384/16397": No space left on device', "53100", DISK_FULL),
    ("cannot set transaction read-write mode during recovery", "0A000", DISK_READ_ONLY),
    ("cannot acquire lock mode RowExclusiveLock on database objects while recovery is in progress", "55000", DISK_READ_ONLY),
]


@pytest.mark.parametrize(("message", "state", "why"), WORDS_OF_POSTGRESQL)
def test_what_the_server_says_is_told_in_words(postgres_tables: str, message: str, state: str, why: str) -> None:
    with Store.open(postgres_tables) as store:
        with pytest.raises(StoreUnavailable) as refused, store.writing() as c:
            c.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = '{state}'; END $$")
        assert refused.value.why == why
        assert store.is_read_only is (why == DISK_READ_ONLY)


@pytest.mark.usefixtures("migrations_run")
def test_a_database_that_its_administrator_made_read_only_is_read_and_not_written(postgres_tables: str) -> None:
    address = make_url(postgres_tables)
    options = f"{address.query['options']} -c default_transaction_read_only=on"
    with Store.open(address.update_query_dict({"options": options}).render_as_string(hide_password=False)) as store:
        with pytest.raises(StoreReadOnly, match="it is read-only"), store.writing() as c:
            people.add(c, "Nobody yet", Role.OWNER, NOW)
        assert store.is_read_only
        with store.writing() as c:
            assert "Nobody yet" not in {person.name for person in people.everyone(c)}
        assert store.is_read_only  # nothing was written that would show otherwise


def test_once_something_was_written_it_is_read_only_no_more(postgres_tables: str) -> None:
    with Store.open(postgres_tables) as store:
        store.is_read_only = True
        with store.writing() as c:
            empty(c)
            people.add(c, "Ada", Role.OWNER, NOW)
        assert not store.is_read_only
