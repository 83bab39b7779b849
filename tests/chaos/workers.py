"""`make chaos-workers`: sixteen people answer as fast as they can while workers, the server or PostgreSQL are killed; then the reckoning.

Whatever was acknowledged is stored exactly once, with its labels; the counters are those that the log of answers gives; no image has more
answers than its overlap. Nobody waits for anything but the server.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from tests.chaos.clients import PATIENCE, Ledger, work
from tests.chaos.killing import KILLS, Served
from tests.postgres import own_postgres
from tests.studies import Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.settings import load_settings
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.web.app import utcnow
from multilabelfy.workflows.workspace import open_workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run shall be: `killed` take turns, in an order that the seed draws."""

    n_answers: int
    n_kills: int
    killed: tuple[str, ...] = ("worker",)
    n_clients: int = 16
    n_workers: int = 2
    seed: int = 0

    @property
    def kills(self) -> list[str]:
        """What is killed, one after another: each as often as the others."""
        kills = [self.killed[number % len(self.killed)] for number in range(self.n_kills)]
        random.Random(self.seed).shuffle(kills)
        return kills


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: the answers that were acknowledged, and how often each thing was killed."""

    ledger: Ledger
    killed: Counter[str]


def run(wanted: Wanted, folder: Path, database_url: str | None = None) -> Outcome:
    """Play it in `folder` and reckon; a PostgreSQL that is to be killed is made for it. Raises AssertionError for what does not hold."""
    with ExitStack() as stack:
        postgres = stack.enter_context(own_postgres()) if "postgres" in wanted.killed else None
        address = postgres.address if postgres else database_url
        study = _study(wanted, folder, address)
        links = [study.invite(f"person {number}", Role.ANNOTATOR, utcnow()) for number in range(wanted.n_clients)]
        study.workspace.close()
        served = Served(study.workspace.folder, wanted.n_workers, address, postgres)
        stack.callback(served.kill_all)
        outcome = Outcome(Ledger(wanted.n_answers), Counter())
        with ThreadPoolExecutor(wanted.n_clients) as people:
            working = [people.submit(work, f"http://127.0.0.1:{served.port}", link, outcome.ledger) for link in links]
            _kill(served, wanted, outcome, working)
            for each in working:
                each.result()
        assert served.end() == 0
        _reckon(study, outcome.ledger, address)
        return outcome


def _study(wanted: Wanted, folder: Path, database_url: str | None) -> Study:
    protocol = replace(PAPER, n_candidates=10)
    n_images = wanted.n_answers // protocol.overlap + wanted.n_clients * 5
    return ready_study(folder, protocol=protocol, n_images=n_images, n_exemplars=1, size=(32, 24), now=utcnow(), database_url=database_url)


def _kill(served: Served, wanted: Wanted, outcome: Outcome, working: Sequence["Future[None]"]) -> None:
    """Kill one after another, evenly over the answers. Raises what a person met."""
    chance, until = random.Random(wanted.seed), time.monotonic() + PATIENCE + wanted.n_answers
    for number, what in enumerate(wanted.kills, 1):
        while len(outcome.ledger.acknowledged) < number * wanted.n_answers // (wanted.n_kills + 1):
            for each in working:
                if each.done():
                    each.result()
            assert time.monotonic() < until, f"after {len(outcome.ledger.acknowledged)} answers nothing went on"
            time.sleep(0.02)
        outcome.killed[what] += served.kill(what, chance)


def _reckon(study: Study, ledger: Ledger, database_url: str | None) -> None:
    settings = load_settings(study.workspace.folder, **({"database_url": database_url} if database_url else {}))
    with closing(open_workspace(settings)) as workspace, workspace.store.reading() as c:
        answers = [answer for image in study.images for answer in annotations.history(c, image.id)]
        stored = [answer.client_id for answer in answers]
        assert len(stored) == len(set(stored))
        by_id = {answer.client_id: set(answer.answers) for answer in answers}
        assert ledger.acknowledged.keys() - by_id.keys() == set(), "acknowledged, and not stored"
        assert {key: by_id[key] for key in ledger.acknowledged} == ledger.acknowledged
        assert rebuild.stored_summaries(c, study.dataset.id) == rebuild.recomputed(c, study.dataset.id)
        counted = [sum(not answer.surplus for answer in answers if answer.image == image.id) for image in study.images]
        assert max(counted) <= study.dataset.protocol.overlap


def main() -> int:
    """0 where everything holds."""
    parser = argparse.ArgumentParser(prog="make chaos-workers", description=__doc__)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--killed", nargs="+", choices=KILLS, default=["worker"], help="what is killed, several in turns (worker)")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--database-url", help="an empty PostgreSQL; without it SQLite, or one of its own where PostgreSQL is killed")
    chosen = parser.parse_args()
    if chosen.database_url and "postgres" in chosen.killed:
        parser.error("a PostgreSQL that is killed is made for the run: leave --database-url out")
    seed = random.SystemRandom().randrange(10**6) if chosen.seed is None else chosen.seed
    print(f"seed {seed}", flush=True)
    wanted = Wanted(chosen.answers, chosen.kills, tuple(chosen.killed), chosen.clients, chosen.workers, seed)
    with tempfile.TemporaryDirectory(prefix="chaos-workers-") as folder:
        began = time.monotonic()
        outcome = run(wanted, Path(folder), chosen.database_url)
    print(_told(outcome, time.monotonic() - began))
    return 0


def _told(outcome: Outcome, seconds: float) -> str:
    killed = ", ".join(f"{what} killed {n} times" for what, n in sorted(outcome.killed.items()))
    n, again = len(outcome.ledger.acknowledged), outcome.ledger.n_broken
    return f"{n} answers, {killed}, {again} requests sent again: nothing was lost, nothing doubled, in {seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
