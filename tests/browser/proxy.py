"""A small reverse proxy before the served application: shows it under a prefix, which it takes off, and says for whom it asks."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import httpx
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PER_CONNECTION = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class ReverseProxy:
    """Passes on what lies under `prefix`; everything else is not there, and is noted in `beside`."""

    def __init__(self, upstream: str, prefix: str) -> None:
        self.beside: list[str] = []
        self._upstream, self._prefix = upstream, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        inside = request.url.path.removeprefix(self._prefix)
        if inside == request.url.path:
            self.beside.append(inside)
            await Response(status_code=404)(scope, receive, send)
            return
        headers = {name: value for name, value in request.headers.items() if name not in PER_CONNECTION}
        headers |= {"x-forwarded-for": request.client.host if request.client else "", "x-forwarded-proto": "http"}
        target = f"{self._upstream}{inside}{'?' if request.url.query else ''}{request.url.query}"
        async with (
            httpx.AsyncClient(timeout=30) as client,
            client.stream(request.method, target, headers=headers, content=await request.body()) as answer,
        ):
            body = b"".join([part async for part in answer.aiter_raw()])
        passed_on = Response(body, answer.status_code)
        passed_on.raw_headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() != b"transfer-encoding"]
        await passed_on(scope, receive, send)


@contextlib.contextmanager
def in_a_thread(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of this machine; yields its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # whoever comes before the loop runs waits, and is not refused
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", proxy_headers=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
