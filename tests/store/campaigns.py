"""A small campaign for the store's tests: one dataset, its images open, some people."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotation, Annotator, Outcome, Role, Screen, Task, Vote
from multilabelfy.annotation.study.protocol import PAPER, AnnotationProtocol
from multilabelfy.dataset.model import DatasetId, Image, ImageId, ImageState, Label, LabelSpace
from multilabelfy.proposals.model import Candidate
from multilabelfy.store import members, people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.handing_out import handing_out

NOW = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=30)
LABELS = LabelSpace("animals", tuple(Label(i, f"n{i}", (name,)) for i, name in enumerate(("cat", "dog", "hen", "cow", "pig", "owl"))))
SCREEN = Screen(candidates=tuple(Candidate(i, "model", i + 1) for i in range(5)), group_size=5, opened_at=(NOW,))


def after(minutes: float) -> datetime:
    """So many minutes after NOW."""
    return NOW + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A dataset whose images wait for answers."""

    store: Store
    dataset: DatasetId
    overlap: int

    def person(self, name: str, role: Role = Role.ANNOTATOR) -> Annotator:
        """A new person."""
        with self.store.writing() as c:
            added = people.add(c, name, role, NOW)
            members.join(c, self.dataset, added.id, role, NOW)
            return added

    def hand_out(self, person: Annotator, n: int = 1, now: datetime = NOW, task: Task = Task.ANNOTATE) -> list[Assignment]:
        """Assignments for a person, in a transaction of its own."""
        with self.store.writing() as c:
            return self.hand_out_in(c, person, n, now, task)

    def hand_out_in(
        self, c: Connection, person: Annotator, n: int = 1, now: datetime = NOW, task: Task = Task.ANNOTATE
    ) -> list[Assignment]:
        """Assignments for a person, in a transaction that is open."""
        handed = {"task": task, "n": n, "overlap": self.overlap if task is Task.ANNOTATE else 1}
        return handing_out.hand_out(c, self.dataset, person.id, now=now, lease=LEASE, **handed)  # type: ignore[arg-type]

    def submit(self, assignment: Assignment, *labels: int, client_id: str = "", now: datetime = NOW) -> Annotation:
        """An answer that chooses these labels, in a transaction of its own."""
        said = answer(assignment, *labels, client_id=client_id or f"a{assignment.id}", now=now)
        with self.store.writing() as c:
            return annotations.append(c, said, assignment=assignment.id)

    def image(self, number: int) -> ImageId:
        """The id of the image that was imported at this place."""
        with self.store.reading() as c:
            return images.by_path(c, self.dataset, path_of(number)).id


def new_campaign(store: Store, n_images: int, *, overlap: int = 2, name: str = "pilot", state: ImageState = ImageState.OPEN) -> Campaign:
    """Import so many images, queued in their order."""
    with store.writing() as c:
        return Campaign(store, new_dataset(c, n_images, overlap=overlap, name=name, state=state), overlap)


def new_dataset(c: Connection, n_images: int, *, overlap: int = 2, name: str = "pilot", state: ImageState = ImageState.OPEN) -> DatasetId:
    """A dataset with so many images."""
    protocol: AnnotationProtocol = replace(PAPER, overlap=overlap)
    roots = {"images_root": "/pictures", "reference_root": None}
    dataset = datasets.add(c, name=name, labels=LABELS, protocol=protocol, seed=1, now=NOW, **roots)  # type: ignore[arg-type]
    add_images(c, dataset, range(n_images), state=state)
    return dataset


def add_images(c: Connection, dataset: DatasetId, numbers: Iterable[int], *, state: ImageState = ImageState.OPEN) -> int:
    """Add images whose place in the queue is their number."""
    new = (Image(path_of(number), number % len(LABELS)) for number in numbers)
    named = {"token": lambda path: f"{dataset}-{number_of(path):x}", "queue_place": lambda path: float(number_of(path))}
    return images.add_many(c, dataset, new, state=state, **named)  # type: ignore[arg-type]


def path_of(number: int) -> str:
    """The path of the image with this number."""
    return f"class/{number:06}.jpg"


def number_of(path: str) -> int:
    """The number of the image with this path."""
    return int(path.removeprefix("class/").removesuffix(".jpg"))


def answer(assignment: Assignment, *labels: int, client_id: str, now: datetime = NOW) -> Annotation:
    """An answer that chooses these labels, or none of them."""
    return Annotation(
        client_id=client_id,
        image=assignment.image,
        annotator=assignment.annotator,
        outcome=Outcome.LABELLED if labels else Outcome.NONE,
        answers=dict.fromkeys(labels, Vote.YES),
        screen=SCREEN,
        submitted_at=now,
        present_ms=1000,
    )


def scores(
    n_images: int, k: int = 5
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int32]], np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """Proposals of so many images: labels 0, 1, … with scores 1/2, 1/4, …, each (n_images, k)."""
    labels = np.tile(np.arange(k, dtype=np.int32), (n_images, 1))
    return labels, np.tile(np.float32(0.5) ** np.arange(1, k + 1, dtype=np.float32), (n_images, 1))
