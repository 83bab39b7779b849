"""The log of security events: write down what happened, and read it page by page or whole, for owners.

What changes something is written down in the same transaction as the change. What only happened (a refusal, a wrong link, an export) has
one of its own, and where nothing can be written it goes unwritten: reading must still work on a read-only disk.
"""

import csv
import io
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.errors import StoreUnavailable
from multilabelfy.store import people, security_events
from multilabelfy.workflows.workspace import Workspace

PAGE = 50
COLUMNS = ("number", "at", "last_at", "n", "kind", "who_id", "who", "about_id", "about", "dataset", "detail", "address")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event with the names that its people have now: an erased name is gone from here too."""

    event: SecurityEvent
    who: str
    about: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of events, newest first; the next page begins below `next_below` (None: this is the last page)."""

    events: tuple[LoggedEvent, ...]
    next_below: int | None


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which events: by or about this person, of this kind; None: all."""

    person: AnnotatorId | None = None
    kind: EventKind | None = None


def note(workspace: Workspace, events: Iterable[SecurityEvent]) -> None:
    """Write events down in a transaction of their own, as far as anything can be written."""
    try:
        with workspace.store.writing() as c:
            for event in events:
                security_events.add(c, event)
    except StoreUnavailable as error:
        log.warning("Security events were not written down: %s", error)


def log_page(workspace: Workspace, wanted: LogFilter, below: int | None = None) -> LogPage:
    """A page of the log."""
    with workspace.store.reading() as c:
        events = security_events.page(c, person=wanted.person, kind=wanted.kind, below=below, limit=PAGE + 1)
        names = _names(people.everyone(c))
    return LogPage(tuple(_named(event, names) for event in events[:PAGE]), events[PAGE - 1].number if len(events) > PAGE else None)


def log_as_csv(workspace: Workspace, wanted: LogFilter) -> Iterator[str]:
    """The log as a CSV table for people, row by row: no text in it is a formula to a spreadsheet."""
    yield _csv_row(COLUMNS)
    for logged in _all(workspace, wanted):
        yield _csv_row([_harmless(value) for value in _values(logged).values()])


def log_as_json(workspace: Workspace, wanted: LogFilter) -> Iterator[str]:
    """The log as a JSON list, one event a line."""
    opening = "["
    for logged in _all(workspace, wanted):
        yield opening + "\n" + json.dumps(_values(logged), ensure_ascii=False)
        opening = ","
    yield "\n]\n" if opening == "," else "[]\n"


def _all(workspace: Workspace, wanted: LogFilter) -> Iterator[LoggedEvent]:
    with workspace.store.reading() as c:
        names = _names(people.everyone(c))
        for event in security_events.iterate(c, person=wanted.person, kind=wanted.kind):
            yield _named(event, names)


def _names(everybody: Sequence[Annotator]) -> Mapping[AnnotatorId, str]:
    return {person.id: person.name for person in everybody}


def _named(event: SecurityEvent, names: Mapping[AnnotatorId, str]) -> LoggedEvent:
    who, about = ("" if number is None else names[number] for number in (event.who, event.about))
    return LoggedEvent(event, who, about)


def _values(logged: LoggedEvent) -> dict[str, Any]:
    event = logged.event
    times = (event.at.isoformat(), (event.last_at or event.at).isoformat())
    people = (event.who, logged.who, event.about, logged.about)
    values = (event.number, *times, event.n, event.kind.value, *people, event.dataset, event.detail, event.address)
    return dict(zip(COLUMNS, values, strict=True))


def _csv_row(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, after an apostrophe (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
