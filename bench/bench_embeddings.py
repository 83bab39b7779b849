"""Time `propose` by EfficientNet-lite0 without and with `--embeddings`, in turns, and weigh what they add to the database.

Pictures are real photos (`--photos`). A round runs both ways once, in changing order, each into a new workspace; a ratio is the median
over rounds of (with / without), so that a busy machine slows both sides of it. Opening the model is not counted. The database is weighed
after its last transaction, in bytes an image.
"""

import argparse
import statistics
import tempfile
import time
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from multilabelfy.settings import Settings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"
LITE0 = "python:multilabelfy.inference.scorers.lite0:lite0"


@dataclass(frozen=True, slots=True)
class Run:
    """Images a second from when the model is open, milliseconds of processor time an image, and the bytes of the database an image."""

    rate: float
    processor: float
    n_bytes: float


def run_once(photos: Path, *, embeddings: bool) -> Run:
    """Import into a fresh workspace (not counted) and propose."""
    with tempfile.TemporaryDirectory() as folder:
        with opened(Settings(workspace=Path(folder)), create=True) as workspace:
            import_dataset(workspace, ImportRequest("photos", photos, labels="imagenet1k", no_given=True), now=NOW)
            told: list[tuple[float, float, int]] = []
            propose(
                workspace,
                "photos",
                [LITE0],
                embeddings=embeddings,
                progress=lambda n_done, _: told.append((time.perf_counter(), time.process_time(), n_done)),
                now=NOW,
            )
        n_bytes = sum(file.stat().st_size for file in Path(folder).glob("multilabelfy.db*"))
    (began, processor, _), (ended, spent, n) = told[0], told[-1]
    return Run(n / (ended - began), 1000 * (spent - processor) / n, n_bytes / n)


def main() -> None:
    """Print each round, and the medians of its ratios."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--photos", type=Path, default=PHOTOS)
    options.add_argument("--rounds", type=int, default=6)
    chosen = options.parse_args()
    rates, processors, sizes = [], [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(chosen.rounds):
            order = (False, True) if number % 2 == 0 else (True, False)
            runs = {embeddings: run_once(chosen.photos, embeddings=embeddings) for embeddings in order}
            without, with_them = runs[False], runs[True]
            rates.append(with_them.rate / without.rate)
            processors.append(with_them.processor / without.processor)
            sizes.append(with_them.n_bytes - without.n_bytes)
            print(
                f"without {without.rate:6.1f} images/s, {without.processor:5.1f} ms; with {with_them.rate:6.1f} images/s, "
                f"{with_them.processor:5.1f} ms; {rates[-1]:.3f} × the images/s, {processors[-1]:.3f} × the processor time"
            )
    print(
        f"median: {statistics.median(rates):.3f} × the images/s, {statistics.median(processors):.3f} × the processor time, "
        f"{statistics.median(sizes):.0f} bytes more an image"
    )


if __name__ == "__main__":
    main()
