"""Annotators without think time, for `bench_serve`: each answers the sheet in view, takes the next one, and keeps three ready behind it.

One thread with plain sockets and ready-made bytes, so that the load costs the machine little beside the server that it measures.
"""

import json
import re
import secrets
import selectors
import socket
import time
import zlib
from collections.abc import Generator
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

SHEET = re.compile(r"<answer-sheet .*?</answer-sheet>", re.DOTALL)
PATIENCE = 60  # seconds
NUMBER = re.compile(r'data-assignment="(\d+)"')
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
LABEL = re.compile(r'name="yes" value="(\d+)"')
READY = 3
HEAD = "Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept-Language: en\r\nCookie: {cookie}\r\n"


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and what is read of its answer: its body as text."""

    method: str
    path: str
    form: str = ""
    accept: str = "text/html"

    def as_bytes(self, cookie: str) -> bytes:
        """The request as a browser sends it."""
        head = f"{self.method} {self.path} HTTP/1.1\r\n{HEAD.format(cookie=cookie)}Accept: {self.accept}\r\n"
        if self.method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(self.form)}\r\n"
        return f"{head}\r\n{self.form}".encode()


Script = Generator[Request, str, None]
"""What a browser asks, one request after another; it is sent the body of each answer."""


@dataclass(slots=True)
class Times:
    """Seconds of each step; the first ones, which warm the server up, are not among them."""

    steps: list[float] = field(default_factory=list)
    n_requests: int = 0


class Annotator:
    """One browser with its connection. `script` says what it asks, one request after another, and is sent each answer's body."""

    def __init__(self, port: int, cookie: str, script: Script) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._cookie, self._script, self._buffer = cookie, script, b""
        self.is_done = False
        self._ask(next(script))

    def on_readable(self) -> None:
        """Bytes came; a complete answer is followed by the next request."""
        more = self.socket.recv(1 << 18)
        if not more:
            raise ConnectionError("the server closed the connection")
        self._buffer += more
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if not separator or length is None or len(body) < int(length[1]):
            return
        self._buffer = b""
        if b" 200 " not in head[:16]:
            raise ConnectionError(f"{head!r} {body!r}")
        text = zlib.decompress(body, 31) if b"content-encoding: gzip" in head.lower() else body
        try:
            self._ask(self._script.send(text.decode()))
        except StopIteration:
            self.is_done = True

    def _ask(self, request: Request) -> None:
        self.socket.sendall(request.as_bytes(self._cookie))


def annotating(page: str, n_steps: int, n_warm: int, times: Times) -> Script:
    """Open the page, fill the stock, then answer sheet after sheet: by one request where the answer brings the next sheet, else by two."""
    ahead = sheets_in((yield Request("GET", page)))
    view = ahead.pop(next(iter(ahead)))
    ahead |= sheets_in((yield Request("GET", f"{page}/ahead?held={number_of(view)}")))
    for step in range(n_warm + n_steps):
        held = [*ahead]
        path, form = answer_to(page, view, held)
        start = time.perf_counter()
        answer = json.loads((yield Request("POST", path, form, "application/json")))
        times.n_requests += step >= n_warm
        fresh = answer.get("ahead")
        if fresh is None:
            fresh = yield Request("GET", f"{page}/ahead?held={'.'.join(held)}")
            times.n_requests += step >= n_warm
        if step >= n_warm:
            times.steps.append(time.perf_counter() - start)
        ahead |= sheets_in(fresh)
        view = ahead.pop(next(iter(ahead)))


def sheets_in(html: str) -> dict[str, str]:
    """The sheets of a page or an answer, by number."""
    return {number_of(sheet): sheet for sheet in SHEET.findall(html)}


def number_of(sheet: str) -> str:
    """The number of a sheet's assignment. Raises ValueError if it has none."""
    number = NUMBER.search(sheet)
    if number is None:
        raise ValueError(f"a sheet without its number: {sheet[:200]}")
    return number[1]


def answer_to(page: str, sheet: str, held: list[str]) -> tuple[str, str]:
    """Where an answer is posted, and the form: two labels of the sheet, as the page's script sends them."""
    fields = dict(FIELD.findall(sheet))
    labels = LABEL.findall(sheet)
    opened = {name: "1" for name in fields if name.startswith("opened-")}
    times = {"scripted": "1", "age": "0", "elapsed": "1000", "present": "1000"}
    texts = {"id": secrets.token_hex(16), "note": "", "missing": "", "q": "", "held": ".".join(held)}
    form = urlencode({**fields, **opened, **times, **texts, "yes": [labels[1], labels[7]]}, doseq=True, quote_via=quote)
    return f"{page}/{number_of(sheet)}", form


def bare_steps(form: str, n_steps: int, n_warm: int, times: Times) -> Script:
    """The same form to the bare server, again and again."""
    for step in range(n_warm + n_steps):
        start = time.perf_counter()
        answer = json.loads((yield Request("POST", "/step", form, "application/json")))
        sheets_in(answer["ahead"])
        if step >= n_warm:
            times.steps.append(time.perf_counter() - start)
            times.n_requests += 1


def drive(annotators: list[Annotator]) -> None:
    """Let them all work until each is done. Raises TimeoutError if the server answers nobody for a minute."""
    with selectors.DefaultSelector() as selector:
        for annotator in annotators:
            selector.register(annotator.socket, selectors.EVENT_READ, annotator)
        n_left = len(annotators)
        while n_left:
            answered = selector.select(PATIENCE)
            if not answered:
                raise TimeoutError(f"the server has answered nobody for {PATIENCE} seconds")
            for key, _ in answered:
                key.data.on_readable()
                if key.data.is_done:
                    selector.unregister(key.fileobj)
                    key.data.socket.close()
                    n_left -= 1
