"""Annotators without think time, for `bench_serve`: each answers the sheet in view, takes the next one, and keeps three ready behind it.

One thread with plain sockets and ready-made bytes, so that the load costs the machine little beside the server that it measures: of a
sheet it looks for three values, and never makes text, JSON or a tree of it.
"""

import selectors
import socket
import time
import zlib
from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import count

PATIENCE = 60  # seconds
FIVES = 4
SHEET = b"<answer-sheet "
NUMBER = b'data-assignment="'
REFERENCES = b'name="references" value="'
LABEL = b'name="yes" value="'
CHOSEN = (1, 7)
"""The places of the two labels that are chosen, from 0."""
VERSIONS = b'name="protocol" value="', b'name="guidelines" value="'
LENGTH = b"content-length: "
FIELDS = b"".join(b"&opened-%d=1" % five for five in range(FIVES)) + b"&scripted=1&age=0&elapsed=1000&present=1000&first=&note=&missing=&q="
_ids = count()


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and what is read of its answer: its body."""

    method: bytes
    path: bytes
    form: bytes = b""
    accept: bytes = b"text/html"


Script = Generator[Request, bytes, None]
"""What a browser asks, one request after another; it is sent the body of each answer."""


@dataclass(slots=True)
class Times:
    """Seconds of each step; the first ones, which warm the server up, are not among them."""

    steps: list[float] = field(default_factory=list)
    n_requests: int = 0


@dataclass(frozen=True, slots=True)
class LoadSheet:
    """What an annotator has to know of a sheet: its number, which pictures stand beside which label, the versions that it was made by, and
    the labels to choose."""

    number: bytes
    references: bytes
    versions: tuple[bytes, ...]
    labels: tuple[bytes, ...]


class Annotator:
    """One browser with its connection. `script` says what it asks, one request after another, and is sent each answer's body."""

    def __init__(self, port: int, cookie: str, script: Script) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept-Language: en\r\nCookie: {cookie}\r\n".encode()
        self._script, self._buffer = script, b""
        self.is_done = False
        self._ask(next(script))

    def on_readable(self) -> None:
        """Bytes came; a complete answer is followed by the next request."""
        more = self.socket.recv(1 << 18)
        if not more:
            raise ConnectionError("the server closed the connection")
        self._buffer += more
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        if len(self._buffer) - end - 4 < int(_behind(head + b"\r", LENGTH, b"\r")):
            return
        body, self._buffer = self._buffer[end + 4 :], b""
        if b" 200 " not in head[:16]:
            raise ConnectionError(f"{head!r} {body!r}")
        try:
            self._ask(self._script.send(zlib.decompress(body, 31) if b"content-encoding: gzip" in head else body))
        except StopIteration:
            self.is_done = True

    def _ask(self, request: Request) -> None:
        head = b"%b %b HTTP/1.1\r\n%bAccept: %b\r\n" % (request.method, request.path, self._head, request.accept)
        if request.method == b"POST":
            head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(request.form)
        self.socket.sendall(head + b"\r\n" + request.form)


def annotating(page: str, n_steps: int, n_warm: int, times: Times) -> Script:
    """Open the page, fill the stock, then answer sheet after sheet: by one request where the answer brings the next sheet, else by two."""
    address = page.encode()
    view, *ahead = sheets_in((yield Request(b"GET", address)))
    ahead += sheets_in((yield Request(b"GET", b"%b/ahead?held=%b" % (address, view.number))))
    for step in range(n_warm + n_steps):
        held = b".".join([sheet.number for sheet in ahead])
        start = time.perf_counter()
        answer = yield Request(b"POST", b"%b/%b" % (address, view.number), answer_to(view, held), b"application/json")
        times.n_requests += step >= n_warm
        if b'"ahead"' not in answer:
            answer = yield Request(b"GET", b"%b/ahead?held=%b" % (address, held))
            times.n_requests += step >= n_warm
        if step >= n_warm:
            times.steps.append(time.perf_counter() - start)
        view, *ahead = ahead + sheets_in(answer)


def sheets_in(body: bytes) -> list[LoadSheet]:
    """The sheets of a page or of an answer in JSON."""
    html, sheets = body.replace(b'\\"', b'"'), []
    at = html.find(SHEET)
    while at >= 0:
        number, references, *versions = [_behind(html, name, b'"', at) for name in (NUMBER, REFERENCES, *VERSIONS)]
        labels = html[at:].split(LABEL, CHOSEN[-1] + 2)
        chosen = tuple([labels[place + 1].partition(b'"')[0] for place in CHOSEN])
        sheets.append(LoadSheet(number, references, tuple(versions), chosen))
        at = html.find(SHEET, at + 1)
    return sheets


def answer_to(sheet: LoadSheet, held: bytes) -> bytes:
    """The form of an answer, with two labels of the sheet, as the page's script sends it."""
    references = sheet.references.replace(b":", b"%3A").replace(b" ", b"+")
    chosen = b"protocol=%b&guidelines=%b&references=%b&yes=%b&yes=%b" % (*sheet.versions, references, *sheet.labels)
    return b"%b%b&id=answer-%08d&held=%b" % (chosen, FIELDS, next(_ids), held)


def bare_steps(form: bytes, n_steps: int, n_warm: int, times: Times) -> Script:
    """The same form to the bare server, again and again."""
    for step in range(n_warm + n_steps):
        start = time.perf_counter()
        sheets_in((yield Request(b"POST", b"/step", form, b"application/json")))
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


def _behind(text: bytes, name: bytes, until: bytes, start: int = 0) -> bytes:
    """What stands between a name and what ends its value. Raises ValueError if the name does not occur."""
    begin = text.index(name, start) + len(name)
    return text[begin : text.index(until, begin)]
