"""What a step costs the server: an answer committed, and the next sheet received. In milliseconds of its processor time, beside the least
that a server of the same answers can do (`bare_server`), in one run; and beside Label Studio, where one runs. With `--database` and
`--workers` the same study is served from PostgreSQL too, and by several workers, all in turns.

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
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import Exemplar, Image
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.plurals import counted
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, exemplars, images, proposals
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.team import people, sessions
from multilabelfy.workflows.workspace import Workspace, open_workspace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.label_studio import LabelStudio, label_studio, milliseconds
from bench.postgres_cpu import cpu_of_server
from bench.serve_load import SHEET, Annotator, Request, Script, Times, annotating, answer_to, bare_steps, drive, sheets_in

STUDY = "load"
PAGE = f"/d/{STUDY}/annotate"
SHEET_END = b"</answer-sheet>"
OVERLAP = 5
N_REFERENCES = 6
K = 20
WARM = 30
LOAD = Path(__file__).resolve().parents[2] / "shared" / "bench" / "load"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run of steps cost: processor time of server, of PostgreSQL and of the load (ms a step), steps a second, and how long a step
    took (ms)."""

    server: float
    database: float
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
    parser.add_argument("--warm", type=int, default=WARM, help="steps of each before those (30)")
    parser.add_argument("--label-studio", metavar="MS|URL", help="a running Label Studio, or what its step costs in processor time")
    parser.add_argument("--label-studio-setup", type=Path, metavar="FILE", default=Path("ls.json"), help="what its setup wrote (ls.json)")
    parser.add_argument("--label-studio-pid", type=int, metavar="PID", help="its process on this machine, for its processor time")
    parser.add_argument("--load", type=Path, metavar="FOLDER", default=LOAD, help="where the load generator lies (../shared/bench/load)")
    parser.add_argument("--database", metavar="URL", help="an empty PostgreSQL database, to be measured beside SQLite")
    parser.add_argument("--workers", type=int, nargs="+", default=[1], help="how many workers serve; several numbers take turns (1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options)


@dataclass(frozen=True, slots=True)
class Server:
    """A server to be measured: its port, its process, the cookies of people who have not worked there, and the database's address."""

    port: int
    process: psutil.Process
    cookies: Iterator[str]
    database: str | None = None


def run(folder: Path, options: argparse.Namespace) -> None:
    """Make the studies, then measure all servers in turns."""
    databases = {"SQLite": None} | ({"PostgreSQL": options.database} if options.database else {})
    n_people = options.rounds * max(options.annotators) * len(options.annotators) * len(options.workers) + 1
    with ExitStack() as stack:
        servers = {}
        for name, url in databases.items():
            cookies = study_of(folder / name, url, options.images, n_people)
            for n in options.workers:
                port, process = stack.enter_context(served(folder / name, url, n))
                servers[f"{name}, {counted(n, 'worker')}"] = Server(port, process, cookies, url)
        measure(servers, folder, options)


def study_of(workspace: Path, url: str | None, n_images: int, n_people: int) -> Iterator[str]:
    """Make the study; the cookies of so many people."""
    opened = open_workspace(load_settings(workspace, database_url=url) if url else load_settings(workspace), create=True)
    make_study(opened, n_images)
    cookies = [sign_in(opened, f"person {i}") for i in range(n_people)]
    opened.close()
    return iter(cookies)


def measure(servers: dict[str, Server], folder: Path, options: argparse.Namespace) -> None:
    """Measure all servers in turns, beside the bare one."""
    beside = label_studio(options)
    first = next(iter(servers.values()))
    sheet = first_sheet(first.port, next(first.cookies))
    form = answer_to(sheets_in(sheet)[0], b"")
    with bare(folder, sheet) as (port, process):
        for n in options.annotators:
            costs: dict[str, list[Cost]] = {name: [] for name in (*servers, "bare server", *(["Label Studio"] if beside else []))}
            for _ in range(options.rounds):
                for name, server in servers.items():
                    browsers = [next(server.cookies) for _ in range(n)]
                    costs[name].append(measured(server, browsers, options.warm, lambda t: annotating(PAGE, options.steps, options.warm, t)))
                least = Server(port, process, iter(()))
                bare_cost = measured(least, browsers, options.warm, lambda t: bare_steps(form, options.steps, options.warm, t))
                costs["bare server"].append(bare_cost)
                if beside:
                    costs["Label Studio"].append(measured_beside(beside, n, options.steps))
            report(n, costs, None if beside else milliseconds(options))


def measured_beside(beside: LabelStudio, n: int, n_steps: int) -> Cost:
    """The costs of Label Studio's steps; its processor time is that of its process, where it was named."""
    process = psutil.Process(beside.process) if beside.process else None
    before = cpu(process) if process else 0.0
    driven = beside.drive(n, n_steps)
    used = cpu(process) - before if process else 0.0
    n_all = max(1, driven.n_steps)
    return Cost(1000 * used / n_all, 0.0, 1000 * driven.load / n_all, driven.n_steps / driven.seconds, driven.p50, driven.p95, 2.0)


def report(n: int, costs: dict[str, list[Cost]], label_studio: float | None) -> None:
    """The medians over the rounds, and the ratios to the first server's."""

    def middle(name: str, of: str) -> float:
        values: list[float] = [getattr(cost, of) for cost in costs[name]]
        return statistics.median(values)

    first = next(iter(costs))
    for name in costs:
        print(
            f"{n:>2} annotators, {name}: {middle(name, 'server'):.2f} ms of processor time a step "
            f"(PostgreSQL: {middle(name, 'database'):.2f}, the load itself: {middle(name, 'load'):.2f}), "
            f"{middle(name, 'rate'):.0f} steps/s, p50 {middle(name, 'p50'):.1f} ms, p95 {middle(name, 'p95'):.1f} ms, "
            f"{middle(name, 'requests'):.1f} requests a step"
        )
    for name in [*costs][1:]:
        in_turns = [cost.rate / first_cost.rate for cost, first_cost in zip(costs[name], costs[first], strict=True)]
        print(
            f"{n:>2} annotators, ratio {name} / {first}: {middle(name, 'server') / middle(first, 'server'):.2f} of the processor time, "
            f"{statistics.median(in_turns):.2f} of the steps/s"
        )
    if label_studio:
        print(f"{n:>2} annotators, ratio Label Studio / {first}: {label_studio / middle(first, 'server'):.0f}")


def measured(server: Server, cookies: list[str], n_warm: int, script: Callable[[Times], Script]) -> Cost:
    """Let so many annotators work; the costs of all their steps, the warming ones included in the processor time's divisor."""
    times = Times()
    annotators = [Annotator(server.port, cookie, script(times)) for cookie in cookies]
    own, before, start = time.process_time(), cpu(server.process), time.perf_counter()
    database = cpu_of_server(server.database)
    drive(annotators)
    seconds = time.perf_counter() - start
    n_all = len(times.steps) + n_warm * len(cookies)
    p50, p95 = np.quantile(times.steps, (0.5, 0.95)) * 1000
    used = cpu(server.process) - before, cpu_of_server(server.database) - database, time.process_time() - own
    ours, of_database, load = (1000 * each / n_all for each in used)
    return Cost(ours, of_database, load, n_all / seconds, float(p50), float(p95), times.n_requests / len(times.steps))


def cpu(server: psutil.Process) -> float:
    """Seconds of processor time so far of a server with its workers, in the program and in the system on its behalf."""
    used = [each.cpu_times() for each in (server, *server.children(recursive=True))]
    return float(sum(each.user + each.system for each in used))


@contextmanager
def served(workspace: Path, url: str | None, workers: int) -> Iterator[tuple[int, psutil.Process]]:
    """The application on a free port, once all its workers are there."""
    command = [sys.executable, "-m", "multilabelfy", "serve", "--log-format", "off", "--port", "0", f"--workspace={workspace}"]
    environment = {"MULTILABELFY_DATABASE_URL": url} if url else {}
    with started([*command, f"--workers={workers}"], environment) as server:
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
def started(command: list[str], environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A process that ends with the block."""
    around = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=around)
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
        fingerprints.set_of_images(c, {image: f"{next(looks):016x}" for image in stored})
        of_labels = exemplars.of_labels(c, dataset, range(len(labels))).values()
        fingerprints.set_of_exemplars(c, {exemplar.id: f"{next(looks):016x}" for of_label in of_labels for exemplar in of_label})
        run_id = proposals.start_run(c, dataset, "bench", K, now)
        ranked = np.array([random.choice(len(labels), K, replace=False) for _ in stored], dtype=np.int32)
        proposals.add_chunk(c, run_id, stored, ranked, np.tile(np.linspace(0.5, 0.01, K, dtype=np.float32), (len(stored), 1)))
        proposals.finish_run(c, run_id, now)


if __name__ == "__main__":
    main()
