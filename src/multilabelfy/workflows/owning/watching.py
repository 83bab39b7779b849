"""Watch a study's progress: its images in the four stages, the pace of its answers, and each person's share of the work."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from multilabelfy.annotation.assignment import desk_of
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import (
    ANSWERABLE,
    AWAITING_ANNOTATORS,
    AWAITING_EXPERTS,
    AWAITING_PROPOSALS,
    CONTESTED,
    DECIDED,
    FINAL_BY_ANNOTATORS,
    FINAL_BY_EXPERTS,
    FINAL_BY_IMPORT,
    IN_STUDY,
    OUT_OF_STUDY,
    RESOLVED,
    SETTLED,
    n_in,
)
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.store import members, people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, progress, proposals
from multilabelfy.store.decisions import releases
from multilabelfy.store.handing_out import assignments, overlap_decisions
from multilabelfy.workflows.analysing.analysis import Analysis
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.workspace import Workspace

PACES = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
"""The pace is that of the last hour, or of the last day or week if it was quiet."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Images by stage, from the number in each state.

    `n_images` leaves out unreadable images; a disputed image that was decided counts as refined.
    """

    counts: Mapping[ImageState, int]

    @property
    def n_images(self) -> int:
        """Images of the study."""
        return n_in(self.counts, IN_STUDY)

    @property
    def n_unproposed(self) -> int:
        """Images that wait for proposals."""
        return n_in(self.counts, AWAITING_PROPOSALS)

    @property
    def n_proposed(self) -> int:
        """Images that have proposals (imported sets need none)."""
        return n_in(self.counts, ANSWERABLE)

    @property
    def n_open(self) -> int:
        """Images that wait for annotators."""
        return n_in(self.counts, AWAITING_ANNOTATORS)

    @property
    def n_answered(self) -> int:
        """Images that have all their answers."""
        return n_in(self.counts, SETTLED)

    @property
    def n_agreed(self) -> int:
        """Images whose annotators agree, with no expert asked."""
        return n_in(self.counts, FINAL_BY_ANNOTATORS)

    @property
    def n_to_experts(self) -> int:
        """Images that went to an expert: disputed, or drawn for the audit."""
        return self.n_disputed + self.n_decided

    @property
    def n_disputed(self) -> int:
        """Images that wait for an expert."""
        return n_in(self.counts, AWAITING_EXPERTS)

    @property
    def n_decided(self) -> int:
        """Images on which experts gave all their decisions, whether they agree or differ."""
        return n_in(self.counts, DECIDED)

    @property
    def n_refined(self) -> int:
        """Images that experts gave their final labels."""
        return n_in(self.counts, FINAL_BY_EXPERTS)

    @property
    def n_contested(self) -> int:
        """Images on which experts differ."""
        return n_in(self.counts, CONTESTED)

    @property
    def n_imported(self) -> int:
        """Images that came with final labels."""
        return n_in(self.counts, FINAL_BY_IMPORT)

    @property
    def n_unreadable(self) -> int:
        """Images whose file is not a readable picture."""
        return n_in(self.counts, OUT_OF_STUDY)

    @property
    def n_resolved(self) -> int:
        """Images that have final labels."""
        return n_in(self.counts, RESOLVED)

    @property
    def share_resolved(self) -> float:
        """The share of the images that have final labels; 0 without images."""
        return self.n_resolved / self.n_images if self.n_images else 0.0


@dataclass(frozen=True, slots=True)
class StudyPace:
    """Answers still wanted, and those given during the last `over` (0 if even a week was quiet); from both, the time left."""

    n_wanted: int
    n_given: int
    over: timedelta

    @property
    def time_left(self) -> timedelta | None:
        """How long the remaining answers take at this pace; None if none are wanted or there is no pace."""
        return self.over * (self.n_wanted / self.n_given) if self.n_wanted and self.n_given else None


@dataclass(frozen=True, slots=True)
class Effort:
    """What one person did for one task, and the images that they have in hand now."""

    person: Annotator
    task: Task
    n_images: int
    present_ms: int
    n_held: int

    @property
    def seconds_each(self) -> float | None:
        """Seconds of presence for each image."""
        return self.present_ms / 1000 / self.n_images if self.n_images and self.present_ms else None


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What one person did in a dataset, and left for later."""

    n_answered: int
    n_later: int
    n_decided: int


