"""Who only looks takes nothing away, and who waits learns how many images others hold, until when, and, where it may be known, who."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.assignment import desk_of
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role, Task
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.store import people
from multilabelfy.store.dataset import progress
from multilabelfy.store.handing_out import assignments
from multilabelfy.workflows.at_work import AtWork, at_work, reading
from multilabelfy.workflows.settling import freed_places
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class HeldByOthers:
    """Images that somebody else has on the screen, and when they come back at the latest. Without a name: of everybody together."""

    n_images: int
    until: datetime
    name: str = ""


def only_looks(workspace: Workspace, name: str, person: Annotator, now: datetime) -> bool:
    """Whether there is work for an owner who has neither answered nor taken an image of this dataset. Raises UnknownDataset."""
    if person.role is not Role.OWNER:
        return False
    with at_work(workspace, name, person, now) as at:
        if not takes_first(at, Task.ANNOTATE):
            return False
        return assignments.available(at.c, at.dataset.id, person.id, Task.ANNOTATE, at.dataset.protocol.least_overlap).now


def takes_first(at: AtWork, task: Task) -> bool:
    """Whether what this person is handed next is their first image of this task: they have answered none, and hold none.

    Images whose time is over return to the queue first, as they do before any are handed out: they are work too.
    """
    freed_places.return_lapsed(at.c, at.dataset, at.now)
    return at.dataset.has_pictures and not at.dataset.paused and not any(assignments.counts_of(at.c, at.person.id, at.dataset.id, task))


def held_by_others(
    workspace: Workspace, name: str, person: Annotator, now: datetime, task: Task = Task.ANNOTATE
) -> tuple[HeldByOthers, ...]:
    """Who else holds images of this dataset for a task, the most first; experts, and annotators of a blind study, learn no names."""
    with reading(workspace, name) as at:
        held: dict[AnnotatorId, list[HeldByOthers]] = defaultdict(list)
        names = {somebody.id: somebody.name for somebody in people.everyone(at.c, at.dataset.id)}
        for entry in progress.held_now(at.c, at.dataset.id, now):
            if entry.person != person.id and desk_of(entry.task) is task:
                held[entry.person].append(HeldByOthers(entry.n_images, entry.until, names[entry.person]))
        is_blind = task is Task.REFINE or at.dataset.protocol.refinement is RefinementStyle.BLIND
    by_person = sorted(map(_together, held.values()), key=lambda entry: (-entry.n_images, entry.name))
    if by_person and is_blind and person.role is not Role.OWNER:
        return (HeldByOthers(sum(entry.n_images for entry in by_person), max(entry.until for entry in by_person)),)
    return tuple(by_person)


def _together(entries: list[HeldByOthers]) -> HeldByOthers:
    return HeldByOthers(sum(entry.n_images for entry in entries), max(entry.until for entry in entries), entries[0].name)
