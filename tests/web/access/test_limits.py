"""A stranger cannot exhaust the server: what a request brings is limited before it is parsed, and guesses wait without a writer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.loops import on_a_loop_of_its_own
from tests.studies import Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.store.database.opening.store import Store
from multilabelfy.web.access import bodies
from multilabelfy.web.access.bodies import Limit, limit_of
from multilabelfy.web.access.guesses import FREE, MOST_ADDRESSES, Guesses

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HERE = {"scheme": "http", "server": ("study.test", 80), "client": ("10.0.0.1", 5000)}


class Request:
    """One request as a server hands it to an application, whose body comes in parts; counts the parts that were taken."""

    def __init__(self, browser: Browser, path: str, parts: Iterator[bytes], **headers: str) -> None:
        self.browser, self.parts, self.n_taken = browser, parts, 0
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        sent = {
            "host": "study.test",
            "sec-fetch-site": "same-origin",
            "cookie": cookies,
            **{k.lower(): v for k, v in FORM.items()},
            **headers,
        }
        self.scope: dict[str, Any] = {
            **HERE,
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        }

    async def receive(self) -> dict[str, Any]:
        part = next(self.parts, None)
        if part is None:
            return {"type": "http.request", "body": b"", "more_body": False}
        self.n_taken += 1
        return {"type": "http.request", "body": part, "more_body": True}

    def answer(self) -> tuple[int, dict[bytes, bytes]]:
        """The status and headers of what the application answers."""
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        on_a_loop_of_its_own(self.browser.app(self.scope, self.receive, send))  # type: ignore[arg-type]
        return sent[0]["status"], dict(sent[0]["headers"])


def endless(size: int = 60_000) -> Iterator[bytes]:
    while True:
        yield b"x" * size


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/sign-in", 8_000),
        ("/sign-in/abc", 8_000),
        ("/team/invite", 200_000),
        ("/d/pilot/annotate/1", 200_000),
        ("/team/answers", 20_500_000),
    ],
)
def test_a_body_is_not_taken_in_beyond_what_its_page_could_send(visitor: Browser, path: str, most: int) -> None:
    for headers in ({"transfer-encoding": "chunked"}, {"content-length": "200000000"}):
        asked = Request(visitor, path, endless(), **headers)
        status, answered = asked.answer()
        assert status in (303, 401, 411, 413)
        assert asked.n_taken * 60_000 <= most + 60_000
        assert answered[b"connection"] == b"close"  # else the rest would be taken in, and thrown away


def test_a_strangers_files_are_not_read_at_all(visitor: Browser) -> None:
    asked = Request(visitor, "/team/answers", endless(), **{"content-length": "1000000"})
    assert asked.answer()[0] in (303, 401)
    assert asked.n_taken == 0


def test_every_page_that_takes_something_has_a_limit(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    addresses = {
        route.path.replace("{dataset}", "pilot").replace("{token}", "x").replace(":int", "")
        for route in olga.app.routes  # type: ignore[attr-defined]
        if "POST" in (getattr(route, "methods", None) or ())
    }
    for address in sorted(addresses):
        for name in ("assignment", "someone", "image", "index", "number"):
            address = address.replace(f"{{{name}}}", "1")
        asked = Request(olga, address, endless(1_000_000), **{"transfer-encoding": "chunked"})
        asked.answer()
        assert asked.n_taken <= 22, address


@pytest.mark.parametrize(
    ("limit", "path"),
    [("LINK", "/sign-in"), ("FORM", "/me"), ("LONG_TEXT", "/d/pilot/guidelines"), ("FILES", "/team/answers"), ("", "/new/pictures")],
)
def test_a_body_that_comes_too_slowly_is_given_up(
    browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, limit: str, path: str
) -> None:
    import anyio

    if limit:
        monkeypatch.setattr(bodies, limit, Limit(8_000, 0.05))
    monkeypatch.setattr(bodies, "UPLOAD_SECONDS", 0.05)

    class Slow(Request):
        async def receive(self) -> dict[str, Any]:
            await anyio.sleep_forever()
            raise AssertionError

    status, answered = Slow(browser_of("Olga", Role.OWNER), path, endless(), **{"content-length": "100"}).answer()
    assert (status, answered[b"connection"]) == (408, b"close")


def test_a_body_has_its_seconds_by_what_its_page_can_send() -> None:
    paths = ("/sign-in", "/sign-out", "/me", "/d/pilot/plan", "/new", "/new/pictures")
    assert [limit_of("POST", path).seconds for path in paths] == [10, 10, 20, 30, 120, 3600]
    assert limit_of("GET", "/").seconds == 5


def test_guesses_are_counted_for_the_network_that_one_has_of_ipv6(visitor: Browser) -> None:
    def guess(address: str) -> int:
        asked = Request(visitor, "/sign-in/a-guess", iter(()), **{"content-length": "0"})
        asked.scope["client"] = (address, 5000)
        return asked.answer()[0]

    assert [guess(f"2001:db8:1:2::{number:x}") for number in range(FREE + 1)] == [410] * FREE + [429]
    assert guess("2001:db8:1:3::1") == 410


def test_what_fits_is_taken_as_ever(visitor: Browser, study: Study) -> None:
    link = study.invite("Ada")
    assert visitor.post("/sign-in", data={"link": f"http://study.test{link}"}).headers["location"] == link


def test_links_that_are_none_wait_after_some_and_a_good_one_works_again_later(visitor: Browser, study: Study, clock: Clock) -> None:
    for number in range(FREE):
        assert visitor.get(f"/sign-in/guess-{number}").status_code == 410
    held_off = visitor.post("/sign-in/one-more")
    assert (held_off.status_code, held_off.headers["retry-after"]) == (429, "3")
    clock.forward(seconds=4)
    assert visitor.get("/sign-in/guess").status_code == 410
    clock.forward(seconds=4)
    assert visitor.post(study.invite("Ada")).status_code == 303


def test_guesses_and_sign_outs_of_strangers_write_nothing(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Store) -> None:
        raise AssertionError("a stranger took the writers' lock")

    monkeypatch.setattr(Store, "writing", refuse)
    assert visitor.get("/sign-in/guess").status_code == 410
    assert visitor.post("/sign-in/guess").status_code == 410
    visitor.cookies.set("multilabelfy_session", "x" * 32)
    assert visitor.post("/sign-out").status_code == 303
    assert visitor.get("/").status_code == 303


def test_the_count_of_guesses_holds_a_bounded_number_of_addresses(clock: Clock) -> None:
    guesses = Guesses()
    for number in range(MOST_ADDRESSES + 5):
        guesses.count(str(number), clock.now)
    assert len(guesses._forgiven_at) == MOST_ADDRESSES
