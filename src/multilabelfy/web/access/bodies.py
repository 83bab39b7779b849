"""Limit a request's body before any of it is parsed: in bytes and in seconds, according to what its page can send."""

import asyncio
import re
from dataclasses import dataclass

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Limit:
    """The maximum size of a body, and the maximum time it may take to arrive."""

    n_bytes: int
    seconds: float


CHARSET = re.compile(r"charset(?!\s*=\s*\"?utf-?8\b)", re.IGNORECASE)
"""Text in anything but UTF-8, which our pages send: some of Python's charsets make text of it that can be stored nowhere."""
NOTHING = Limit(0, 5)
LINK = Limit(8_000, 10)
FORM = Limit(200_000, 20)
LONG_TEXT = Limit(1_000_000, 30)
FILES = Limit(20_500_000, 120)  # an owner's files of unsent answers, or of labels
UPLOAD_SECONDS = 3600


def limit_of(method: str, path: str, upload_bytes: int = 0) -> Limit:
    """The limit for a request to this address; an upload of pictures may have `upload_bytes`.

    >>> limit_of("POST", "/sign-in").n_bytes, limit_of("POST", "/d/pilot/annotate/7").n_bytes, limit_of("GET", "/").n_bytes
    (8000, 200000, 0)
    """
    if method in ("GET", "HEAD", "OPTIONS"):
        return NOTHING
    if path == "/sign-out" or path == "/sign-in" or path.startswith("/sign-in/"):
        return LINK
    if path == "/new/pictures":
        return Limit(upload_bytes, UPLOAD_SECONDS)
    if path in ("/team/answers", "/new"):
        return FILES
    return LONG_TEXT if path.endswith(("/guidelines", "/plan", "/settings")) else FORM


class BodyLimits:
    """Refuse a body with 413 if it is too large (as declared or as counted), and with 408 if it arrives too slowly."""

    def __init__(self, app: ASGIApp, upload_bytes: int = 0) -> None:
        self.app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its body is counted as it is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(receive, limit_of(scope["method"], scope["path"], self._upload_bytes), Headers(scope=scope))

        async def send_and_close(message: Message) -> None:
            """An answer to a body that has not arrived completely ends the connection: otherwise the rest would be read and thrown away."""
            if message["type"] == "http.response.start" and not body.is_whole:
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        await self.app(scope, body.receive, send_and_close)


class _Body:
    """One request's body under its limit."""

    def __init__(self, receive: Receive, limit: Limit, headers: Headers) -> None:
        self._receive, self._limit = receive, limit
        length = headers.get("content-length", "")
        self.is_whole = length in ("", "0") and "transfer-encoding" not in headers
        self._is_announced_too_large = length.isdecimal() and (len(length) > 15 or int(length) > limit.n_bytes)
        self._has_another_charset = CHARSET.search(headers.get("content-type", "")) is not None
        self._ends_at = asyncio.get_running_loop().time() + limit.seconds
        self._n_taken = 0

    async def receive(self) -> Message:
        """The next part; what comes after the body (that the browser disconnected) may take any time."""
        if self.is_whole:
            return await self._receive()
        if self._is_announced_too_large:
            raise HTTPException(413)
        if self._has_another_charset:
            raise HTTPException(415)
        try:
            async with asyncio.timeout_at(self._ends_at):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        if message["type"] == "http.disconnect":
            raise HTTPException(400)  # half a body must not be taken for a whole one
        self._n_taken += len(message.get("body", b""))
        if self._n_taken > self._limit.n_bytes:
            raise HTTPException(413)
        self.is_whole = not message.get("more_body", False)
        return message
