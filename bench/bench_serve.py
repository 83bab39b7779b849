"""What a step costs the server: an answer committed, and the next sheet received. In milliseconds of its processor time, beside the least
that a server of the same answers can do (`bare_server`), in one run; and beside Label Studio, where one runs.

Processor time disturbs less than the clock where a machine does other work. The load's own cost is printed too. Pictures are not fetched.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import Exemplar, Image
from multilabelfy.formats.names.imagenet1k import imagenet1k
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, exemplars, fingerprints, images, proposals
from multilabelfy.workflows.team import people, sessions
from multilabelfy.workflows.workspace import Workspace, open_workspace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.serve_load import SHEET, Annotator, Request, Script, Times, annotating, answer_to, bare_steps, drive, sheets_in

STUDY = "load"
PAGE = f"/d/{STUDY}/annotate"
SHEET_END = b"</answer-sheet>"
OVERLAP = 5
N_REFERENCES = 6
K = 20
WARM = 30


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run of steps cost: processor time of server and load (ms a step), steps a second, and how long a step took (ms)."""

    server: float
    load: float
    rate: float
    p50: float
    p95: float
    requests: float


def main() -> None:
    """Print each figure on a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=2_000, help="images of the study (2,000)")
    parser.add_argument("--steps", type=int, default=40, help="steps of each annotator (40)")
    parser.add_argument("--annotators", type=int, nargs="+", default=[1, 20], help="how many work at once (1 20)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, in which both servers take turns (3)")
    parser.add_argument("--label-studio", type=float, metavar="MS", help="processor time of a step of Label Studio, measured beside")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options)


def run(folder: Path, options: argparse.Namespace) -> None:
    """Make the study, then measure both servers in turns."""
    workspace = open_workspace(load_settings(folder / "workspace"), create=True)
    make_study(workspace, options.images)
    n_rounds = options.rounds * len(options.annotators)
    cookies = iter([sign_in(workspace, f"person {i}") for i in range(n_rounds * max(options.annotators) + 1)])
    workspace.close()
    with served(folder) as (port, server):
        sheet = first_sheet(port, next(cookies))
        form = answer_to(sheets_in(sheet)[0], b"")
        with bare(folder, sheet) as (bare_port, bare_server):
            for n in options.annotators:
                ours, least = [], []
                for _ in range(options.rounds):
                    browsers = [next(cookies) for _ in range(n)]
                    ours.append(measured(port, server, browsers, lambda t: annotating(PAGE, options.steps, WARM, t)))
                    least.append(measured(bare_port, bare_server, browsers, lambda t: bare_steps(form, options.steps, WARM, t)))
                report(n, ours, least, options.label_studio)


def report(n: int, ours: list[Cost], least: list[Cost], label_studio: float | None) -> None:
    """The medians over the rounds, and their ratios."""

    def middle(costs: list[Cost], name: str) -> float:
        values: list[float] = [getattr(cost, name) for cost in costs]
        return statistics.median(values)

    for name, costs in (("multilabelfy", ours), ("bare server", least)):
        print(
            f"{n:>2} annotators, {name}: {middle(costs, 'server'):.2f} ms of processor time a step "
            f"(the load itself: {middle(costs, 'load'):.2f}), "
            f"{middle(costs, 'rate'):.0f} steps/s, p50 {middle(costs, 'p50'):.1f} ms, p95 {middle(costs, 'p95'):.1f} ms, "
            f"{middle(costs, 'requests'):.1f} requests a step"
        )
    print(f"{n:>2} annotators, ratio multilabelfy / bare server: {middle(ours, 'server') / middle(least, 'server'):.2f}")
    if label_studio:
        print(f"{n:>2} annotators, ratio Label Studio / multilabelfy: {label_studio / middle(ours, 'server'):.0f}")


def measured(port: int, server: psutil.Process, cookies: list[str], script: Callable[[Times], Script]) -> Cost:
    """Let so many annotators work; the costs of all their steps, the warming ones included in the processor time's divisor."""
    times = Times()
    annotators = [Annotator(port, cookie, script(times)) for cookie in cookies]
    own, before, start = time.process_time(), cpu(server), time.perf_counter()
    drive(annotators)
    seconds = time.perf_counter() - start
    n_all = len(times.steps) + WARM * len(cookies)
    p50, p95 = np.quantile(times.steps, (0.5, 0.95)) * 1000
    server_ms, load_ms = 1000 * (cpu(server) - before) / n_all, 1000 * (time.process_time() - own) / n_all
    return Cost(server_ms, load_ms, n_all / seconds, float(p50), float(p95), times.n_requests / len(times.steps))