@dataclass(frozen=True, slots=True)
class Watch:
    """One dataset as its overview shows it to a person, with their role there. `n_asked_again` images wait for one more annotator, since
    their votes leave doubt: none where the overlap is fixed."""

    dataset: StoredDataset
    stages: Stages
    pace: StudyPace
    efforts: tuple[Effort, ...]
    sources: tuple[str, ...]
    release: Release | None
    own: OwnWork
    person: Annotator
    n_asked_again: int = 0


def watch(workspace: Workspace, name: str, person: Annotator, now: datetime) -> Watch:
    """The dataset of this name, for this person. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return _watch(c, datasets.find(c, name), person, now)


def watch_all(workspace: Workspace, person: Annotator, now: datetime) -> list[Watch]:
    """Every dataset that is not archived and whose team this person is in, by name, all as of one moment."""
    with workspace.store.reading() as c:
        return [_watch(c, dataset, placed, now) for dataset, placed in _places(c, person) if not dataset.is_archived]


def archived(workspace: Workspace, person: Annotator) -> list[StoredDataset]:
    """The archived datasets that this person owns, by name."""
    with workspace.store.reading() as c:
        return [dataset for dataset, placed in _places(c, person) if dataset.is_archived and placed.role is Role.OWNER]


def _places(c: Connection, person: Annotator) -> list[tuple[StoredDataset, Annotator]]:
    """Each dataset that this person may open, with the person as they are there."""
    roles = members.roles_of(c, person.id)
    seen = [dataset for dataset in datasets.all_datasets(c) if person.owns_workspace or dataset.id in roles]
    return [(dataset, person.placed(roles.get(dataset.id))) for dataset in seen]


def watch_with_analysis(workspace: Workspace, analyses: Analyses, name: str, person: Annotator, now: datetime) -> tuple[Watch, Analysis]:
    """A dataset with its analysis; both show one moment, unless the analysis is slow and therefore kept for a while."""
    with analyses.reading(workspace, name) as (c, dataset, analysis):
        return _watch(c, dataset, person, now), analysis


def stages_of(c: Connection, dataset: StoredDataset) -> Stages:
    """From counters alone."""
    return Stages(images.counts(c, dataset.id))


def _watch(c: Connection, dataset: StoredDataset, person: Annotator, now: datetime) -> Watch:
    return Watch(
        dataset=dataset,
        stages=stages_of(c, dataset),
        pace=_pace(c, dataset, now),
        efforts=tuple(_efforts(c, dataset, now)),
        sources=proposals.sources(c, dataset.id),
        release=releases.newest(c, dataset.id),
        own=_own_work(c, dataset, person),
        person=person,
        n_asked_again=overlap_decisions.n_asked_again(c, dataset.id) if dataset.protocol.is_adaptive else 0,
    )


def _pace(c: Connection, dataset: StoredDataset, now: datetime) -> StudyPace:
    n_wanted = progress.n_answers_wanted(c, dataset.id, dataset.protocol.least_overlap)
    paces = (StudyPace(n_wanted, progress.n_given(c, dataset.id, now - over), over) for over in PACES)
    quiet = StudyPace(n_wanted, 0, PACES[-1])
    if not dataset.has_pictures:  # its votes came at once: nobody answers now
        return quiet
    return next((pace for pace in paces if pace.n_given), quiet)


def _efforts(c: Connection, dataset: StoredDataset, now: datetime) -> list[Effort]:
    """The effort of everybody who answered or has images in hand, by task, the most images first."""
    everybody: Mapping[AnnotatorId, Annotator] = {person.id: person for person in people.everyone(c, dataset.id)}
    n_held: dict[tuple[AnnotatorId, Task], int] = defaultdict(int)
    n_done: dict[tuple[AnnotatorId, Task], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for in_hand in progress.held_now(c, dataset.id, now):
        n_held[in_hand.person, desk_of(in_hand.task)] += in_hand.n_images
    for task in Task:
        for person, n, ms in annotations.effort(c, dataset.id, task):
            before = n_done[person, desk_of(task)]
            n_done[person, desk_of(task)] = (before[0] + n, before[1] + ms)
    efforts = [
        Effort(everybody[person], task, *n_done.get((person, task), (0, 0)), n_held.get((person, task), 0))
        for person, task in {**n_done, **n_held}
    ]
    return sorted(efforts, key=lambda effort: (effort.task.value, -effort.n_images, effort.person.name))


def _own_work(c: Connection, dataset: StoredDataset, person: Annotator) -> OwnWork:
    n_answered, _, n_later = assignments.counts_of(c, person.id, dataset.id, Task.ANNOTATE)
    n_decided = assignments.counts_of(c, person.id, dataset.id, Task.REFINE)[0]
    return OwnWork(n_answered, n_later, n_decided)
