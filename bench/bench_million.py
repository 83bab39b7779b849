"""Propose for a million images by a trivial scorer: how fast, and with how much memory, as the run goes on.

The pictures are links to real photos (`--photos`; self-made ones where there are none). The scorer reads how bright a picture is, so what
is measured is all the rest: names out of the database, pictures opened, ranks made and stored. Import and proposing are processes of their
own. Memory is that of the process and of all that it started (with `--engine ray`, Ray's own too), each page counted once (PSS), read
every two seconds; it is bounded if it does not grow from tenth to tenth of a run, nor from one size to another. Processor time is user and
system of the same processes.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.inference.cluster.engine import Cluster
from multilabelfy.proposals.model import Scores
from multilabelfy.settings import Settings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"
NAME = "million"
IN_A_FOLDER = 1000
N_LABELS = 1000
SECONDS = 2.0


class Brightness:
    """Scores that a picture's brightness moves along: nothing to wait for."""

    labels = ("imagenet1k",)
    thread_safe = True
    shorter_side = 16

    def __init__(self) -> None:
        falling = np.exp(-np.arange(N_LABELS, dtype=np.float32) / 20)
        self.falling = (falling / falling.sum()).astype(np.float32)

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        shade: npt.NDArray[Any] = np.asarray(picture.resize((1, 1)).convert("L"), dtype=np.uint8)[0]
        return shade

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        return np.stack([np.roll(self.falling, int(shade)) for shade in batch[:, 0]])


def brightness() -> Brightness:
    """What `python:bench_million:brightness` calls."""
    return Brightness()


class Watched:
    """The memory and the processor time of a process with all its descendants, read again and again."""

    def __init__(self) -> None:
        self.now = self.peak = 0
        self.seconds: dict[int, float] = {}
        """Of each process that was seen, the last reading."""

    def read(self) -> None:
        me, total = psutil.Process(), 0
        for process in (me, *me.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
                times = process.cpu_times()
                self.seconds[process.pid] = times.user + times.system
            except psutil.Error:  # it ended meanwhile
                continue
        self.now, self.peak = total, max(self.peak, total)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        is_over = threading.Event()

        def watch() -> None:
            while not is_over.wait(SECONDS):
                self.read()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        yield
        self.read()
        is_over.set()
        watcher.join()


def linked(source: Path, folder: Path, n: int, edge: int | None = None) -> None:
    """`n` links to copies of the source's pictures, a thousand in a folder."""
    folder.mkdir(parents=True)
    pictures = sorted(path for path in source.rglob("*") if path.is_file())
    copies = [_copied(path, folder.parent / f"copy-{number}{path.suffix}", edge) for number, path in enumerate(pictures)]
    for number in range(n):
        place = folder / f"{number // IN_A_FOLDER:04}" / f"{number:07}{copies[number % len(copies)].suffix}"
        place.parent.mkdir(exist_ok=True)
        os.link(copies[number % len(copies)], place)


def _copied(path: Path, copy: Path, edge: int | None) -> Path:
    if edge is None:
        return Path(shutil.copy(path, copy))
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((edge, edge))
    picture.save(copy)
    return copy


def painted(folder: Path) -> Path:
    """Self-made pictures."""
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(50):
        Image.fromarray(random.integers(0, 255, (8, 8, 3), dtype=np.uint8)).resize((400, 300)).save(folder / f"{number}.jpg")
    return folder


def step_import(folder: Path) -> None:
    watched, began = Watched(), time.perf_counter()
    with watched.going_on(), opened(Settings(workspace=folder / "workspace"), create=True) as workspace:
        request = ImportRequest(NAME, folder / "pictures", labels="imagenet1k", no_given=True)
        summary = import_dataset(workspace, request, now=NOW)
    told("import", summary.n_images, time.perf_counter() - began, watched)


def step_propose(folder: Path, engine: str) -> None:
    watched = Watched()
    tenths: list[int] = []
    began = first = time.perf_counter()

    def note(done: int, total: int) -> None:
        nonlocal first
        if not done:
            first = time.perf_counter()
        elif len(tenths) < 10 * done // total:
            watched.read()
            tenths.extend([watched.now >> 20] * (10 * done // total - len(tenths)))

    with watched.going_on(), opened(Settings(workspace=folder / "workspace")) as workspace, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = Cluster() if engine == "ray" else None
        summary = propose(
            workspace, NAME, ["python:bench_million:brightness"], folder=Path(__file__).parent, cluster=cluster, progress=note, now=NOW
        )
        ended = time.perf_counter()
    told(f"propose, {engine}", summary.runs[0].n_new, ended - first, watched)
    print(f"  begins after {first - began:.0f} s; MB after each tenth: {' '.join(map(str, tenths))}", flush=True)


def told(what: str, n: int, seconds: float, watched: Watched) -> None:
    processor = 1000 * sum(watched.seconds.values()) / n
    print(
        f"{what:16} {n:,} images in {seconds:.0f} s = {n / seconds:.0f}/s, {processor:.2f} ms of processor an image, "
        f"peak {watched.peak / 2**20:.0f} MB",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--photos", type=Path, default=PHOTOS)
    options.add_argument("--images", type=int, default=1_000_000)
    options.add_argument("--edge", type=int, help="link to small copies, with a longest edge of so many pixels: quick to decode")
    options.add_argument("--engines", nargs="+", choices=["threads", "ray"], default=["threads", "ray"])
    options.add_argument("--folder", type=Path, help="where links and database go for a while; by default the system's temporary folder")
    options.add_argument("--step", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step == "import":
        step_import(chosen.folder)
    elif chosen.step:
        step_propose(chosen.folder, chosen.step)
    else:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as temporary:
            run(Path(temporary), chosen)


def run(folder: Path, chosen: argparse.Namespace) -> None:
    """Each engine begins with the same database, in which nothing is proposed."""
    source = chosen.photos if chosen.photos.is_dir() else painted(folder / "painted")
    linked(source, folder / "pictures", chosen.images, chosen.edge)
    step = [sys.executable, __file__, "--folder", str(folder), "--step"]
    subprocess.run([*step, "import"], check=True)
    shutil.copytree(folder / "workspace", folder / "imported")
    for engine in chosen.engines:
        shutil.rmtree(folder / "workspace")
        shutil.copytree(folder / "imported", folder / "workspace")
        subprocess.run([*step, engine], check=True)
    print(json.dumps({"load": [round(load, 1) for load in os.getloadavg()]}))


if __name__ == "__main__":
    main()
