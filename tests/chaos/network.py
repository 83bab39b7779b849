"""A network that breaks on command: a relay before the server that cuts, delays, fails, or loses an answer after the server committed it.

It stands outside of the browser, so that whatever asks (a page, a service worker, a request that outlives its page) meets the same faults.
"""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_SECONDS = 60.0
FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Trouble(StrEnum):
    """What happens to requests."""

    NONE = "none"
    CUT = "cut"  # the connection ends before the server hears anything
    SLOW = "slow"
    FAIL = "fail"  # 500, and the server hears nothing
    DROP = "drop"  # the server answers, and the answer is lost: of posts alone


@dataclass
class Weather:
    """The trouble that reigns, and for how many more requests (posts, where it is DROP)."""

    trouble: Trouble = Trouble.NONE
    n_left: int = 0
    seconds: float = 0.0

    def next_for(self, method: bytes) -> Trouble:
        """What this request meets."""
        if self.n_left <= 0 or (self.trouble is Trouble.DROP and method != b"POST"):
            return Trouble.NONE
        self.n_left -= 1
        return self.trouble


class Network:
    """A relay from a port of its own to the server's, in a thread; `weather` may be changed at any time."""

    def __init__(self, server_port: int) -> None:
        self.weather = Weather()
        self._server_port = server_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listening: asyncio.Server = self._run(asyncio.start_server(self._relay, "127.0.0.1", 0))
        self.port: int = self._listening.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Let go of the port."""
        self._loop.call_soon_threadsafe(self._listening.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(MOST_SECONDS):
                await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # a broken connection is what the browser shall see
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _request_of(reader)
        trouble = self.weather.next_for(request.split(b" ", 1)[0])
        if trouble is Trouble.SLOW:
            await asyncio.sleep(self.weather.seconds)
        if trouble is Trouble.CUT:
            return
        if trouble is Trouble.FAIL:
            writer.write(FAILED)
        else:
            answer = await self._ask(request)
            if trouble is Trouble.DROP:
                return
            writer.write(answer)
        await writer.drain()

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read(-1)
        finally:
            writer.close()


async def _request_of(reader: asyncio.StreamReader) -> bytes:
    """One whole request that asks the server to close the connection after its answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    lengths = [int(line.split(b":", 1)[1]) for line in kept if line.lower().startswith(b"content-length:")]
    body = await reader.readexactly(lengths[0]) if lengths else b""
    return b"\r\n".join([first, *kept, b"Connection: close", b"", body])
