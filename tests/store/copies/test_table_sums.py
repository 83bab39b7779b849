"""What a table holds comes to one number: the same in either database, another one for any row that differs."""

import hashlib
from datetime import UTC, datetime

from sqlalchemy import delete, update

from multilabelfy.annotation.model import Role
from multilabelfy.store import people
from multilabelfy.store.copies.table_sums import TableSum, sum_of, table_sums
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.schema import annotators, metadata

NOW = datetime(2030, 5, 6, 8, 30, 0, 5, tzinfo=UTC)


def of_people(store: Store) -> TableSum:
    with store.reading() as c:
        return sum_of(c, annotators)


def test_every_table_has_its_sum_and_an_empty_one_is_nought(store: Store) -> None:
    with store.reading() as c:
        sums = table_sums(c)
    assert [each.table for each in sums] == [table.name for table in metadata.sorted_tables]
    assert {(each.n_rows, each.checksum) for each in sums} == {(0, "0" * 64)}


def test_a_row_is_the_sha256_of_its_values_as_json(store: Store) -> None:

    with store.writing() as c:
        people.add(c, "Ada", Role.OWNER, NOW)
    written = '[1,"Ada","owner",true,{"time":"2030-05-06T08:30:00.000005+00:00"},null,null]'
    assert of_people(store) == TableSum("annotators", 1, hashlib.sha256(written.encode()).hexdigest())


def test_any_change_shows_and_the_order_of_rows_does_not(store: Store) -> None:
    def put(*rows: tuple[int, str]) -> TableSum:
        with store.writing() as c:
            c.execute(delete(annotators))
            for number, name in rows:
                c.execute(annotators.insert().values(id=number, name=name, role="owner", active=True, created_at=NOW))
        return of_people(store)

    both = put((1, "Ada"), (2, "Bob"))
    assert put((2, "Bob"), (1, "Ada")) == both
    others = [put((1, "Bob"), (2, "Ada")), put((1, "Ada")), put((1, "Ada"), (3, "Bob")), put()]
    with store.writing() as c:
        c.execute(annotators.insert().values(id=1, name="Ada", role="owner", active=False, created_at=NOW, preferences={}))
        c.execute(update(annotators).values(active=True))
    assert len({each.checksum for each in (*others, both, of_people(store))}) == 6
