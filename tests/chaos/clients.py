"""People who answer as fast as they can, without a browser, and remember what the server acknowledged; they wait for nothing but it.

A request without an answer, or refused because the database is away, is sent again as it was.
"""

import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import httpx
from bench.serve_load import LoadSheet, answer_to, sheets_in
from tests.studies import NAME

PAGE = f"/d/{NAME}/annotate"
PATIENCE = 120.0
"""Seconds without any answer until a run fails."""
AWAY = 503
"""The status of a server whose database is away."""


@dataclass
class Ledger:
    """What the server acknowledged: the labels of each answer by its id; `n_broken` requests were sent again."""

    wanted: int
    acknowledged: dict[str, set[int]] = field(default_factory=dict)
    n_broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, form: str) -> None:
        """An answer was acknowledged."""
        fields = parse_qs(form)
        with self.lock:
            self.acknowledged[fields["id"][0]] = {int(label) for label in fields["yes"]}

    def count_broken(self) -> None:
        """A request has to be sent again."""
        with self.lock:
            self.n_broken += 1

    @property
    def is_full(self) -> bool:
        """Whether as many answers were acknowledged as are wanted."""
        return len(self.acknowledged) >= self.wanted


def work(address: str, link: str, ledger: Ledger) -> None:
    """One person: sign in, answer whatever comes, until the ledger is full."""
    with httpx.Client(base_url=address, timeout=30, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}) as client:
        _ask(client, ledger, "POST", link)
        held: dict[str, LoadSheet] = {}
        while not ledger.is_full:
            held |= _sheets(_ask(client, ledger, "GET", f"{PAGE}/ahead?held={'.'.join(held)}"))
            if not held:
                return
            number = next(iter(held))
            form = answer_to(held.pop(number), ".".join(held).encode()).decode()
            answer = _ask(client, ledger, "POST", f"{PAGE}/{number}", form)
            assert answer.status_code == 200, answer.text
            ledger.take(form)
            held |= _sheets(answer)


def _sheets(answer: httpx.Response) -> dict[str, LoadSheet]:
    """The sheets that came, by their number."""
    return {sheet.number.decode(): sheet for sheet in sheets_in(answer.content)}


def _ask(client: httpx.Client, ledger: Ledger, method: str, path: str, form: str = "") -> httpx.Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Accept": "application/json"} if form else {})
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            answer = client.request(method, path, content=form or None, headers=headers if method == "POST" else {})
        except httpx.TransportError:
            pass
        else:
            assert answer.status_code < 500 or answer.status_code == AWAY, f"{method} {path}: {answer.status_code} {answer.text}"
            if answer.status_code != AWAY:
                return answer
        ledger.count_broken()
        time.sleep(0.05)
    raise AssertionError(f"nobody answered for {PATIENCE} seconds")
