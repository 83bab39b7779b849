"""Assignments: the images that each person has in hand or left for later, and the way back through their answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, exists, func, literal_column, select, tuple_, update

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import UnknownImage
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Prebuilt, one_of
from multilabelfy.store.handing_out import checks, leases, queue
from multilabelfy.store.handing_out.assignment_rows import from_row, of_person, on_the_desk
from multilabelfy.store.handing_out.handing_out import hold_again, still_wanted
from multilabelfy.store.schema import assignments, person_counts

_BY_ID = Prebuilt(select(assignments).where(assignments.c.id == bindparam("assignment")))


@dataclass(frozen=True, slots=True)
class Available:
    """The work for a person: something `now`, `n_later` images left for later, or images `held_by_others` that may come free."""

    now: bool
    n_later: int
    held_by_others: bool


def get(c: Connection, assignment: AssignmentId) -> Assignment:
    """The assignment of this id. Raises UnknownImage."""
    assignment_found = find(c, assignment)
    if assignment_found is None:
        raise UnknownImage(f"There is no assignment number {assignment}.")
    return assignment_found


def find(c: Connection, assignment: AssignmentId) -> Assignment | None:
    """The assignment of this id; None if there is none, for those who may not learn whether there is."""
    return asked(c, assignment)()


def asked(c: Connection, assignment: AssignmentId) -> Coming[Assignment | None]:
    """As `find`, to be looked at later."""
    asked_row = _BY_ID.asked(c, assignment=assignment)

    def read() -> Assignment | None:
        row = asked_row.row()
        return None if row is None else from_row(row)

    return read


def leave_for_later(c: Connection, assignment: AssignmentId) -> list[ImageId]:
    """Put an open assignment aside; it comes back before the end, unless others have answered it by then.

    Returns its image if that lost an annotator, so that a surplus answer may take the place.
    """
    dataset = get(c, assignment).dataset
    return leases.end(c, dataset, assignments.c.id == assignment, AssignmentState.LATER)


def reclaim(c: Connection, assignment: AssignmentId, *, overlap: int, now: datetime, lease: timedelta) -> bool:
    """Take up a lapsed or postponed assignment again if its image still wants an answer; returns whether it is in hand now."""
    stored = get(c, assignment)
    if stored.state in (AssignmentState.LATER, AssignmentState.RETURNED) and still_wanted(c, stored, overlap):
        hold_again(c, stored, now, lease)
        return True
    leases.extend(c, [assignment], now + lease)
    return stored.state is AssignmentState.OPEN


def give_back(c: Connection, assignment: AssignmentId) -> None:
    """Take back an image that somebody has in hand or left for later."""
    in_hand = assignments.c.state.in_([AssignmentState.OPEN.value, AssignmentState.LATER.value])
    leases.end(c, get(c, assignment).dataset, assignments.c.id == assignment, AssignmentState.RETURNED)
    c.execute(update(assignments).where(assignments.c.id == assignment, in_hand).values(state=AssignmentState.RETURNED.value))


def answered_by(c: Connection, image: ImageId, task: Task) -> frozenset[AnnotatorId]:
    """Who has answered an image for this task."""
    answered = (
        (assignments.c.image_id == image) & (assignments.c.task == task.value) & (assignments.c.state == AssignmentState.ANSWERED.value)
    )
    return frozenset(AnnotatorId(person) for person in c.execute(select(assignments.c.annotator_id).where(answered)).scalars())


def reopen(c: Connection, image: ImageId, task: Task) -> None:
    """Let an image be handed out for this task again, also to those who answered it (their answers stay)."""
    answered = (assignments.c.image_id == image) & (assignments.c.task == task.value)
    answered &= assignments.c.state == AssignmentState.ANSWERED.value
    c.execute(update(assignments).where(answered).values(state=AssignmentState.RETURNED.value))


def previous(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task, before: AssignmentId | None) -> Assignment | None:
    """The assignment that this person answered last, or last before that one; None at the beginning."""
    previous_ones = [_beside(c, annotator, dataset, desk, before, backwards=True) for desk in on_the_desk(task)]
    return max((assignment for assignment in previous_ones if assignment), key=_when_answered, default=None)


def next_after(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task, after: AssignmentId) -> Assignment | None:
    """The assignment that this person answered next after that one; None at the end."""
    next_ones = [_beside(c, annotator, dataset, desk, after, backwards=False) for desk in on_the_desk(task)]
    return min((assignment for assignment in next_ones if assignment), key=_when_answered, default=None)


def answered_among(c: Connection, dataset: DatasetId, annotator: AnnotatorId, held: Collection[AssignmentId]) -> frozenset[AssignmentId]:
    """Those of these assignments that this person has answered."""
    theirs = select(assignments.c.id).where(of_person(on_the_desk(Task.ANNOTATE), AssignmentState.ANSWERED), assignments.c.id.in_(held))
    return frozenset(c.execute(theirs, {"annotator": annotator, "dataset": dataset}).scalars())


def counts_of(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task) -> tuple[int, int, int]:
    """How many images this person answered, has in hand, and left for later; unmarked checks count as ordinary images."""
    in_hand, later = (
        _n(task, state).asked(c, annotator=annotator, dataset=dataset) for state in (AssignmentState.OPEN, AssignmentState.LATER)
    )
    return n_answered(c, annotator, dataset, task), in_hand.value() or 0, later.value() or 0


def n_answered(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task) -> int:
    """How many images this person answered, with the unmarked checks."""
    return asked_n_answered(c, annotator, dataset, task)()


def asked_n_answered(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task) -> Coming[int]:
    """As `n_answered`, to be looked at later."""
    asked = _sum_answered(task).asked(c, annotator=annotator, dataset=dataset)
    return lambda: int(asked.value() or 0)


@cache
def _sum_answered(task: Task) -> Prebuilt:
    theirs = (person_counts.c.annotator_id == bindparam("annotator")) & (person_counts.c.dataset_id == bindparam("dataset"))
    counted = select(func.coalesce(func.sum(person_counts.c.n_answered), 0))
    return Prebuilt(counted.where(theirs, one_of(person_counts.c.task, on_the_desk(task))))


def available(c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task, overlap: int) -> Available:
    """Whether there is work for this person now, later, or if others give up what they have in hand."""
    if task is Task.ANNOTATE:
        has_work = bool(queue.asked_open(c, dataset, annotator, overlap, 1).rows()) or checks.is_due(c, dataset, annotator)
    else:
        has_work = c.execute(queue.disputed_images(dataset, annotator).limit(1)).first() is not None
    n_later = _n(task, AssignmentState.LATER).value(c, annotator=annotator, dataset=dataset) or 0
    return Available(has_work, n_later, _held_by_others(task).row(c, annotator=annotator, dataset=dataset) is not None)


def _beside(
    c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task, than: AssignmentId | None, *, backwards: bool
) -> Assignment | None:
    key = tuple_(assignments.c.answered_at, assignments.c.id)
    query = select(assignments).where(of_person([task], AssignmentState.ANSWERED))
    answered_at = None if than is None else get(c, than).answered_at
    if than is not None and answered_at is not None:
        position = tuple_(answered_at, than)
        query = query.where(key < position if backwards else key > position)
    elif not backwards:
        return None
    columns = (assignments.c.answered_at, assignments.c.id)
    order = [column.desc() for column in columns] if backwards else list(columns)
    row = c.execute(query.order_by(*order).limit(1), {"annotator": annotator, "dataset": dataset}).one_or_none()
    return None if row is None else from_row(row)


def _when_answered(assignment: Assignment) -> tuple[datetime, AssignmentId]:
    return assignment.answered_at or assignment.handed_at, assignment.id


@cache
def _held_by_others(task: Task) -> Prebuilt:
    is_held = (assignments.c.dataset_id == bindparam("dataset")) & one_of(assignments.c.state, [AssignmentState.OPEN.value])
    theirs = one_of(assignments.c.task, [task.value]) & (assignments.c.annotator_id != bindparam("annotator"))
    own_assignments = assignments.alias("own")
    same_image = (own_assignments.c.image_id == assignments.c.image_id) & one_of(own_assignments.c.task, [task.value])
    own = (own_assignments.c.annotator_id == bindparam("annotator")) & one_of(own_assignments.c.state, queue.KEPT)
    first = select(assignments.c.id).where(is_held, theirs, ~exists().where(same_image, own))
    return Prebuilt(first.limit(literal_column("1")))


@cache
def _n(task: Task, state: AssignmentState) -> Prebuilt:
    return Prebuilt(select(func.count()).select_from(assignments).where(of_person(on_the_desk(task), state)))
