"""An assignment, its states and owner, and what an annotator gets when asking for work: a picture, or a state with its next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import NotAllowed

SOMEBODY_ELSES: Mapping[Task | None, str] = {
    None: "This picture was given to somebody else. Go on with one of your own.",
    Task.ANNOTATE: "This picture was given to somebody else. Go to “Annotate” for one of your own.",
    Task.REFINE: "This picture was given to somebody else. Go to “Refine” for one of your own.",
}
"""What a person is told on opening somebody else's assignment, or one that does not exist, by desk (None: on either)."""


class AssignmentState(StrEnum):
    """Where an assignment is in its life."""

    OPEN = "open"  # somebody holds it
    LATER = "later"  # its person left it for later; others may be given the image meanwhile
    ANSWERED = "answered"
    RETURNED = "returned"  # its lease lapsed or it was no longer wanted; the person may be given it again


@dataclass(frozen=True, slots=True)
class Assignment:
    """One person is to look at one image until `expires_at`. `policy` chose it, which it did with `inclusion_probability`."""

    id: AssignmentId
    dataset: DatasetId
    image: ImageId
    annotator: AnnotatorId
    task: Task
    state: AssignmentState
    handed_at: datetime
    expires_at: datetime
    policy: str
    inclusion_probability: float
    answered_at: datetime | None = None


def desk_of(task: Task) -> Task:
    """The desk of an assignment, named by its task: checks are mixed with the images to annotate."""
    return Task.ANNOTATE if task is Task.CHECK else task


def on_the_desk(task: Task) -> tuple[Task, ...]:
    """The tasks on one desk: checks are mixed with the images to annotate, and nothing tells them apart."""
    return tuple(other for other in Task if desk_of(other) is desk_of(task))


def is_own(assignment: Assignment, person: AnnotatorId, dataset: DatasetId, desk: Task | None = None) -> bool:
    """Whether an assignment is this person's, of this dataset and on this desk; None: on either."""
    is_theirs = assignment.annotator == person and assignment.dataset == dataset
    return is_theirs and (desk is None or desk_of(assignment.task) is desk_of(desk))


def check_own(assignment: Assignment | None, person: AnnotatorId, dataset: DatasetId, desk: Task | None = None) -> Assignment:
    """The assignment, which is this person's. Raises NotAllowed for somebody else's and, in the same words, for none."""
    if assignment is None or not is_own(assignment, person, dataset, desk):
        raise NotAllowed(SOMEBODY_ELSES[desk])
    return assignment


class Desk(StrEnum):
    """What one annotator finds at the desk now."""

    WORK = "work"  # a picture lies here
    PAUSED = "paused"  # an owner paused the study
    NO_PICTURES = "no-pictures"  # the study was made of votes that people cast elsewhere
    UNPROPOSED = "unproposed"  # no picture has proposals yet
    WAITING = "waiting"  # others hold the last pictures, or proposals are still being made
    FINISHED = "finished"  # every picture has its answers, as far as this person may give them


@dataclass(frozen=True, slots=True)
class Supply:
    """What the counters say: this person's assignments, pictures held by others that may come back, and pictures without proposals."""

    is_paused: bool
    n_handed: int
    n_may_come: int
    n_unproposed: int
    n_proposed: int


def desk(supply: Supply) -> Desk:
    """What this person finds at the desk. A pause hides work; it takes nothing away."""
    if supply.is_paused:
        return Desk.PAUSED
    if supply.n_handed:
        return Desk.WORK
    if not supply.n_proposed:
        return Desk.UNPROPOSED
    if supply.n_may_come or supply.n_unproposed:
        return Desk.WAITING
    return Desk.FINISHED
