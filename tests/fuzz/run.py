"""`make fuzz`: send many odd requests over every route as everybody, and print each that the server answers with an error of its own.

Each batch has a study of its own and its own seed: a request that deletes a dataset does not make the rest dull, and what was found comes
again by `--seed 5 --batch 17`. Every route is asked by everybody: by turns, beside what is drawn by chance. Commands that pages start in
processes of their own fail at once here: they have their own tests.
"""

import argparse
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import IO, Any

from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from tests.answering import answer
from tests.fuzz.requests import ADDRESSES, FORMAT_NAMES, Address, Draw, Request
from tests.studies import NOW, Study, ready_study
from tests.web.access.test_teams import OTHER, add_dataset
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import create_app
from multilabelfy.web.page.jobs import worker_process
from multilabelfy.workflows.team import people

BATCH = 1_000
PEOPLE = (("Ann", Role.ANNOTATOR), ("Ed", Role.EXPERT), ("Dora", Role.OWNER), ("Sue", Role.EXPERT), ("Olga", Role.OWNER))
"""Of `pilot` an annotator, an expert and its owner; an expert of the other dataset; an owner of all. Beside them, nobody."""
OFTEN = (1, 2, 2, 2, 1, 4)
"""How often each of them asks by chance, nobody first."""
PAIRS = tuple((address, who) for address in ADDRESSES for who in range(len(PEOPLE) + 1))
"""Every route with everybody, nobody first."""
IN_TURN = 4
"""Of so many requests one is a pair's whose turn it is."""
ENOUGH = IN_TURN * len(PAIRS)
"""After so many requests every pair has had its turn."""


