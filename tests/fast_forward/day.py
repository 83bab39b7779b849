"""A study of a day and a night in minutes: people come, work, lose answers on the way, leave with pictures in hand and come back, while the
clock that the server is given runs ahead; then the reckoning (`make day`).

What was acknowledged is stored once, with its labels; nobody has two answers to a picture, and no picture more than its overlap wants; the
counters are those that the answers give. Sessions that ended let nobody answer and lose nothing. Each hour an adaptive overlap follows the
votes, and backups that are made meanwhile hold exactly what was acknowledged by then.
"""

import heapq
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bench.serve_load import LoadSheet, answer_to, sheets_in
from tests.studies import NAME, NOW, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.settings import load_settings
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.web.app import create_app
from multilabelfy.workflows.settling.overlap import decide_overlap
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.workspace import opened

PAGE = f"/d/{NAME}/annotate"
PROTOCOL = replace(PAPER, n_candidates=10, overlap_floor=2, overlap_cap=3, overlap_bound=0.05)
DAY = timedelta(hours=24)
SESSION = timedelta(hours=5)
JSON = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a day shall be: `pace` is about what one picture takes, `trouble` the chance that somebody leaves after it, and that there is no
    connection; a backup is made each `backup_hours`."""

    n_people: int
    n_images: int
    seed: int
    pace: timedelta = timedelta(seconds=20)
    trouble: float = 0.002
    backup_hours: int = 1


@dataclass
class Person:
    """Somebody at a browser: the sheets in hand, and answers that no server has acknowledged, each with the moment it was given."""

    name: str
    browser: Browser
    held: dict[str, LoadSheet] = field(default_factory=dict)
    unsent: list[tuple[str, str, datetime]] = field(default_factory=list)


@dataclass
class Ledger:
    """What was acknowledged: the labels of each answer by its id. Beside it what happened."""

    acknowledged: dict[str, set[int]] = field(default_factory=dict)
    backups: dict[Path, set[str]] = field(default_factory=dict)
    n_lost: int = 0  # acknowledgements that never arrived
    n_away: int = 0  # times that somebody left with pictures in hand
    n_ended: int = 0  # sessions that had ended
    n_late: int = 0  # answers that were sent hours after they were given


def run(wanted: Wanted, folder: Path, database_url: str | None = None) -> Ledger:
    """Play a day in `folder` and reckon. Raises AssertionError for whatever does not hold."""
    study = ready_study(folder / "w", protocol=PROTOCOL, n_images=wanted.n_images, n_exemplars=1, size=(32, 24), database_url=database_url)
    settings = load_settings(study.workspace.folder, session_days=SESSION / DAY, database_url=database_url)
    study = replace(study, workspace=replace(study.workspace, settings=settings))
    with closing(study.workspace):
        day = _Day(wanted, study, folder)
        day.play()
        _reckon(study, day.ledger)
    return day.ledger


class _Day:
    def __init__(self, wanted: Wanted, study: Study, folder: Path) -> None:
        self.ledger, self._wanted, self._study, self._folder = Ledger(), wanted, study, folder
        self._clock, self._dice = Clock(), random.Random(wanted.seed)
        self._app = create_app(study.workspace, self._clock)
        names = [f"person {number}" for number in range(wanted.n_people)]
        for name in names:
            people.invite(study.workspace, name, Role.ANNOTATOR, NOW, dataset=NAME)
        self._people = [Person(name, Browser(study, self._clock, self._app)) for name in names]

    def play(self) -> None:
        """What is next, until the day is over; then everybody sends what they still have."""
        moments = [(NOW + self._dice.random() * timedelta(hours=2), number) for number in range(len(self._people))]
        moments += [(NOW + timedelta(hours=hour), -1) for hour in range(1, 25)]
        heapq.heapify(moments)
        while moments and moments[0][0] <= NOW + DAY:
            self._clock.now, number = heapq.heappop(moments)
            if number < 0:
                self._hourly()
            else:
                heapq.heappush(moments, (self._clock.now + self._act(self._people[number]), number))
        for person in self._people:
            self._send(person)

    def _hourly(self) -> None:
        decide_overlap(self._study.workspace, NAME, self._clock.now)
        if self._clock.now.hour % self._wanted.backup_hours:
            return
        backup = back_up(self._study.workspace, self._folder / f"{self._clock.now:%H-%M-%S-%d}.db")
        self.ledger.backups[backup] = set(self.ledger.acknowledged)

    def _act(self, person: Person) -> timedelta:
        """One act of a person; gives the time until the next one."""
        turn = self._dice.random()
        if turn < self._wanted.trouble:
            self.ledger.n_away += bool(person.held)
            return timedelta(hours=self._dice.uniform(0.4, 9))  # with pictures in hand, whose leases may lapse
        if not person.held:
            person.held = self._sheets(self._ask(person, "GET", f"{PAGE}/ahead?held="))
        if not person.held:
            return timedelta(minutes=20)
        number = next(iter(person.held))
        form = answer_to(person.held.pop(number), ".".join(person.held).encode()).decode()
        person.unsent.append((number, form, self._clock.now))
        if turn < 2 * self._wanted.trouble:
            return timedelta(hours=self._dice.uniform(0.1, 6))  # given without a connection: sent when they are back
        self._send(person)
        return self._wanted.pace * self._dice.uniform(0.3, 3)

    def _send(self, person: Person) -> None:
        """What is unsent leaves in its order, each until it is acknowledged: some acknowledgements are lost on the way."""
        while person.unsent:
            number, form, given = person.unsent[0]
            age = self._clock.now - given
            self.ledger.n_late += age > timedelta(hours=1)
            sent = form.replace("&age=0&", f"&age={age // timedelta(milliseconds=1)}&")
            answer = self._ask(person, "POST", f"{PAGE}/{number}", sent)
            if self._dice.random() < 0.05:
                self.ledger.n_lost += 1
                continue
            assert answer.status_code == 200, answer.text
            fields = parse_qs(form)
            self.ledger.acknowledged[fields["id"][0]] = {int(label) for label in fields["yes"]}
            person.unsent.pop(0)
            person.held |= self._sheets(answer)

    def _ask(self, person: Person, method: str, path: str, form: str = "") -> Any:
        """A request; whoever's session has ended signs in again and asks the same once more."""
        headers = JSON if form else {"Accept": "text/html"}
        answer: Any = person.browser.request(method, path, content=form or None, headers=headers)
        if answer.status_code == 401 or "/sign-in" in answer.headers.get("location", ""):
            self.ledger.n_ended += 1
            link = people.link_for_once(self._study.workspace, person.name, self._clock.now).link
            assert person.browser.post(link[link.index("/sign-in/") :]).status_code == 303
            answer = person.browser.request(method, path, content=form or None, headers=headers)
        return answer

    def _sheets(self, answer: Any) -> dict[str, LoadSheet]:
        return {sheet.number.decode(): sheet for sheet in sheets_in(answer.content)}


