"""What the policy of an adaptive overlap said of each image, and the columns that handing out reads of it: answers wanted, and a place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import Task
from multilabelfy.annotation.overlap import POLICY, OverlapDecision, OverlapReason
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, MOVABLE
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.proposals.kin.groups import KIN_POLICY
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Prebuilt, one_of
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset.image_rows import is_in
from multilabelfy.store.schema import annotations, assignments, images, overlap_decisions, refinements

STANDS = (OverlapReason.PANEL.value, OverlapReason.ENOUGH.value, OverlapReason.WITH_EXPERT.value)
"""Whatever is answered later, an image of which one of these was said is not decided anew."""
_WANT = Prebuilt(update(images).where(images.c.id == bindparam("image")).values(n_wanted=bindparam("answers")))
_BY_NO_OWNER = or_(images.c.queue_policy.is_(None), one_of(images.c.queue_policy, (POLICY, KIN_POLICY)))
_MOVE = Prebuilt(
    update(images)
    .where(images.c.id == bindparam("image"), _BY_NO_OWNER)
    .values(queue_place=bindparam("to"), queue_policy=bindparam("by_policy"))
)


@dataclass(frozen=True, slots=True)
class Visits:
    """How often an image was visited, and for how many seconds in all."""

    n: int
    seconds: float


def visits(c: Connection, dataset: DatasetId, among: Collection[ImageId] | None = None) -> dict[ImageId, Visits]:
    """The visits of every image that has one, revisions counted as time alone."""
    n, ms = func.count(annotations.c.annotator_id.distinct()), func.sum(annotations.c.present_ms)
    query = select(annotations.c.image_id, n, ms).where(annotations.c.dataset_id == dataset).group_by(annotations.c.image_id)
    if among is not None:
        query = query.where(annotations.c.image_id.in_(among))
    return {ImageId(image): Visits(n, int(ms) / 1000) for image, n, ms in c.execute(query)}


def of_dataset(c: Connection, dataset: DatasetId) -> dict[ImageId, OverlapDecision]:
    """The newest decision on each image that has one."""
    rows = c.execute(select(overlap_decisions).where(overlap_decisions.c.dataset_id == dataset).order_by(overlap_decisions.c.image_id))
    return {ImageId(row.image_id): _from_row(row) for row in rows}


def of_image(c: Connection, image: ImageId) -> OverlapDecision | None:
    """The newest decision on an image; None before the first."""
    row = c.execute(select(overlap_decisions).where(overlap_decisions.c.image_id == image)).one_or_none()
    return None if row is None else _from_row(row)


def write(c: Connection, dataset: DatasetId, decisions: Iterable[OverlapDecision], now: datetime) -> None:
    """Write decisions in place of earlier ones on the same images."""
    for chunk in chunked(decisions):
        c.execute(delete(overlap_decisions).where(overlap_decisions.c.image_id.in_([decision.image for decision in chunk])))
        c.execute(insert(overlap_decisions), [_to_row(dataset, decision, now) for decision in chunk])


def want(c: Connection, image: ImageId, n: int) -> None:
    """Set how many answers an image wants."""
    _WANT.run(c, image=image, answers=n)


def move_behind(c: Connection, image: ImageId, place: float) -> None:
    """Give an image its place among those that are asked about again; whoever is behind it must be pulled back (`cursors`).

    One that an owner put first stays where it is; one that stood among its kin has been there.
    """
    _MOVE.run(c, image=image, to=place, by_policy=POLICY)


def is_behind(c: Connection, dataset: DatasetId, floor: int) -> bool:
    """Whether an image has answers of which the policy does not know."""
    known = overlap_decisions.c.image_id == images.c.id
    says = or_(overlap_decisions.c.reason.in_(STANDS), overlap_decisions.c.n_visits >= images.c.n_answers)
    waiting = (images.c.dataset_id == dataset) & is_in(MOVABLE) & (images.c.n_answers >= floor)
    return c.execute(select(images.c.id).where(waiting, ~exists().where(known, says)).limit(1)).first() is not None


def counts(c: Connection, dataset: DatasetId) -> dict[OverlapReason, int]:
    """How many images each reason was said of last; every reason is a key."""
    query = select(overlap_decisions.c.reason, func.count()).where(overlap_decisions.c.dataset_id == dataset)
    by_reason = {OverlapReason(reason): n for reason, n in c.execute(query.group_by(overlap_decisions.c.reason))}
    return {reason: by_reason.get(reason, 0) for reason in OverlapReason}


def n_asked_again(c: Connection, dataset: DatasetId) -> int:
    """How many images wait for one more annotator since their votes leave doubt."""
    doubted = (overlap_decisions.c.dataset_id == dataset) & (overlap_decisions.c.reason == OverlapReason.IN_DOUBT.value)
    waiting = is_in(AWAITING_ANNOTATORS) & (images.c.n_answers < images.c.n_wanted)
    query = select(func.count()).select_from(overlap_decisions).join(images, images.c.id == overlap_decisions.c.image_id)
    return int(c.execute(query.where(doubted, waiting)).scalar_one())


def with_experts(c: Connection, ids: Collection[ImageId]) -> set[ImageId]:
    """Those of these images that an expert holds, left for later, or has answered."""
    busy = [state.value for state in AssignmentState if state is not AssignmentState.RETURNED]
    held = select(assignments.c.image_id).where(
        assignments.c.image_id.in_(ids), assignments.c.task == Task.REFINE.value, assignments.c.state.in_(busy)
    )
    begun = select(refinements.c.image_id).where(refinements.c.image_id.in_(ids))
    return {ImageId(image) for query in (held, begun) for image in c.execute(query).scalars()}


def forget(c: Connection, dataset: DatasetId) -> list[ImageId]:
    """Forget what the policy said: every image wants again what the protocol says. Returns those that it had moved in the queue."""
    moved = select(images.c.id).where(images.c.dataset_id == dataset, images.c.queue_policy == POLICY).order_by(images.c.id)
    ids = [ImageId(image) for image in c.execute(moved).scalars()]
    c.execute(delete(overlap_decisions).where(overlap_decisions.c.dataset_id == dataset))
    c.execute(update(images).where(images.c.dataset_id == dataset, images.c.n_wanted.is_not(None)).values(n_wanted=None))
    return ids


def _from_row(row: Any) -> OverlapDecision:
    return OverlapDecision(ImageId(row.image_id), OverlapReason(row.reason), row.n_visits, row.wrong, row.gain, row.probability)


def _to_row(dataset: DatasetId, decision: OverlapDecision, now: datetime) -> Mapping[str, Any]:
    keys = {"image_id": decision.image, "dataset_id": dataset, "reason": decision.reason.value, "n_visits": decision.n_visits}
    figures = {"wrong": decision.wrong, "gain": decision.gain, "probability": decision.probability}
    return {**keys, **figures, "decided_at": now}
