"""Find the images that want an answer: in queue order for annotators, by triage for experts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, func, literal_column, select

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import AnnotatorId, Task
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, AWAITING_EXPERTS
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.disagreement.triage import WEIGHED_FROM
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import AskedRows, Prebuilt, one_of
from multilabelfy.store.dataset import cursors
from multilabelfy.store.dataset.image_rows import is_in, n_wanted
from multilabelfy.store.handing_out import passed_on
from multilabelfy.store.handing_out.assignment_rows import on_the_desk
from multilabelfy.store.schema import annotations, assignments, images

KEPT = (AssignmentState.OPEN.value, AssignmentState.LATER.value, AssignmentState.ANSWERED.value)
"""A person with an assignment in one of these states is not given its image again."""
_ASSIGNED = exists().where(
    assignments.c.image_id == images.c.id,
    assignments.c.annotator_id == bindparam("annotator"),
    one_of(assignments.c.task, on_the_desk(Task.ANNOTATE)),
    one_of(assignments.c.state, KEPT),
)
_OPEN = (
    select(images.c.id, images.c.queue_place)
    .where(
        images.c.dataset_id == bindparam("dataset"),
        is_in(AWAITING_ANNOTATORS),
        images.c.queue_place >= cursors.PLACE,
        images.c.n_answers + images.c.n_leases < n_wanted(bindparam("overlap", type_=Integer)),
        ~_ASSIGNED.correlate(images),
    )
    .order_by(images.c.queue_place, images.c.id)
)


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """An image that waits for an expert, and the policy that it goes to experts under."""

    image: ImageId
    policy: str | None


def take(c: Connection, dataset: DatasetId, annotator: AnnotatorId, rows: Sequence[Any], n: int) -> list[ImageId]:
    """Take the first n of the images that were found to be open for an annotator, and move the annotator's cursor behind them."""
    rows = rows[:n]
    if len(rows) < n:
        cursors.move(c, annotator, dataset, cursors.END)
    elif rows:
        cursors.move(c, annotator, dataset, rows[-1].queue_place)
    return [ImageId(row.id) for row in rows]


def asked_open(c: Connection, dataset: DatasetId, annotator: AnnotatorId, overlap: int, n: int) -> AskedRows:
    """The first n images (`id`, `queue_place`) that want an answer from this annotator, in queue order from their cursor on."""
    return _first_open(n).asked(c, annotator=annotator, dataset=dataset, overlap=overlap)


@cache
def _first_open(n: int) -> Prebuilt:
    """The number stands in the statement: of one that holds for any number, PostgreSQL believes that all rows are wanted, and plans it anew
    each time."""
    return Prebuilt(_OPEN.limit(literal_column(str(n))))


def disputed_images(dataset: DatasetId, expert: AnnotatorId, among: Collection[ImageId] | None = None) -> Select[Any]:
    """Images that want this expert's decision, the most urgent first, without those that the expert annotated or decided."""
    waiting = (images.c.dataset_id == dataset) & is_in(AWAITING_EXPERTS)
    if among is not None:
        waiting &= images.c.id.in_(among)
    annotated_by_expert = exists().where(annotations.c.image_id == images.c.id, annotations.c.annotator_id == expert)
    wanted = n_refining() < images.c.n_experts
    order = (images.c.triage.desc(), images.c.queue_place, images.c.id)
    return (
        select(images.c.id)
        .where(waiting, ~annotated_by_expert, ~_is_decided_by(expert), ~passed_on.is_withheld_from(expert), wanted)
        .order_by(*order)
    )


def waiting_cases(c: Connection, dataset: DatasetId) -> list[WaitingCase]:
    """The images that wait for an expert, in the order of the draw."""
    query = select(images.c.id, images.c.expert_policy).where(images.c.dataset_id == dataset, is_in(AWAITING_EXPERTS))
    rows = c.execute(query.order_by(images.c.queue_place, images.c.id))
    return [WaitingCase(ImageId(image), policy) for image, policy in rows]


def has_unweighed_case(c: Connection, dataset: DatasetId) -> bool:
    """Whether an image waits for an expert that the posterior has not weighed."""
    waiting = (images.c.dataset_id == dataset) & is_in(AWAITING_EXPERTS) & (images.c.triage < WEIGHED_FROM)
    return c.execute(select(images.c.id).where(waiting).limit(1)).first() is not None


def available_among(c: Connection, dataset: DatasetId, expert: AnnotatorId, ids: Collection[ImageId]) -> list[ImageId]:
    """Those of these images that the expert could be given now, the most urgent first."""
    return [ImageId(image) for image in c.execute(disputed_images(dataset, expert, ids)).scalars()]


def n_refining() -> ColumnElement[int]:
    """How many experts have an image in hand or have decided it, as an expression over `images`."""
    busy = assignments.c.state.in_((AssignmentState.OPEN.value, AssignmentState.ANSWERED.value))
    refining = (assignments.c.image_id == images.c.id) & (assignments.c.task == Task.REFINE.value)
    return select(func.count()).select_from(assignments).where(refining, busy).correlate(images).scalar_subquery()


def _is_decided_by(expert: AnnotatorId) -> ColumnElement[bool]:
    """Whether an expert has an image, left it for later, or has decided it."""
    tasks = [desk.value for desk in on_the_desk(Task.REFINE)]
    theirs = (assignments.c.image_id == images.c.id) & (assignments.c.annotator_id == expert) & assignments.c.task.in_(tasks)
    return exists().where(theirs, assignments.c.state.in_(KEPT)).correlate(images)