def cpu(server: psutil.Process) -> float:
    """Seconds of processor time so far, in the program and in the system on its behalf."""
    used = server.cpu_times()
    return float(used.user + used.system)


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The application on a free port."""
    command = [sys.executable, "-m", "multilabelfy", "serve", "--log-format", "off", "--port", "0", f"--workspace={folder / 'workspace'}"]
    with started(command) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if port := re.search(r"://[^/]*:(\d+) ", line):
                yield int(port[1]), psutil.Process(server.pid)
                return


@contextmanager
def bare(folder: Path, sheet: bytes) -> Iterator[tuple[int, psutil.Process]]:
    """The bare server, which answers with this text."""
    (folder / "sheet.html").write_bytes(sheet)
    port = free_port()
    script = Path(__file__).with_name("bare_server.py")
    command = [sys.executable, str(script), "--port", str(port), "--rows", str(folder / "rows.db"), "--text", str(folder / "sheet.html")]
    with started(command) as server:
        while not is_listening(port):
            if server.poll() is not None:
                raise ChildProcessError("the bare server ended before it served")
            time.sleep(0.05)
        yield port, psutil.Process(server.pid)


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that ends with the block."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nothing listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Whether a server answers there."""
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def first_sheet(port: int, cookie: str) -> bytes:
    """The first sheet that a person gets."""
    pages: list[bytes] = []

    def opening() -> Script:
        pages.append((yield Request(b"GET", PAGE.encode())))

    drive([Annotator(port, cookie, opening())])
    (page,) = pages
    return page[page.index(SHEET) : page.index(SHEET_END)] + SHEET_END


def sign_in(workspace: Workspace, name: str) -> str:
    """The cookie of a new person."""
    now = datetime.now(UTC)
    link = people.invite(workspace, name, Role.ANNOTATOR, now).link
    _, secret = sessions.accept_invitation(workspace, link.rsplit("/", 1)[1], now)
    return f"multilabelfy_session={secret}"


def make_study(workspace: Workspace, n_images: int) -> None:
    """ImageNet's labels, six reference pictures each, twenty proposals an image; pictures count as looked at, and no file is read."""
    labels, now, random = imagenet1k(), datetime.now(UTC), np.random.default_rng(0)
    looks = iter(random.integers(0, 2**63, n_images + N_REFERENCES * len(labels)))
    with workspace.store.writing() as c:
        protocol = AnnotationProtocol(preset="paper", overlap=OVERLAP)
        roots = {"images_root": "/pictures", "reference_root": "/references"}
        dataset = datasets.add(c, name=STUDY, **roots, labels=labels, protocol=protocol, seed=0, now=now)
        every = (Image(f"{i:07}.jpg", i % len(labels)) for i in range(n_images))
        places = {f"{i:07}.jpg": float(place) for i, place in enumerate(random.permutation(n_images))}
        images.add_many(c, dataset, every, token=lambda path: workspace.token("image", path), queue_place=places.__getitem__)
        shown = (Exemplar(label.index, f"{label.key}/{j}.jpg") for label in labels.labels for j in range(N_REFERENCES))
        exemplars.add_many(c, dataset, shown, token=lambda path: workspace.token("exemplar", path))
        stored = [image.id for image in images.iterate(c, dataset)]
        for image in stored:
            fingerprints.set_of_image(c, image, f"{next(looks):016x}")
        for of_label in exemplars.of_labels(c, dataset, range(len(labels))).values():
            for exemplar in of_label:
                fingerprints.set_of_exemplar(c, exemplar.id, f"{next(looks):016x}")
        run_id = proposals.start_run(c, dataset, "bench", K, now)
        ranked = np.array([random.choice(len(labels), K, replace=False) for _ in stored], dtype=np.int32)
        proposals.add_chunk(c, run_id, stored, ranked, np.tile(np.linspace(0.5, 0.01, K, dtype=np.float32), (len(stored), 1)))
        proposals.finish_run(c, run_id, now)


if __name__ == "__main__":
    main()