@dataclass
class Tally:
    """How many answers had which status, how often each route was asked by whom, and what was answered by 5xx or not at all."""

    statuses: Counter[int] = field(default_factory=Counter)
    asked: Counter[tuple[Address | None, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def unasked(self) -> list[str]:
        """The routes that somebody never asked."""
        who = ("nobody", *(name for name, _ in PEOPLE))
        return sorted(f"{address.methods} {address.path} by {who[number]}" for address, number in PAIRS if not self.asked[address, number])


class Failing:
    """A command that ends at once with a message."""

    def __init__(self, arguments: tuple[str, str], environment: Mapping[str, str], output: IO[bytes], _errors: IO[bytes]) -> None:
        output.write(json.dumps({"problem": f"not in a fuzz: {arguments[0]}"}).encode())
        output.flush()
        self.kill = self.terminate = lambda: None

    def wait(self, timeout: float | None = None) -> int:
        return 0

    def __enter__(self) -> "Failing":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


def fuzz(n_requests: int, seed: int, folder: Path, told: Callable[[str], None] = lambda _: None, first: int = 0) -> Tally:
    """Send them."""
    tally = Tally()
    with _commands_that_fail():
        for batch in range(first, first + -(-n_requests // BATCH)):
            n = min(BATCH, n_requests - (batch - first) * BATCH)
            found = list(_batch(f"{seed}-{batch}", n, folder / str(batch), tally, turns(seed, batch)))
            tally.wrong += [f"--seed {seed} --batch {batch}: {one}" for one in found]
            told("\n".join([*found, f"{tally.statuses.total():,} requests, {len(tally.wrong)} errors of the server's"]))
    return tally


def turns(seed: int, batch: int) -> Iterator[tuple[Address, int]]:
    """The pairs whose turn it is, from those of this batch on."""
    pairs = random.Random(seed).sample(PAIRS, len(PAIRS))
    start = batch * BATCH // IN_TURN
    return (pairs[place % len(pairs)] for place in count(start))


def _batch(seed: str, n_requests: int, folder: Path, tally: Tally, turn: Iterator[tuple[Address, int]]) -> Iterator[str]:
    study, clock, dice = _study(folder), Clock(), random.Random(seed)
    draw = Draw(seed, _names(study))
    app = create_app(study.workspace, clock)
    browsers = [Browser(study, clock, app), *(_signed_in(Browser(study, clock, app), name) for name, _ in PEOPLE)]
    for browser in browsers:
        browser._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # a server answers them
        for page in ("/", "/d/pilot/annotate", "/d/pilot/refine", "/d/pilot/settings", "/team", "/new", "/backups", "/me"):
            draw.read(browser.get(page).text)
    for number in range(n_requests):
        if number % IN_TURN:
            [who], request = dice.choices(range(len(browsers)), OFTEN), draw.request()
        else:
            address, who = next(turn)
            request = draw.request_to(address)
        if dice.random() < 0.001:
            clock.forward(minutes=dice.choice((1, 40, 60 * 24)))
        status, text = _answer(browsers[who], request)
        tally.statuses[status] += 1
        tally.asked[request.address, who] += 1
        if text:
            draw.read(text)
        if who and (status == 401 or (status == 303 and dice.random() < 0.05)):
            _signed_in(browsers[who], PEOPLE[who - 1][0])
        if status >= 500:
            yield f"{status} to {('nobody', *dict(PEOPLE))[who]}: {request.said}"
    app.state.background.let_go()
    study.workspace.close()


def _answer(browser: Browser, request: Request) -> tuple[int, str]:
    """The status of the answer, and its page where it is one."""
    sent: Any = {name.encode(): value for name, value in request.headers.items()}
    answered = browser.request(request.method, request.url, content=request.body, headers=sent)
    is_page = answered.headers.get("content-type", "").startswith("text/html") and answered.status_code == 200
    return answered.status_code, answered.text if is_page else ""


def _study(folder: Path) -> Study:
    """Two datasets; in the first there are answers, disputes and people of every role."""
    folder.mkdir(parents=True)
    study = ready_study(folder, n_images=8, n_exemplars=2, size=(48, 32))
    add_dataset(study)
    for image in range(4):
        answer(study, "Ann", image, [0])
        answer(study, "Bob", image, [image])
    for name, role in PEOPLE:
        dataset = None if name == "Olga" else OTHER if name == "Sue" else "pilot"
        people.invite(study.workspace, name, role, NOW, dataset=dataset)
    return study


def _names(study: Study) -> Mapping[str, Sequence[str]]:
    small = tuple(map(str, range(1, 9)))
    return {
        "dataset": ("pilot",) * 8 + (OTHER,),
        "token": (study.images[0].token, f"{OTHER}-token", "x"),
        "edge": ("320", "640", "1600"),
        "format": FORMAT_NAMES,
        "suffix": ("csv", "json"),
        "file": ("report.html", "labels.svg", "labels.json", "croissant.json"),
        **dict.fromkeys(
            ("assignment", "image", "label", "person", "someone", "number", "version", "comment", "session", "beside", "of"), small
        ),
    }


def _signed_in(browser: Browser, name: str) -> Browser:
    """Let somebody in again, unless they are blocked or gone by now."""
    known = browser.study.named(name)
    if known and known[0].active and not known[0].has_left:
        now = browser.app.state.clock()  # type: ignore[attr-defined]
        link = people.link_for_once(browser.study.workspace, people.own_name(known[0]), now).link
        browser.post(link[link.index("/sign-in/") :])
    return browser


@contextmanager
def _commands_that_fail() -> Iterator[None]:
    begin, worker_process.begin = worker_process.begin, Failing  # type: ignore[assignment]
    try:
        yield
    finally:
        worker_process.begin = begin


def main() -> int:
    """0 where the server never was at fault, and every route was asked by everybody."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, help="what requests are drawn by; a random one where none is given")
    parser.add_argument("--batch", type=int, default=0, help=f"the first batch of {BATCH:,}")
    chosen = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if chosen.seed is None else chosen.seed
    logging.disable(logging.ERROR)  # refusals by the thousand
    began = time.monotonic()
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, start_blocking_portal() as TestClient.portal:
        tally = fuzz(chosen.requests, seed, Path(folder), lambda line: print(line, flush=True), chosen.batch)
    statuses, took = tally.statuses, timedelta(seconds=round(time.monotonic() - began))
    print(f"{statuses.total():,} requests in {took}: {dict(sorted(statuses.items()))}")
    print("\n".join([f"{len(PAIRS)} routes by persons, {len(tally.unasked)} never asked", *tally.unasked]))
    return 1 if tally.wrong or (tally.unasked and chosen.requests >= ENOUGH) else 0


if __name__ == "__main__":
    sys.exit(main())
