"""What an annotator waits for must not depend on the number of images: hand-out and submit at 1,000 and at 200,000 images, as a ratio.

The two datasets take turns, round by round, on one machine, so that its noise meets both. Also: how fast images and proposals go in, and
how long a search over 22,000 labels takes. SQLite in a temporary folder, or the PostgreSQL of `--url`.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import numpy as np
from sqlalchemy import insert, select, update

from multilabelfy.annotation.model import Annotation, AnnotatorId, Outcome, Role, Screen, Task, Vote
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import DatasetId, Image, ImageState, Label, LabelSpace
from multilabelfy.proposals.model import Candidate
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.store import people, schema
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets, gallery, images, labels, proposals
from multilabelfy.store.handing_out import handing_out

SMALL, LARGE = 1_000, 200_000
NOW = datetime(2030, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=30)
SCREEN = Screen(tuple(Candidate(label, "a model of some name", label + 1) for label in range(20)), 5, (NOW,) * 4)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A dataset with its annotators."""

    dataset: DatasetId
    people: tuple[AnnotatorId, ...]


def main() -> None:
    """Print each figure on a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a database to use instead of a temporary SQLite file (tables are made in it)")
    parser.add_argument("--large", type=int, default=LARGE, help=f"images of the large dataset ({LARGE:,})")
    parser.add_argument("--rounds", type=int, default=150, help="hand-outs with a submit in each dataset and part (150)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store.open(options.url or sqlite_url(Path(folder) / "bench.db")) as store:
        run(store, options.large, options.rounds)


def run(store: Store, n_large: int, n_rounds: int) -> None:
    """Make both datasets, then measure."""
    small, large = made(store, SMALL, report=False), made(store, n_large, report=True)
    campaigns = {SMALL: small, n_large: large}
    for part, share in (("at the beginning", 0.0), ("when one person is ahead by half of the images", 0.5)):
        for n_images, campaign in campaigns.items():
            if share:
                run_ahead(store, campaign, int(share * n_images))
        numbers = range(n_rounds) if not share else range(0, 5 * n_rounds, 5)  # then the person who is ahead alone
        rounds = [{n: timed(lambda n=n, i=i: one_round(store, campaigns[n], i)) for n in campaigns} for i in numbers]  # type: ignore[misc]
        medians = {n: 1000 * statistics.median(times[n] for times in rounds) for n in campaigns}
        ninety_fifth = {n: 1000 * sorted(times[n] for times in rounds)[int(0.95 * n_rounds)] for n in campaigns}
        for n in campaigns:
            print(f"hand-out + submit, {part}, {n:>9,} images: median {medians[n]:.2f} ms, 95% {ninety_fifth[n]:.2f} ms")
        print(f"ratio of the medians {n_large:,} / {SMALL:,}, {part}: {medians[n_large] / medians[SMALL]:.2f}")
    measure_search(store)


def made(store: Store, n_images: int, *, report: bool) -> Campaign:
    """Import and propose."""
    stamp = f"{n_images} {time.time_ns()}"
    space = LabelSpace("bench", tuple(Label(i, f"n{i}", (f"label {i}",)) for i in range(1000)))
    with store.writing() as c:
        dataset = new_dataset(c, stamp, space)
        everyone = tuple(people.add(c, f"person {i} of {stamp}", Role.ANNOTATOR, NOW).id for i in range(5))
    imported = timed(lambda: import_images(store, dataset, n_images))
    proposed = timed(lambda: propose(store, dataset))
    if report:
        print(f"import: {n_images / imported:,.0f} images/s; proposals: {n_images / proposed:,.0f} images/s ({n_images:,} images)")
    return Campaign(dataset, everyone)


def new_dataset(c: Connection, name: str, space: LabelSpace) -> DatasetId:
    """A dataset without images."""
    return datasets.add(c, name=name, images_root="/pictures", reference_root=None, labels=space, protocol=PAPER, seed=0, now=NOW)


def import_images(store: Store, dataset: DatasetId, n_images: int) -> None:
    """All of them in one transaction, as an import does."""

    def digest(path: str) -> bytes:
        return blake2b(f"{dataset} {path}".encode(), digest_size=16).digest()

    with store.writing() as c:
        new = (Image(f"class{i % 1000:03}/{i:07}.jpg", i % 1000) for i in range(n_images))
        images.add_many(
            c, dataset, new, token=lambda path: digest(path).hex(), queue_place=lambda path: int.from_bytes(digest(path)[:6]) / 2**48
        )


def propose(store: Store, dataset: DatasetId) -> None:
    """Twenty labels an image, 1,000 images a transaction."""
    with store.writing() as c:
        run_id = proposals.start_run(c, dataset, "model", 20, NOW)
    ids = []
    with store.reading() as c:
        ids = [image.id for image in images.iterate(c, dataset)]
    for start in range(0, len(ids), 1000):
        chunk = ids[start : start + 1000]
        with store.writing() as c:
            ranked = np.tile(np.arange(20, dtype=np.int32), (len(chunk), 1))
            proposals.add_chunk(c, run_id, chunk, ranked, ranked.astype(np.float32))
    with store.writing() as c:
        proposals.finish_run(c, run_id, NOW)


def run_ahead(store: Store, campaign: Campaign, n_images: int) -> None:
    """As if the first person had answered this many images, which still wait for somebody else: what a scan would have to pass."""
    person, first = campaign.people[0], ImageFilter(state=ImageState.OPEN)
    answered = {"annotator_id": person, "dataset_id": campaign.dataset, "task": "annotate", "state": "answered", "policy": "bench"}
    times = {"handed_at": NOW, "expires_at": NOW, "answered_at": NOW}
    with store.writing() as c:
        ids = [image.id for image in gallery.page(c, campaign.dataset, first, limit=n_images) if not image.n_answers + image.n_leases]
        c.execute(insert(schema.assignments), [{"image_id": image, **answered, **times} for image in ids])
        ahead = schema.images.c.id.in_(select(schema.assignments.c.image_id).where(schema.assignments.c.policy == "bench"))
        c.execute(update(schema.images).where(ahead).values(n_answers=1))
    one_round(store, campaign, 0)  # once, the cursor has to walk over them


def one_round(store: Store, campaign: Campaign, number: int) -> None:
    """What happens between Enter and the next picture: the next assignments are handed out, an answer is stored."""
    person = campaign.people[number % len(campaign.people)]
    with store.writing() as c:
        taken = handing_out.hand_out(c, campaign.dataset, person, task=Task.ANNOTATE, n=3, overlap=2, now=NOW, lease=LEASE)
    answers = {3: Vote.YES, 5: Vote.YES}
    client_id = f"{campaign.dataset}-{person}-{taken[0].id}"
    annotation = Annotation(client_id, taken[0].image, person, Outcome.LABELLED, answers, SCREEN, NOW, present_ms=4000)
    with store.writing() as c:
        annotations.append(c, annotation, assignment=taken[0].id)
        if len(annotations.latest_of_image(c, annotation.image)) == 2:
            images.set_state(c, annotation.image, ImageState.AGREED)


def measure_search(store: Store) -> None:
    """Search 22,000 labels of three names each."""
    words = [blake2b(str(i).encode(), digest_size=4).hexdigest() for i in range(5000)]
    names = [tuple(f"{words[(7 * i + j) % 5000]} {words[(11 * i + j) % 5000]}" for j in range(3)) for i in range(22_000)]
    space = LabelSpace("large", tuple(Label(i, f"n{i:08}", name, "a definition of some length " * 3) for i, name in enumerate(names)))
    with store.writing() as c:
        dataset = new_dataset(c, f"labels {time.time_ns()}", space)
    with store.reading() as c:
        for text in ("a", words[17], f"{words[17][:4]} {words[21][:3]}", "nothing like it"):
            times = sorted(timed(lambda text=text: labels.search(c, dataset, text)) for _ in range(15))  # type: ignore[misc]
            print(f"search of 22,000 labels for {text!r}: median {1000 * times[7]:.1f} ms")


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
