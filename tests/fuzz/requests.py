"""Requests that nobody would send, over every route: drawn by a seed from addresses, forms that pages have shown, and odd values."""

import random
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi.routing import APIRoute
from starlette.routing import Route

import multilabelfy.web
from multilabelfy.formats.outputs import FORMATS
from multilabelfy.web.access.access import below
from multilabelfy.web.app import PAGES

TEMPLATES = "\n".join(file.read_text() for file in sorted((Path(multilabelfy.web.__file__).parent / "templates").rglob("*.html")))
FIELDS = sorted(set(re.findall(r'\bname="([\w-]+)"', TEMPLATES)))
VALUES = sorted(set(re.findall(r'\bvalue="([^"{}]+)"', TEMPLATES)))
NUMBERS = (
    "0", "1", "2", "3", "4", "5", "6", "999", str(2**31 - 1), str(2**31), str(2**63), "9" * 5000, "-1", "1.0", "٣", "1e309", "nan", "inf",
)  # fmt: skip
ODD = (
    "", " ", "\0", "\ud800", "%s", "%00", "{{7*7}}", "<script>alert(1)</script>", "A" * 5000, "'", '"', "../../key", "..\\key",
    "/etc/passwd", "http://[", "//evil.test", "javascript:x", "a\r\nX-Forged: 1", "true", "null", "[]", "{", '{"a":', "2030-02-30",
    "🐈" * 50, "é", "=1+1", "pilot", "hush-hush", "csv", "json", "html", "first", "later", "yes", "maybe", "none", "cat",
)  # fmt: skip
HEADERS: Mapping[str, Sequence[str]] = {
    "Accept": ("text/html", "application/json", "*/*", "", "image/webp", "\xff"),
    "Accept-Language": ("de", "en", "tlh", "de;q=x", "*" * 300),
    "Accept-Encoding": ("gzip", "identity", "br", "gzip;q=nan"),
    "Range": ("bytes=0-0", "bytes=5-1", "bytes=-1", "bytes=x", "bytes=0-1,2-3,9-"),
    "If-None-Match": ('"x"', "W/", "*"),
    "If-Modified-Since": ("yesterday", "Mon, 32 Foo 9999 99:99:99 GMT"),
    "Referer": ("http://study.test/d/pilot", "http://[", "javascript:x"),
    "Origin": ("http://study.test", "null", "http://[", "http://evil.test"),
    "Sec-Fetch-Site": ("same-origin", "cross-site", "none", "?"),
    "X-Forwarded-For": ("1.2.3.4", "x, y", ""),
    "Authorization": ("Bearer x", "Basic \xe9"),
    "Cookie": ("session=x", "=;;", "a=\xff"),
    "Content-Type": (
        "text/plain",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "x/y; charset=utf-7",
        "\xff",
    ),
}
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW")