def _reckon(study: Study, ledger: Ledger) -> None:
    with study.workspace.store.reading() as c:
        stored = _stored(c, study)
        assert {key: stored.get(key) for key in ledger.acknowledged} == ledger.acknowledged
        assert stored.keys() == ledger.acknowledged.keys()
        assert rebuild.stored_summaries(c, study.dataset.id) == rebuild.recomputed(c, study.dataset.id)
        for image in study.images:
            counted = [answer.annotator for answer in annotations.history(c, image.id) if not answer.surplus and answer.revision == 1]
            assert len(counted) == len(set(counted)), image
            assert len(counted) <= PROTOCOL.overlap_cap, image
        assert sum(1 for _ in images.iterate(c, study.dataset.id)) == len(study.images)
    for backup, acknowledged in ledger.backups.items():
        with _restored(backup) as c:
            assert _stored(c, study).keys() == acknowledged, backup


def _stored(c: Connection, study: Study) -> dict[str, set[int]]:
    """The labels of each answer by its id, each once."""
    answers = [answer for image in study.images for answer in annotations.history(c, image.id)]
    assert len({answer.client_id for answer in answers}) == len(answers)
    return {answer.client_id: set(answer.answers) for answer in answers}


@contextmanager
def _restored(backup: Path) -> Iterator[Connection]:
    folder = backup.with_suffix("")
    restore(backup, folder, NOW)
    with opened(load_settings(folder)) as workspace, workspace.store.reading() as c:
        yield c
