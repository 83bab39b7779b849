"""Watch a study go on: where its images are in the four stages, at what pace answers come, and who waits for whom."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from multilabelfy.annotation.model import Annotator, AnnotatorId, Task
from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import UnknownRelease
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, progress, proposals
from multilabelfy.store.dataset.datasets import StoredDataset
from multilabelfy.store.decisions import releases
from multilabelfy.store.decisions.releases import Release
from multilabelfy.store.handing_out import assignments
from multilabelfy.workflows.workspace import Workspace

PACES = (timedelta(days=1), timedelta(days=7))
"""The pace is that of the last day, or of the last week where a day was quiet."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Images by stage. `n_images` leaves out unreadable ones; what is disputed once and decided now counts as refined."""

    n_images: int
    n_unproposed: int
    n_open: int
    n_agreed: int
    n_disputed: int
    n_refined: int
    n_contested: int
    n_imported: int
    n_unreadable: int

    @property
    def n_proposed(self) -> int:
        """Images that have proposals (imported sets need none)."""
        return self.n_images - self.n_unproposed - self.n_imported

    @property
    def n_answered(self) -> int:
        """Images that have all their answers."""
        return self.n_agreed + self.n_to_experts

    @property
    def n_to_experts(self) -> int:
        """Images that went to an expert: disputed, or drawn for the audit."""
        return self.n_disputed + self.n_refined + self.n_contested

    @property
    def n_resolved(self) -> int:
        """Images that have final labels."""
        return self.n_agreed + self.n_refined + self.n_imported

    @property
    def share_resolved(self) -> float:
        """Of all readable images; 0 where there is none."""
        return self.n_resolved / self.n_images if self.n_images else 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Answers still wanted, those given in the last `over` (0 where even a week was quiet), and how long the rest takes at that pace."""

    n_wanted: int
    n_given: int
    over: timedelta

    @property
    def time_left(self) -> timedelta | None:
        """None where nothing is wanted, or no pace can be told."""
        return self.over * (self.n_wanted / self.n_given) if self.n_wanted and self.n_given else None


@dataclass(frozen=True, slots=True)
class Effort:
    """What one person did for one task, and the images that they hold now."""

    person: Annotator
    task: Task
    n_images: int
    present_ms: int
    n_held: int

    @property
    def seconds_each(self) -> float | None:
        """Seconds of presence an image."""
        return self.present_ms / 1000 / self.n_images if self.n_images and self.present_ms else None


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What one person did in a dataset, and left for later."""

    n_answered: int
    n_later: int
    n_decided: int


@dataclass(frozen=True, slots=True)
class Watch:
    """One dataset as its overview shows it."""

    dataset: StoredDataset
    stages: Stages
    pace: Pace
    efforts: tuple[Effort, ...]
    sources: tuple[str, ...]
    release: Release | None
    own: OwnWork


def watch(workspace: Workspace, name: str, person: Annotator, now: datetime) -> Watch:
    """The dataset of this name, for this person. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return Watch(
            dataset=dataset,
            stages=stages_of(c, dataset),
            pace=_pace(c, dataset, now),
            efforts=tuple(_efforts(c, dataset, now)),
            sources=tuple(run.source for run in proposals.runs(c, dataset.id)),
            release=newest_release(c, dataset),
            own=_own(c, dataset, person),
        )


def stages_of(c: Connection, dataset: StoredDataset) -> Stages:
    """From counters alone."""
    n = images.counts(c, dataset.id)
    return Stages(
        n_images=sum(n.values()) - n[ImageState.UNREADABLE],
        n_unproposed=n[ImageState.UNPROPOSED],
        n_open=n[ImageState.OPEN],
        n_agreed=n[ImageState.AGREED],
        n_disputed=n[ImageState.DISPUTED],
        n_refined=n[ImageState.REFINED],
        n_contested=n[ImageState.CONTESTED],
        n_imported=n[ImageState.IMPORTED],
        n_unreadable=n[ImageState.UNREADABLE],
    )


def newest_release(c: Connection, dataset: StoredDataset) -> Release | None:
    """The newest release, None before the first."""
    try:
        return releases.latest(c, dataset.id)
    except UnknownRelease:
        return None


def _pace(c: Connection, dataset: StoredDataset, now: datetime) -> Pace:
    n_wanted = progress.n_answers_wanted(c, dataset.id, dataset.protocol.overlap)
    given = [Pace(n_wanted, progress.progress(c, dataset.id, now - over).n_answers, over) for over in PACES]
    return next((pace for pace in given if pace.n_given), given[-1])


def _efforts(c: Connection, dataset: StoredDataset, now: datetime) -> list[Effort]:
    """Whoever did or holds something, by task, the most images first."""
    everybody: Mapping[AnnotatorId, Annotator] = {person.id: person for person in people.everyone(c)}
    held: dict[tuple[AnnotatorId, Task], int] = defaultdict(int)
    done: dict[tuple[AnnotatorId, Task], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in progress.held_now(c, dataset.id, now):
        held[one.person, _shown_as(one.task)] += one.n_images
    for task in Task:
        for person, n, ms in annotations.effort(c, dataset.id, task):
            before = done[person, _shown_as(task)]
            done[person, _shown_as(task)] = (before[0] + n, before[1] + ms)
    found = [
        Effort(everybody[person], task, *done.get((person, task), (0, 0)), held.get((person, task), 0)) for person, task in {**done, **held}
    ]
    return sorted(found, key=lambda effort: (effort.task.value, -effort.n_images, effort.person.name))


def _shown_as(task: Task) -> Task:
    """Checks are work among the images to annotate."""
    return Task.ANNOTATE if task is Task.CHECK else task


def _own(c: Connection, dataset: StoredDataset, person: Annotator) -> OwnWork:
    n_answered, _, n_later = assignments.counts_of(c, person.id, dataset.id, Task.ANNOTATE)
    n_decided = assignments.counts_of(c, person.id, dataset.id, Task.REFINE)[0]
    return OwnWork(n_answered, n_later, n_decided)
