"""Count what anybody can cause as often as they like, wrong links and refusals, and write the counts into the log of security events.

They are counted in memory and written once a minute, by no request: a flood of guesses takes no writer's turn and fills no disk. Where more
different things happen within a minute than `MOST`, the rest is counted together.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.errors import InvitationInvalid, MultilabelfyError, NotAllowed
from multilabelfy.workflows.team.security_log import note

EVERY_SECONDS = 60
MOST = 100
LOGGED: Mapping[type[MultilabelfyError], EventKind] = {InvitationInvalid: EventKind.WRONG_LINK, NotAllowed: EventKind.REFUSED}
MANY = "many"
"""The address of what is counted together."""


class EventTally:
    """What was counted since counts were last written."""

    def __init__(self) -> None:
        self._counted: dict[tuple[object, ...], SecurityEvent] = {}
        self._lock = threading.Lock()

    def count(self, event: SecurityEvent) -> None:
        """Count one more."""
        with self._lock:
            if _same(event) not in self._counted and len(self._counted) >= MOST:
                event = SecurityEvent(event.kind, event.at, address=MANY)
            before = self._counted.get(_same(event), replace(event, n=0))
            self._counted[_same(event)] = replace(before, n=before.n + 1, last_at=event.at)

    def taken(self) -> list[SecurityEvent]:
        """Everything that was counted; it is no longer kept here."""
        with self._lock:
            counted, self._counted = list(self._counted.values()), {}
        return counted


def _same(event: SecurityEvent) -> tuple[object, ...]:
    return (event.kind, event.who, event.detail, event.address)


def count_error(request: Request, error: MultilabelfyError) -> None:
    """Count an error that the log has to know of: a refusal with its page, an invalid link with nothing but where it came from."""
    kind = next((LOGGED[logged] for logged in LOGGED if isinstance(error, logged)), None)
    if kind is None:
        return
    person = getattr(request.state, "person", None)
    detail = "" if kind is EventKind.WRONG_LINK else f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"
    event = SecurityEvent(kind, request.app.state.clock(), person and person.id, detail=detail, address=network_of(request))
    request.app.state.tally.count(event)


def write_counts(app: FastAPI) -> None:
    """Write down what was counted: each minute, before somebody reads the log, and when the server ends."""
    counted = app.state.tally.taken()
    if counted:
        note(app.state.workspace, counted)


@asynccontextmanager
async def writing_counts(app: FastAPI) -> AsyncIterator[None]:
    """While it is served, counts are written each minute, and at the end."""
    each_minute = asyncio.create_task(_each_minute(app))
    try:
        yield
    finally:
        each_minute.cancel()
        with suppress(asyncio.CancelledError):
            await each_minute
        write_counts(app)


async def _each_minute(app: FastAPI) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await run_in_threadpool(write_counts, app)


def network_of(request: Request) -> str:
    """Where a request came from, for the log: an IPv4 address, or the network (/64) of an IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network(f"{host.partition('%')[0]}/64", strict=False)) if isinstance(address, IPv6Address) else host
