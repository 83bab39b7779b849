"""Follow each request to the end of its answer, and tell those who count and write down: how long, how large, by whom, under which route.

A route is named by its template (`/sign-in/{token}`), never by the address itself: that may hold the secret of an invitation link, and a
measurement for each address would never end.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_ROUTE = "-"
"""Stands for the route of a request that no page takes, or that was refused before a page was found."""
WATCHING = frozenset({"/healthz", "/readyz", "/metrics"})
"""The routes of programs that ask every few seconds."""
_current: ContextVar[str] = ContextVar("request", default="")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. `person` is the number of whoever is signed in, `n_bytes` the size of the answer's body as it was sent."""

    id: str
    method: str
    route: str
    status: int
    seconds: float
    n_bytes: int
    person: int | None


Follower = Callable[[Exchange], None]


def current_request() -> str:
    """The id of the request that is being answered; empty outside of one."""
    return _current.get()


class Exchanges:
    """Tell each follower of each exchange once it has ended; give each answer the request's id, under which the log has it."""

    def __init__(self, app: ASGIApp, followers: Sequence[Follower] = ()) -> None:
        self.app = app
        self.followers = followers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; measure what comes back. A bug counts as 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        number = state["request"] = secrets.token_hex(8)
        _current.set(number)
        status, n_bytes, begun = 500, 0, time.perf_counter()

        async def send_and_measure(message: Message) -> None:
            nonlocal status, n_bytes
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", number.encode()))
            else:
                n_bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_and_measure)
        finally:
            person = state.get("person")
            method, route = scope["method"], getattr(scope.get("route"), "path", NO_ROUTE)
            took = time.perf_counter() - begun
            exchange = Exchange(number, method, route, status, took, n_bytes, None if person is None else int(person.id))
            for follower in self.followers:
                follower(exchange)
