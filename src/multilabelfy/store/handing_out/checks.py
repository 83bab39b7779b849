"""The checks drawn for a person: they wait here until their turn comes, and then become assignments.

A plan is not a record: the assignment keeps the policy and the probability. It is created only when its turn comes, so that its number
betrays nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, literal, literal_column, select, update

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.checking.checks import CheckPolicy
from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Prebuilt
from multilabelfy.store.handing_out.assignment_rows import of_person
from multilabelfy.store.schema import assignments, person_counts, planned_checks

_SOONEST = Prebuilt(
    select(func.min(planned_checks.c.due)).where(
        planned_checks.c.annotator_id == bindparam("annotator"), planned_checks.c.dataset_id == bindparam("dataset")
    )
)
_SUM_ANSWERED = select(person_counts.c.n_answered).where(
    person_counts.c.annotator_id == bindparam("annotator"),
    person_counts.c.dataset_id == bindparam("dataset"),
    person_counts.c.task == literal_column(f"'{Task.ANNOTATE.value}'"),
)
_N_ANSWERED = Prebuilt(_SUM_ANSWERED)
_WAITING = Prebuilt(
    select(
        exists().where(of_person([Task.CHECK], AssignmentState.RETURNED))
        | exists().where(
            planned_checks.c.annotator_id == bindparam("annotator"),
            planned_checks.c.dataset_id == bindparam("dataset"),
            planned_checks.c.due <= func.coalesce(_SUM_ANSWERED.scalar_subquery(), literal(0)),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A check for one person: an image, and the policy and probability that drew it. It is due once the person has given `due` answers."""

    image: ImageId
    policy: str
    inclusion_probability: float
    due: int


def plan(c: Connection, dataset: DatasetId, annotator: AnnotatorId, planned: Sequence[Planned]) -> None:
    """Plan these checks; of those that are due, the ones planned first are handed out first."""
    last = c.execute(select(func.max(planned_checks.c.place)).where(_of(dataset, annotator))).scalar_one()
    first = 0 if last is None else int(last) + 1
    rows = [{"image_id": check.image, "policy": check.policy, "due": check.due} for check in planned]
    keys = {"annotator_id": annotator, "dataset_id": dataset}
    for number, (check, row) in enumerate(zip(planned, rows, strict=True), start=first):
        c.execute(insert(planned_checks).values(**keys, **row, inclusion_probability=check.inclusion_probability, place=number))


def take_due(c: Connection, dataset: DatasetId, annotator: AnnotatorId, n: int) -> list[Planned]:
    """Up to n checks whose turn has come; they are no longer planned."""
    if n <= 0 or not is_due(c, dataset, annotator):
        return []
    due = _of(dataset, annotator) & (planned_checks.c.due <= n_answered(c, dataset, annotator))
    rows = c.execute(select(planned_checks).where(due).order_by(planned_checks.c.due, planned_checks.c.place).limit(n)).all()
    due_checks = [Planned(ImageId(row.image_id), row.policy, row.inclusion_probability, row.due) for row in rows]
    c.execute(delete(planned_checks).where(_of(dataset, annotator), planned_checks.c.image_id.in_([check.image for check in due_checks])))
    return due_checks


def call_off(c: Connection, image: ImageId) -> None:
    """Give nobody this image as a check who was not given it yet."""
    c.execute(delete(planned_checks).where(planned_checks.c.image_id == image))


def is_due(c: Connection, dataset: DatasetId, annotator: AnnotatorId) -> bool:
    """Whether the turn of a planned check has come."""
    soonest = _SOONEST.value(c, annotator=annotator, dataset=dataset)
    return soonest is not None and int(soonest) <= n_answered(c, dataset, annotator)


def asked_waiting(c: Connection, dataset: DatasetId, annotator: AnnotatorId) -> Coming[bool]:
    """Whether a check waits for this person: one whose turn has come, or one whose lease has lapsed."""
    asked = _WAITING.asked(c, annotator=annotator, dataset=dataset)
    return lambda: bool(asked.value())


def has_begun(c: Connection, dataset: DatasetId, annotator: AnnotatorId) -> bool:
    """Whether this person was ever given an image of this dataset to annotate, or has a check waiting."""
    tasks = assignments.c.task.in_([Task.ANNOTATE.value, Task.CHECK.value])
    assigned = select(assignments.c.id).where(assignments.c.annotator_id == annotator, assignments.c.dataset_id == dataset, tasks)
    waiting = select(planned_checks.c.image_id).where(_of(dataset, annotator))
    return any(c.execute(query.limit(1)).first() is not None for query in (assigned, waiting))


def n_answered(c: Connection, dataset: DatasetId, annotator: AnnotatorId) -> int:
    """How many images this person annotated, checks not counted."""
    return int(_N_ANSWERED.value(c, annotator=annotator, dataset=dataset) or 0)


def is_checked(c: Connection, image: ImageId, annotator: AnnotatorId) -> bool:
    """Whether this person was given this image as a check, or is to be given it as one."""
    assigned = select(assignments.c.id).where(assignments.c.image_id == image, assignments.c.annotator_id == annotator)
    waiting = select(planned_checks.c.image_id).where(planned_checks.c.image_id == image, planned_checks.c.annotator_id == annotator)
    return any(c.execute(query).first() is not None for query in (assigned.where(assignments.c.task == Task.CHECK.value), waiting))


def practice_of(c: Connection, dataset: DatasetId, annotator: AnnotatorId) -> tuple[int, int]:
    """How many practice images this person has answered, and how many they get in all."""
    theirs = (assignments.c.annotator_id == annotator) & (assignments.c.dataset_id == dataset) & (assignments.c.task == Task.CHECK.value)
    query = select(assignments.c.state).where(theirs, assignments.c.policy == CheckPolicy.PRACTICE.value)
    states = list(c.execute(query).scalars())
    waiting = select(func.count()).select_from(planned_checks).where(_of(dataset, annotator))
    n_waiting = c.execute(waiting.where(planned_checks.c.policy == CheckPolicy.PRACTICE.value)).scalar_one()
    return states.count("answered"), len(states) + int(n_waiting)


def note_policy(c: Connection, assignment: AssignmentId, policy: str, inclusion_probability: float) -> None:
    """Record on an assignment the policy that chose how it is asked, and the probability of that choice."""
    chosen = {"policy": policy, "inclusion_probability": inclusion_probability}
    c.execute(update(assignments).where(assignments.c.id == assignment).values(**chosen))


def is_known_to(annotator: AnnotatorId, image: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether this person was ever given an image, or is to be given it as a check."""
    was_assigned = exists().where(assignments.c.image_id == image, assignments.c.annotator_id == annotator)
    waiting = exists().where(planned_checks.c.image_id == image, planned_checks.c.annotator_id == annotator)
    return was_assigned | waiting


def _of(dataset: DatasetId, annotator: AnnotatorId) -> ColumnElement[bool]:
    return (planned_checks.c.annotator_id == annotator) & (planned_checks.c.dataset_id == dataset)
