"""Hand out: give a person what they hold, then checks that are due, then what the queue has, at last what they left for later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.checks import CheckPolicy
from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, AWAITING_EXPERTS
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset.image_rows import is_in
from multilabelfy.store.handing_out import checks, leases, passed_on, queue
from multilabelfy.store.handing_out.assignment_rows import from_row, on_the_desk, own, read_own
from multilabelfy.store.schema import assignments, datasets, images

FIXED_OVERLAP = "fixed-overlap"


@dataclass(frozen=True, slots=True)
class _Request:
    """Who asks for what, when, and under which rules."""

    dataset: DatasetId
    annotator: AnnotatorId
    task: Task
    overlap: int
    now: datetime
    lease: timedelta
    policy: str
    inclusion_probability: float
    among: Collection[ImageId] | None


def hand_out(
    c: Connection,
    dataset: DatasetId,
    annotator: AnnotatorId,
    *,
    task: Task,
    n: int,
    overlap: int,
    now: datetime,
    lease: timedelta,
    policy: str = FIXED_OVERLAP,
    inclusion_probability: float = 1.0,
    among: Collection[ImageId] | None = None,
) -> list[Assignment]:
    """Up to n assignments for a person: what they hold (its lease renewed), checks that are due (among what they annotate), then images of
    the queue, at last what they left for later. While somebody practises they are given nothing else.

    No image is held and answered by more than `overlap` people together (experts: than it wants itself), and nobody is given one that they
    have. A paused dataset gives nothing. `among` restricts what experts are given anew to these images.
    """
    if c.execute(select(datasets.c.paused).where(datasets.c.id == dataset)).scalar_one():
        return []
    asked = _Request(dataset, annotator, task, overlap, now, lease, policy, inclusion_probability, among)
    leases.return_expired(c, dataset, now)
    _return_unwanted(c, asked)
    held = read_own(c, dataset, annotator, on_the_desk(task), AssignmentState.OPEN)[:n]
    leases.extend(c, [one.id for one in held], now + lease)
    held += _checks(c, asked, n - len(held))
    handed = [one.id for one in held]
    if any(one.policy == CheckPolicy.PRACTICE for one in held):
        return held
    handed += [_hand(c, asked, image) for image in _wanted(c, asked, n - len(held))]
    return _in_order(c, handed + _bring_back(c, asked, n - len(handed)))


def still_wanted(c: Connection, assignment: Assignment, overlap: int) -> bool:
    """Whether the image of an assignment that nobody holds wants one more person; a check always does."""
    if assignment.task is Task.CHECK:
        return True
    here = images.c.id == assignment.image
    if assignment.task is Task.ANNOTATE:
        here &= is_in(AWAITING_ANNOTATORS) & (images.c.n_answers + images.c.n_leases < overlap)
    else:
        here &= is_in(AWAITING_EXPERTS) & (queue.n_refining() < images.c.n_experts)
        here &= ~passed_on.is_withheld_from(assignment.annotator)
    return c.execute(select(images.c.id).where(here)).first() is not None


def hold_again(c: Connection, assignment: Assignment, now: datetime, lease: timedelta) -> None:
    """Open an assignment that was left or has lapsed."""
    again = update(assignments).where(assignments.c.id == assignment.id)
    c.execute(again.values(state=AssignmentState.OPEN.value, handed_at=now, expires_at=now + lease))
    if assignment.task is Task.ANNOTATE:
        leases.change_leases(c, assignment.image, 1)


def _return_unwanted(c: Connection, asked: _Request) -> None:
    """Take from a person what others have answered meanwhile (a late answer) or what was put aside."""
    if asked.task is Task.ANNOTATE:
        wanted: ColumnElement[bool] = is_in(AWAITING_ANNOTATORS) & (images.c.n_answers < asked.overlap)
    else:
        wanted = is_in(AWAITING_EXPERTS)
    unwanted = select(images.c.id).where(images.c.id == assignments.c.image_id, ~wanted).correlate(assignments).exists()
    held = own(asked.dataset, asked.annotator, [asked.task], AssignmentState.OPEN)
    leases.end(c, asked.dataset, held & unwanted, AssignmentState.RETURNED)


def _checks(c: Connection, asked: _Request, n: int) -> list[Assignment]:
    """The checks that this person is to be given now; one whose lease lapsed comes again."""
    if asked.task is not Task.ANNOTATE or n <= 0:
        return []
    lapsed = read_own(c, asked.dataset, asked.annotator, [Task.CHECK], AssignmentState.RETURNED)[:n]
    for assignment in lapsed:
        hold_again(c, assignment, asked.now, asked.lease)
    due = checks.take_due(c, asked.dataset, asked.annotator, n - len(lapsed))
    fresh = [_hand_check(c, asked, check) for check in due]
    return _in_order(c, [one.id for one in lapsed] + fresh)


def _hand_check(c: Connection, asked: _Request, check: checks.Planned) -> AssignmentId:
    chosen = {"policy": check.policy, "inclusion_probability": check.inclusion_probability, "task": Task.CHECK.value}
    held = {"state": AssignmentState.OPEN.value, "handed_at": asked.now, "expires_at": asked.now + asked.lease}
    keys = {"dataset_id": asked.dataset, "image_id": check.image, "annotator_id": asked.annotator}
    return AssignmentId(int(c.execute(insert(assignments).values(**keys, **held, **chosen).returning(assignments.c.id)).scalar_one()))


def _wanted(c: Connection, asked: _Request, n: int) -> list[ImageId]:
    if n <= 0:
        return []
    if asked.task is Task.ANNOTATE:
        return queue.take_open(c, asked.dataset, asked.annotator, overlap=asked.overlap, n=n)
    query = queue.disputed_images(asked.dataset, asked.annotator, asked.among).limit(n)
    return [ImageId(image) for image in c.execute(query).scalars()]


def _hand(c: Connection, asked: _Request, image: ImageId) -> AssignmentId:
    """A new open assignment; one that returned from the same person is opened again. It names what gave the image its place."""
    held = {"state": AssignmentState.OPEN.value, "handed_at": asked.now, "expires_at": asked.now + asked.lease}
    chosen = {**held, "policy": _policy(asked, image), "inclusion_probability": _probability(asked, image)}
    keys = {"image_id": image, "annotator_id": asked.annotator, "task": asked.task.value}
    theirs = [assignments.c[name] == value for name, value in keys.items()]
    handed = c.execute(update(assignments).where(*theirs).values(**chosen).returning(assignments.c.id)).scalar_one_or_none()
    if handed is None:
        new = insert(assignments).values(dataset_id=asked.dataset, **keys, **chosen)
        handed = c.execute(new.returning(assignments.c.id)).scalar_one()
    if asked.task is Task.ANNOTATE:
        leases.change_leases(c, image, 1)
    return AssignmentId(int(handed))


def _policy(asked: _Request, image: ImageId) -> ColumnElement[str] | str:
    """What put the image before experts, or the policy that moved it in the annotators' queue; else the one that the request follows."""
    chosen = images.c.queue_policy if asked.task is Task.ANNOTATE else images.c.expert_policy
    return func.coalesce(select(chosen).where(images.c.id == image).scalar_subquery(), asked.policy)