@dataclass(frozen=True, slots=True)
class Address:
    """A route as it is declared: its methods, its path with names in braces, and what it takes behind the question mark and in a form."""

    methods: tuple[str, ...]
    path: str
    query: tuple[str, ...]
    form: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `said` tells all of it. `address` is the route that it was drawn for; None where a form was sent."""

    method: str
    url: str
    headers: Mapping[str, bytes]
    body: bytes
    address: Address | None = None

    @property
    def said(self) -> str:
        return f"{self.method} {self.url[:300]} {dict(self.headers)} {self.body[:300]!r}"


@dataclass
class Draw:
    """Draws requests. `seen` are forms that pages showed, by where they lead but for numbers; `names` has what a path may hold."""

    seed: str
    names: Mapping[str, Sequence[str]]
    seen: dict[str, deque[tuple[str, list[tuple[str, str]]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def request(self) -> Request:
        """The next request: a form that was seen, with or without a change, or anything to any route."""
        dice = self._dice
        if self.seen and dice.random() < 0.4:
            action, fields = dice.choice(self.seen[dice.choice(list(self.seen))])
            return self._sent("POST", action, [*self._changed(fields)])
        return self.request_to(dice.choice(ADDRESSES))

    def request_to(self, address: Address) -> Request:
        """A request to this route."""
        dice = self._dice
        method = dice.choice(address.methods) if dice.random() < 0.9 else dice.choice(METHODS)
        url = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: _quoted(self._named(found[1])), address.path)
        query = [(name, self._value()) for name in address.query if dice.random() < 0.6]
        if dice.random() < 0.1:
            query.append((dice.choice(FIELDS), self._value()))
        named = [*address.form, *dice.choices(FIELDS, k=dice.randint(0, 6))]
        sent = self._sent(method, f"{url}?{_encoded(query)}" if query else url, [(name, self._value()) for name in named])
        return replace(sent, address=address)

    def read(self, page: str) -> None:
        """Remember the forms of a page."""
        reader = _Forms()
        reader.feed(page)
        for action, fields in reader.forms:
            self.seen.setdefault(re.sub(r"\d+", "#", action), deque(maxlen=20)).append((action, fields))

    def _named(self, name: str) -> str:
        known = self.names.get(name)
        return self._dice.choice(known) if known and self._dice.random() < 0.85 else self._value()

    def _value(self) -> str:
        pool: Sequence[str] = self._dice.choice((NUMBERS[:8], NUMBERS, ODD, VALUES))
        return self._dice.choice(pool)

    def _changed(self, fields: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        dice = self._dice
        wild = dice.choice((0.0, 0.1, 0.5))
        for name, value in fields:
            turn = dice.random()
            if turn < wild / 4:
                continue
            yield name, self._value() if turn < wild else value
            if turn > 1 - wild / 4:
                yield dice.choice(FIELDS), self._value()

    def _sent(self, method: str, url: str, fields: list[tuple[str, str]]) -> Request:
        dice = self._dice
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        headers |= {name: dice.choice(HEADERS[name]) for name in HEADERS if dice.random() < 0.04}
        body = b"" if method in ("GET", "HEAD", "OPTIONS") else _encoded(fields).encode()
        if body and dice.random() < 0.12:
            headers["Content-Type"] = "multipart/form-data; boundary=x"
            body = _multipart(fields, is_file=dice.random() < 0.3)
        if body and dice.random() < 0.05:
            body = dice.choice((body[: dice.randrange(len(body))], dice.randbytes(200), b"[" * 3000, b"&" * 600))
        return Request(method, url, {name: value.encode("latin-1") for name, value in headers.items()}, body)


class _Forms(HTMLParser):
    """The forms of a page that are posted: where each leads, with its fields as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = given.get("method", "get").lower() == "post" and given.get("action", "").startswith("/")
            if self._open:
                self.forms.append((given["action"], []))
        elif self._open and given.get("name") and tag in ("input", "button", "textarea", "select"):
            self.forms[-1][1].append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def _addresses() -> Iterator[Address]:
    for page in PAGES:
        for route in page.router.routes:
            if isinstance(route, APIRoute):
                parts = list(below(route.dependant))
                query = tuple(one.alias for part in parts for one in part.query_params)
                yield Address(
                    tuple(sorted(route.methods or ())), route.path, query, tuple(one.alias for part in parts for one in part.body_params)
                )
            elif isinstance(route, Route):
                yield Address(tuple(sorted(route.methods or ("GET",))), route.path, (), ())


def _quoted(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"), safe="")


def _encoded(fields: Sequence[tuple[str, str]]) -> str:
    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in fields])


def _multipart(fields: Sequence[tuple[str, str]], *, is_file: bool) -> bytes:
    file = '; filename="a.json"' if is_file else ""
    parts = (f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n' for name, value in fields)
    return ("".join(parts) + "--x--\r\n").encode("utf-8", "surrogatepass")


ADDRESSES = tuple(_addresses())
FORMAT_NAMES = tuple(known.name for known in FORMATS)
