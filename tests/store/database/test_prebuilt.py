"""A prebuilt statement is run by the driver, and gives and takes what SQLAlchemy would: times, JSON, truth values, and its errors."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import String, bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.store.campaigns import NOW, new_campaign

from multilabelfy.errors import InvalidInput, StoreUnavailable
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.database.prebuilt import Listed, Prebuilt, adding_to
from multilabelfy.store.schema import annotators, datasets

ADD = adding_to(annotators)
ADD_NUMBERED = Prebuilt(insert(annotators).inline(), sets=[column.name for column in annotators.c])
BY_NAME = Prebuilt(select(annotators).where(annotators.c.name == bindparam("named")))
SAYING = "what a person wrote and nobody else may read"


def test_times_json_and_truth_values_come_back_as_they_went_in(store: Store) -> None:
    in_paris = datetime(2030, 1, 1, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    with store.writing() as c:
        ADD.run(c, name="Ada", role="owner", active=False, created_at=in_paris, erased_at=None, preferences={"keys": {"u": "x"}})
        ADD.run(c, name="Bob", role="owner", active=True, created_at=in_paris, erased_at=None, preferences=None)
    with store.reading() as c:
        ada, bob = BY_NAME.row(c, named="Ada"), BY_NAME.row(c, named="Bob")
        assert ada is not None
        assert bob is not None
        assert (ada.active, ada.created_at, ada.preferences) == (False, datetime(2030, 1, 1, 12, 30, tzinfo=UTC), {"keys": {"u": "x"}})
        assert (bob.active, bob.preferences) == (True, None)
        assert tuple(ada) == tuple(c.execute(select(annotators).where(annotators.c.name == "Ada")).one())
        assert BY_NAME.row(c, named="Eve") is None


def test_a_change_says_how_many_rows_it_found(store: Store) -> None:
    rename = Prebuilt(update(annotators).where(annotators.c.name == bindparam("named")).values(name=bindparam("to")))
    with store.writing() as c:
        ADD.run(c, name="Ada", role="owner", active=True, created_at=NOW, erased_at=None, preferences=None)
        assert [rename.n_changed(c, named=name, to="Bob") for name in ("Ada", "Ada")] == [1, 0]


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_a_list_of_any_length_finds_its_rows_once(store: Store, n: int) -> None:
    with store.writing() as c:
        for number in range(6):
            ADD.run(c, name=f"person {number}", role="owner", active=True, created_at=NOW, erased_at=None, preferences=None)
    with store.reading() as c:
        ids = [row.id for row in c.execute(select(annotators.c.id).order_by(annotators.c.id))]
        of_ids = Listed(select(annotators.c.id).order_by(annotators.c.id), annotators.c.id)
        assert [row.id for row in of_ids.of(c, ids[:n])] == ids[:n]


def test_what_would_be_another_statement_at_each_run_is_refused(store: Store) -> None:
    of_any_length = Prebuilt(select(annotators).where(annotators.c.id.in_([1, 2])))
    with store.reading() as c, pytest.raises(ValueError, match="another one at each run"):
        of_any_length.rows(c)


def test_a_read_that_begins_with_a_prebuilt_statement_shows_one_moment(store: Store) -> None:
    campaign = new_campaign(store, 1)
    name = Prebuilt(select(datasets.c.name).where(datasets.c.id == bindparam("dataset")))
    with store.reading() as c:
        before = name.value(c, dataset=campaign.dataset)
        with changed(store, campaign.dataset):
            assert name.value(c, dataset=campaign.dataset) == before


@contextmanager
def changed(store: Store, dataset: int) -> Iterator[None]:
    with store.writing() as c:
        c.execute(update(datasets).where(datasets.c.id == dataset).values(name="another"))
    yield


def test_what_is_asked_shows_its_place_in_the_transaction_whenever_it_is_looked_at(store: Store) -> None:
    rename = Prebuilt(update(annotators).where(annotators.c.name == bindparam("named")).values(name=bindparam("to")))
    with store.writing() as c:
        add(c, "Ada")
        before = BY_NAME.asked(c, named="Ada")
        rename.run(c, named="Ada", to="Bob")
        between = c.execute(select(annotators.c.name)).scalars().all()
        after = BY_NAME.asked(c, named="Ada")
        rename.run(c, named="Bob", to="Ada")
        assert [before.row() is None, between, after.row() is None] == [False, ["Bob"], True]
    with store.reading() as c:
        assert BY_NAME.row(c, named="Ada") is not None


def test_what_nobody_looked_at_is_stored_at_the_end_or_not_at_all(store: Store) -> None:
    with suppress(LookupError), store.writing() as c:
        add(c, "Ada")
        raise LookupError
    with store.writing() as c:
        add(c, "Bob")
    with store.reading() as c:
        assert c.execute(select(annotators.c.name)).scalars().all() == ["Bob"]


def test_a_change_that_is_refused_refuses_its_transaction_even_if_nobody_looked_at_it(store: Store) -> None:
    with pytest.raises(DBAPIError) as raised, store.writing() as c:
        add_numbered(c, ("Ada", 1), (SAYING, 1), ("Bob", 2))
    assert isinstance(raised.value, IntegrityError)
    assert SAYING not in str(raised.value)
    with store.writing() as c:
        assert c.execute(select(annotators.c.name)).all() == []
        add_numbered(c, ("Cem", 1))


def add(c: Connection, name: str) -> None:
    ADD.run(c, name=name, role="owner", active=True, created_at=NOW, erased_at=None, preferences=None)


def add_numbered(c: Connection, *numbered: tuple[str, int]) -> None:
    """Add these people, under numbers of our own."""
    for name, number in numbered:
        ADD_NUMBERED.run(c, id=number, name=name, role="owner", active=True, created_at=NOW, erased_at=None, preferences=None)


def test_a_value_that_no_database_holds_is_refused_in_words(store: Store) -> None:
    with pytest.raises(InvalidInput, match="Cannot write to"), store.writing() as c:
        ADD.run(c, name="half a character: \ud800", role="owner", active=True, created_at=NOW, erased_at=None, preferences=None)


def test_a_file_that_is_kept_busy_is_named_so(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "a.db")
    busy = pytest.raises(StoreUnavailable, match="another process keeps it busy")
    with Store.open(url) as one, Store.open(url, busy_seconds=0.01) as other, one.writing(), busy, other.writing():
        pass


def test_an_error_does_not_repeat_what_a_person_wrote(store: Store) -> None:
    nowhere = Prebuilt(select(annotators.c.id).where(func.nothing_like_it(bindparam("text", type_=String)) == 1))
    with store.reading() as c, pytest.raises(DBAPIError, match="nothing_like_it") as raised:
        nowhere.rows(c, text=SAYING)
    assert SAYING not in str(raised.value)