def _probability(asked: _Request, image: ImageId) -> ColumnElement[float] | float:
    """The probability with which the image was drawn for experts; for annotators that of the request."""
    if asked.task is Task.ANNOTATE:
        return asked.inclusion_probability
    own = select(images.c.expert_probability).where(images.c.id == image).scalar_subquery()
    return func.coalesce(own, asked.inclusion_probability)


def _bring_back(c: Connection, asked: _Request, n: int) -> list[AssignmentId]:
    """Open what was left for later, the oldest first; what is no longer wanted goes."""
    brought: list[AssignmentId] = []
    left = read_own(c, asked.dataset, asked.annotator, on_the_desk(asked.task), AssignmentState.LATER) if n > 0 else []
    for assignment in left:
        if len(brought) == n:
            break
        if still_wanted(c, assignment, asked.overlap):
            hold_again(c, assignment, asked.now, asked.lease)
            brought.append(assignment.id)
        else:
            gone = update(assignments).where(assignments.c.id == assignment.id)
            c.execute(gone.values(state=AssignmentState.RETURNED.value))
    return brought


def _in_order(c: Connection, ids: Sequence[AssignmentId]) -> list[Assignment]:
    rows = c.execute(select(assignments).where(assignments.c.id.in_(ids))) if ids else ()
    found = {row.id: from_row(row) for row in rows}
    return [found[assignment] for assignment in ids]
