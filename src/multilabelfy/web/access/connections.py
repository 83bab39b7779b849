"""Let nobody hold the server by saying nothing: a request's head has to come in time, and where connections run out the idlest one goes.

A connection waits while it has sent no whole request: before its head is there, while its body comes, and between two requests. One whose
answer is being made is never closed from here.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 10.0
MOST = 800
SPARED = 200
"""Files that are kept for the database, pictures and the server itself."""


class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # the one of uvicorn's two that is installed
    """Uvicorn's protocol with a limit on how long a head may take and on how many connections there are."""

    _head_timer: asyncio.TimerHandle | None = None
    waits_since = 0.0

    def connection_made(self, transport: Any) -> None:
        """A new connection; where there are too many, the one that has waited for longest is closed for it."""
        super().connection_made(transport)
        self._await_head()
        if len(self.connections) > most_connections():
            waiting = [one for one in self.connections if isinstance(one, PatientProtocol) and one.is_waiting and one is not self]
            min(waiting, key=lambda one: one.waits_since, default=self).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Bytes that came: they end a head, or are a part of the next one, for which the time runs from its first byte."""
        super().data_received(data)
        if self._has_request:
            self._stop_timer()
        elif self._head_timer is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._stop_timer()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """An answer went out; what follows is waited for, by uvicorn's own timer until its first byte."""
        self.waits_since = self.loop.time()
        super().on_response_complete()

    def shutdown(self) -> None:
        """The server ends: what is asked is answered, and nobody is waited for."""
        if self.is_waiting:
            self.transport.abort()
        else:
            super().shutdown()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is lost by closing it: no whole request has come that is not answered."""
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
    """How many connections there may be: as the system's limit on open files allows, up to MOST."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return MOST
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(20, min(MOST, soft - SPARED)) if soft > 0 else MOST
