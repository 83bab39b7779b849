"""The log of security events: appended to, and read newest first. The same counted event within an hour is one row with a count."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select, update

from multilabelfy.annotation.access.security_events import COUNTED, MAX_DETAIL, EventKind, SecurityEvent
from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import security_events

MAX_ADDRESS = 64
CHUNK = 1000


def add(c: Connection, event: SecurityEvent) -> None:
    """Append an event; of a counted kind, count it where this hour has the same already."""
    values = _values(event)
    same = _same_this_hour(c, values, event.at) if event.kind in COUNTED else None
    if same is None:
        c.execute(insert(security_events).values(at=event.at, last_at=event.last_at or event.at, n=event.n, **values))
    else:
        grown = {"n": security_events.c.n + event.n, "last_at": event.last_at or event.at}
        c.execute(update(security_events).where(security_events.c.id == same).values(**grown))


def forget_addresses(c: Connection, person: AnnotatorId) -> None:
    """Empty the addresses from which a person acted: all that is taken out of the log when their name is erased."""
    c.execute(update(security_events).where(security_events.c.who_id == person).values(address=""))


def page(c: Connection, *, person: AnnotatorId | None, kind: EventKind | None, below: int | None, limit: int) -> list[SecurityEvent]:
    """The newest events with a number below `below`: those by or about a person, or all, of one kind or of all."""
    query = select(security_events).where(*_conditions(person, kind, below)).order_by(security_events.c.id.desc()).limit(limit)
    return [_from_row(row) for row in c.execute(query)]


def iterate(c: Connection, *, person: AnnotatorId | None, kind: EventKind | None) -> Iterator[SecurityEvent]:
    """All of them, newest first, read in portions."""
    below: int | None = None
    while portion := page(c, person=person, kind=kind, below=below, limit=CHUNK):
        yield from portion
        below = portion[-1].number


def _values(event: SecurityEvent) -> dict[str, Any]:
    texts = {"dataset": event.dataset, "detail": event.detail[:MAX_DETAIL], "address": event.address[:MAX_ADDRESS]}
    return {"kind": event.kind.value, "who_id": event.who, "about_id": event.about, **texts}


def _same_this_hour(c: Connection, values: dict[str, Any], at: datetime) -> int | None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    same = [security_events.c[name].is_not_distinct_from(value) for name, value in values.items()]
    query = select(security_events.c.id).where(security_events.c.at >= hour, *same).order_by(security_events.c.id.desc()).limit(1)
    number: int | None = c.execute(query).scalar_one_or_none()
    return number


def _conditions(person: AnnotatorId | None, kind: EventKind | None, below: int | None) -> Iterator[ColumnElement[bool]]:
    if person is not None:
        yield or_(security_events.c.who_id == person, security_events.c.about_id == person)
    if kind is not None:
        yield security_events.c.kind == kind.value
    if below is not None:
        yield security_events.c.id < below


def _from_row(row: Row[Any]) -> SecurityEvent:
    who, about = (None if number is None else AnnotatorId(number) for number in (row.who_id, row.about_id))
    texts = {"dataset": row.dataset, "detail": row.detail, "address": row.address}
    return SecurityEvent(EventKind(row.kind), row.at, who, about, n=row.n, last_at=row.last_at, number=row.id, **texts)
