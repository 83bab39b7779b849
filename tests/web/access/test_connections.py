"""Whoever holds connections and says nothing loses them; whoever asks is answered, however many others wait."""

import asyncio
import resource
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
import uvicorn
from tests.loops import on_a_loop_of_its_own
from uvicorn.server import ServerState

from multilabelfy.web.access import connections
from multilabelfy.web.access.connections import PatientProtocol

ASK = b"GET / HTTP/1.1\r\nHost: study.test\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: stu"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[bytes], Awaitable[Streams]]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Read the body, then answer."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def served(story: Callable[[Connect], Awaitable[None]]) -> None:
    """Tell a story with connections to a server of our protocol."""

    async def tell() -> None:
        config = uvicorn.Config(application, http=PatientProtocol, log_level="critical")
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: PatientProtocol(config, state, {}), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        opened: list[asyncio.StreamWriter] = []

        async def connect(said: bytes) -> Streams:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            opened.append(writer)
            with suppress(ConnectionError):
                writer.write(said)
                await writer.drain()
            return reader, writer

        async with asyncio.timeout(60):
            await story(connect)
        for writer in opened:
            writer.transport.abort()
        server.close()
        for protocol in list(state.connections):
            protocol.transport.abort()
        await asyncio.sleep(0.1)

    on_a_loop_of_its_own(tell())


async def is_closed(streams: Streams) -> bool:
    """Whether the server ends the connection without a word."""
    try:
        return await streams[0].read() == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("said", [b"", HALF, ASK + HALF])
def test_a_head_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)

    async def story(connect: Connect) -> None:
        streams = await connect(said)
        if said.startswith(ASK):
            assert b"200 OK" in await streams[0].readuntil(b"ok")
        assert await is_closed(streams)

    served(story)


def test_a_head_without_an_end_is_given_up_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 3600)

    async def story(connect: Connect) -> None:
        reader, writer = await connect(HALF)
        with suppress(ConnectionError):
            for _ in range(64):
                writer.write(b"x" * 65_536)
                await writer.drain()
        answer = b""
        with suppress(ConnectionError):
            answer = await reader.read()
        assert not answer or b" 400 " in answer.splitlines()[0]

    served(story)


def test_where_connections_run_out_the_idlest_goes_and_whoever_asks_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 20)
    monkeypatch.setattr(connections, "most_connections", lambda: 20)

    async def story(connect: Connect) -> None:
        silent = [await connect(HALF) for _ in range(50)]
        assert b"200 OK" in await (await connect(ASK))[0].readuntil(b"ok")
        assert await is_closed(silent[0])
        silent[-1][1].write(b"dy.test\r\n\r\n")  # one of the newest says the rest of what it wants
        assert b"200 OK" in await silent[-1][0].readuntil(b"ok")

    served(story)


@pytest.mark.parametrize(("files", "most"), [(10**6, 800), (1_024, 800), (500, 300), (100, 20), (-1, 800)])
def test_there_are_as_many_connections_as_open_files_allow_up_to_800(monkeypatch: pytest.MonkeyPatch, files: int, most: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert connections.most_connections() == most


def test_a_body_that_does_not_come_holds_no_place_against_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "most_connections", lambda: 20)

    async def story(connect: Connect) -> None:
        slow = [await connect(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx") for _ in range(30)]
        assert b"200 OK" in await (await connect(ASK))[0].readuntil(b"ok")
        assert await is_closed(slow[0])

    served(story)
