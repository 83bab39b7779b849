"""The log of security events on both databases: appended, counted within the hour where anybody can cause it, read by number."""

from datetime import timedelta

from tests.studies import NOW

from multilabelfy.annotation.access.security_events import MAX_DETAIL, EventKind, SecurityEvent
from multilabelfy.annotation.model import Role
from multilabelfy.store import people, security_events
from multilabelfy.store.database.opening.store import Store

HALF_PAST = NOW.replace(minute=30)


def test_the_same_within_an_hour_is_one_row_with_a_count_and_the_next_hour_begins_another(store: Store) -> None:
    for minutes in (0, 20, 29, 31):
        guess = SecurityEvent(EventKind.WRONG_LINK, HALF_PAST + timedelta(minutes=minutes), address="192.0.2.1")
        with store.writing() as c:
            security_events.add(c, guess)
    with store.reading() as c:
        newest, first = security_events.page(c, person=None, kind=None, below=None, limit=10)
    assert (first.n, first.at, first.last_at) == (3, HALF_PAST, HALF_PAST + timedelta(minutes=29))
    assert newest.n == 1


def test_what_changes_something_is_a_row_each_time(store: Store) -> None:
    with store.writing() as c:
        for _ in range(2):
            security_events.add(c, SecurityEvent(EventKind.ARCHIVED, NOW, dataset="pilot"))
        assert len(security_events.page(c, person=None, kind=None, below=None, limit=10)) == 2


def test_a_person_is_found_as_who_did_it_and_as_whom_it_was_about(store: Store) -> None:
    with store.writing() as c:
        olga, ada = (people.add(c, name, Role.OWNER, NOW).id for name in ("Olga", "Ada"))
        security_events.add(c, SecurityEvent(EventKind.INVITED, NOW, olga, ada, detail="owner"))
        security_events.add(c, SecurityEvent(EventKind.SIGNED_IN, NOW, ada, address="10.0.0.1"))
        security_events.add(c, SecurityEvent(EventKind.SIGNED_IN, NOW, olga, address="10.0.0.1"))
        of_ada = security_events.iterate(c, person=ada, kind=None)
        assert [event.kind for event in of_ada] == [EventKind.SIGNED_IN, EventKind.INVITED]


def test_a_text_that_is_too_long_is_cut_instead_of_failing_what_it_tells_of(store: Store) -> None:
    with store.writing() as c:
        security_events.add(c, SecurityEvent(EventKind.REFUSED, NOW, detail="x" * 500, address="y" * 500))
        [event] = security_events.page(c, person=None, kind=None, below=None, limit=1)
    assert (len(event.detail), len(event.address)) == (MAX_DETAIL, 64)
