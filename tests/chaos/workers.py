"""`make chaos-workers`: sixteen people answer as fast as they can while one worker after another is killed; then the reckoning.

Whatever was acknowledged is stored exactly once, with its labels; the counters are those that the log of answers gives; no image has more
answers than its overlap. Nobody waits for anything but the server.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import psutil
from bench.serve_load import LoadSheet, answer_to, sheets_in
from tests.studies import NAME, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.settings import load_settings
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.web.app import utcnow
from multilabelfy.workflows.workspace import open_workspace

PAGE = f"/d/{NAME}/annotate"
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run shall be."""

    n_answers: int
    n_kills: int
    n_clients: int = 16
    n_workers: int = 2
    seed: int = 0


@dataclass
class Ledger:
    """What the server acknowledged: the labels of each answer by its id; `n_broken` requests had no answer and were sent again."""

    wanted: int
    acknowledged: dict[str, set[int]] = field(default_factory=dict)
    n_broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, form: str) -> None:
        """An answer was acknowledged."""
        fields = parse_qs(form)
        with self.lock:
            self.acknowledged[fields["id"][0]] = {int(label) for label in fields["yes"]}

    @property
    def is_full(self) -> bool:
        return len(self.acknowledged) >= self.wanted


def run(wanted: Wanted, folder: Path, database_url: str | None = None) -> Ledger:
    """Play it in `folder` and reckon. Raises AssertionError for whatever does not hold."""
    protocol = replace(PAPER, n_candidates=10)
    n_images = wanted.n_answers // protocol.overlap + wanted.n_clients * 5
    study = ready_study(folder, protocol=protocol, n_images=n_images, n_exemplars=1, size=(32, 24), now=utcnow(), database_url=database_url)
    links = [study.invite(f"person {number}", Role.ANNOTATOR, utcnow()) for number in range(wanted.n_clients)]
    study.workspace.close()
    ledger = Ledger(wanted.n_answers)
    with _served(study, wanted) as server:
        address = _address(server)
        with ThreadPoolExecutor(wanted.n_clients) as people:
            working = [people.submit(_work, address, link, ledger) for link in links]
            _kill_workers(server, wanted, ledger)
            for each in working:
                each.result()
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
        assert time.monotonic() - began < 30
    _reckon(study, ledger, database_url)
    return ledger


def _served(study: Study, wanted: Wanted) -> "subprocess.Popen[str]":
    settings = study.workspace.settings
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(settings.workspace), "--port", "0", "--log-format", "off"]
    environment = {"MULTILABELFY_DATABASE_URL": settings.database_url} if settings.database_url else {}
    return subprocess.Popen(
        [*command, "--workers", str(wanted.n_workers)], stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )


def _address(server: "subprocess.Popen[str]") -> str:
    assert server.stderr is not None
    said = server.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found, said
    threading.Thread(target=server.stderr.read, daemon=True).start()  # what it says further shall not fill the pipe
    return found[0]


def workers_of(server: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The processes that serve."""
    return [child for child in psutil.Process(server.pid).children() if "spawn_main" in " ".join(child.cmdline())]


def _kill_workers(server: "subprocess.Popen[str]", wanted: Wanted, ledger: Ledger) -> None:
    """Kill one after another, evenly over the answers."""
    chance, until = random.Random(wanted.seed), time.monotonic() + PATIENCE + wanted.n_answers
    for number in range(1, wanted.n_kills + 1):
        while len(ledger.acknowledged) < number * wanted.n_answers // (wanted.n_kills + 1):
            assert time.monotonic() < until, f"after {len(ledger.acknowledged)} answers nothing went on"
            time.sleep(0.02)
        workers = workers_of(server)
        if workers:
            chance.choice(workers).kill()


def _work(address: str, link: str, ledger: Ledger) -> None:
    """One person: sign in, answer whatever comes; a request without an answer is sent again, as it was."""
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
    while True:
        try:
            return client.request(method, path, content=form or None, headers=headers if method == "POST" else {})
        except httpx.TransportError:
            assert time.monotonic() < until, "nobody answered"
            ledger.n_broken += 1
            time.sleep(0.05)


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
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--database-url", help="an empty PostgreSQL; without it SQLite")
    chosen = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if chosen.seed is None else chosen.seed
    with tempfile.TemporaryDirectory(prefix="chaos-workers-") as folder:
        began = time.monotonic()
        ledger = run(Wanted(chosen.answers, chosen.kills, n_workers=chosen.workers, seed=seed), Path(folder), chosen.database_url)
    seconds = time.monotonic() - began
    print(f"seed {seed}: {len(ledger.acknowledged)} answers, {chosen.kills} workers killed, {ledger.n_broken} requests sent again")
    print(f"nothing was lost, nothing doubled, in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
