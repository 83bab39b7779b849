"""Let nobody block the server by staying silent: a request's head has to arrive in time, and if connections run out, the idlest is closed.

A connection is waiting while it has sent no complete request: before its head has arrived, while its body arrives, and between two
requests. A connection whose answer is being made is never closed from here.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 10.0
MOST_HEAD = 65_536
"""Bytes of a request's head: h11 has this limit, httptools has none."""
MOST = 800
SPARED = 200
"""Files that are kept for the database, pictures and the server itself."""


class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # the one of uvicorn's two that is installed
    """Uvicorn's protocol with limits on a head's time and size, and on how many connections there are."""

    _head_timer: asyncio.TimerHandle | None = None
    _n_of_head = 0
    waits_since = 0.0

    def connection_made(self, transport: Any) -> None:
        """A new connection; if there are too many, the one that has waited longest is closed."""
        super().connection_made(transport)
        self._await_head()
        if len(self.connections) > most_connections():
            waiting = [
                connection
                for connection in self.connections
                if isinstance(connection, PatientProtocol) and connection.is_waiting and connection is not self
            ]
            min(waiting, key=lambda connection: connection.waits_since, default=self).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Bytes that arrived: they complete a head, or belong to the next one, whose time runs from its first byte."""
        super().data_received(data)
        if self._has_request:
            self._n_of_head = 0
            self._stop_timer()
            return
        self._n_of_head += len(data)
        if self._head_timer is None:
            self._await_head()
        if self._n_of_head > MOST_HEAD:
            self._give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._stop_timer()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """An answer was sent; until the first byte of the next request, uvicorn's own timer applies."""
        self.waits_since = self.loop.time()
        super().on_response_complete()

    def shutdown(self) -> None:
        """The server stops: requests under way are answered, and idle connections are closed."""
        if self.is_waiting:
            self.transport.abort()
        else:
            super().shutdown()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is lost by closing it: every complete request has been answered."""
        return not self._has_request or bool(self.cycle.more_body)

    @property
    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self.waits_since = self.loop.time()
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if not self._has_request and not self.transport.is_closing():
            self.transport.abort()

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


def most_connections() -> int:
    """The maximum number of connections: as many as the system's limit on open files allows, up to MOST."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(20, min(MOST, soft - SPARED)) if soft > 0 else MOST
