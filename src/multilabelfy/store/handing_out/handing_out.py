"""Hand out: give a person what they have in hand, then checks that are due, then images of the queue, then what they left for later."""

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
from multilabelfy.store.handing_out.assignment_rows import from_row, of_person, on_the_desk, read_own
from multilabelfy.store.schema import assignments, datasets, images

FIXED_OVERLAP = "fixed-overlap"


@dataclass(frozen=True, slots=True)
class _Request:
    """A request for assignments: who asks, for which task, when, and under which rules."""

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
    """Up to n assignments for a person: those in hand (their leases renewed), checks that are due (among the images to annotate), images of
    the queue, and last what they left for later. While somebody practises, they are given nothing else.

    The people who hold or have answered an image are never more than `overlap` (for experts: than the image needs), and nobody is given an
    image twice. A paused dataset hands out nothing. `among` limits the images that experts are newly given.
    """
    if c.execute(select(datasets.c.paused).where(datasets.c.id == dataset)).scalar_one():
        return []
    request = _Request(dataset, annotator, task, overlap, now, lease, policy, inclusion_probability, among)
    leases.return_expired(c, dataset, now)
    _return_unwanted(c, request)
    open_assignments = read_own(c, dataset, annotator, on_the_desk(task), AssignmentState.OPEN)[:n]
    leases.extend(c, [assignment.id for assignment in open_assignments], now + lease)
    open_assignments += _checks(c, request, n - len(open_assignments))
    ids = [assignment.id for assignment in open_assignments]
    if any(assignment.policy == CheckPolicy.PRACTICE for assignment in open_assignments):
        return open_assignments
    ids += [_hand(c, request, image) for image in _wanted(c, request, n - len(open_assignments))]
    return _in_order(c, ids + _bring_back(c, request, n - len(ids)))


def still_wanted(c: Connection, assignment: Assignment, overlap: int) -> bool:
    """Whether the image of an assignment that nobody has in hand wants one more person; a check always does."""
    if assignment.task is Task.CHECK:
        return True
    wanted = images.c.id == assignment.image
    if assignment.task is Task.ANNOTATE:
        wanted &= is_in(AWAITING_ANNOTATORS) & (images.c.n_answers + images.c.n_leases < overlap)
    else:
        wanted &= is_in(AWAITING_EXPERTS) & (queue.n_refining() < images.c.n_experts)
        wanted &= ~passed_on.is_withheld_from(assignment.annotator)
    return c.execute(select(images.c.id).where(wanted)).first() is not None


def hold_again(c: Connection, assignment: Assignment, now: datetime, lease: timedelta) -> None:
    """Reopen an assignment that was left for later or has lapsed."""
    again = update(assignments).where(assignments.c.id == assignment.id)
    c.execute(again.values(state=AssignmentState.OPEN.value, handed_at=now, expires_at=now + lease))
    if assignment.task is Task.ANNOTATE:
        leases.change_leases(c, assignment.image, 1)


def _return_unwanted(c: Connection, request: _Request) -> None:
    """Take back from a person the images that others have completed meanwhile (by a late answer) or that were put aside."""
    if request.task is Task.ANNOTATE:
        wanted: ColumnElement[bool] = is_in(AWAITING_ANNOTATORS) & (images.c.n_answers < request.overlap)
    else:
        wanted = is_in(AWAITING_EXPERTS)
    unwanted = select(images.c.id).where(images.c.id == assignments.c.image_id, ~wanted).correlate(assignments).exists()
    in_hand = of_person(request.dataset, request.annotator, [request.task], AssignmentState.OPEN)
    leases.end(c, request.dataset, in_hand & unwanted, AssignmentState.RETURNED)


def _checks(c: Connection, request: _Request, n: int) -> list[Assignment]:
    """The checks to give this person now; one whose lease lapsed comes again."""
    if request.task is not Task.ANNOTATE or n <= 0:
        return []
    lapsed = read_own(c, request.dataset, request.annotator, [Task.CHECK], AssignmentState.RETURNED)[:n]
    for assignment in lapsed:
        hold_again(c, assignment, request.now, request.lease)
    due = checks.take_due(c, request.dataset, request.annotator, n - len(lapsed))
    fresh = [_hand_check(c, request, check) for check in due]
    return _in_order(c, [assignment.id for assignment in lapsed] + fresh)


def _hand_check(c: Connection, request: _Request, check: checks.Planned) -> AssignmentId:
    chosen = {"policy": check.policy, "inclusion_probability": check.inclusion_probability, "task": Task.CHECK.value}
    lease = {"state": AssignmentState.OPEN.value, "handed_at": request.now, "expires_at": request.now + request.lease}
    keys = {"dataset_id": request.dataset, "image_id": check.image, "annotator_id": request.annotator}
    return AssignmentId(int(c.execute(insert(assignments).values(**keys, **lease, **chosen).returning(assignments.c.id)).scalar_one()))


def _wanted(c: Connection, request: _Request, n: int) -> list[ImageId]:
    if n <= 0:
        return []
    if request.task is Task.ANNOTATE:
        return queue.take_open(c, request.dataset, request.annotator, overlap=request.overlap, n=n)
    query = queue.disputed_images(request.dataset, request.annotator, request.among).limit(n)
    return [ImageId(image) for image in c.execute(query).scalars()]


def _hand(c: Connection, request: _Request, image: ImageId) -> AssignmentId:
    """Open an assignment, the person's returned one if there is one. It names the policy that gave the image its place."""
    lease = {"state": AssignmentState.OPEN.value, "handed_at": request.now, "expires_at": request.now + request.lease}
    chosen = {**lease, "policy": _policy(request, image), "inclusion_probability": _probability(request, image)}
    keys = {"image_id": image, "annotator_id": request.annotator, "task": request.task.value}
    theirs = [assignments.c[name] == value for name, value in keys.items()]
    assignment_id = c.execute(update(assignments).where(*theirs).values(**chosen).returning(assignments.c.id)).scalar_one_or_none()
    if assignment_id is None:
        new = insert(assignments).values(dataset_id=request.dataset, **keys, **chosen)
        assignment_id = c.execute(new.returning(assignments.c.id)).scalar_one()
    if request.task is Task.ANNOTATE:
        leases.change_leases(c, image, 1)
    return AssignmentId(int(assignment_id))


def _policy(request: _Request, image: ImageId) -> ColumnElement[str] | str:
    """The policy that sent the image to experts, or moved it in the annotators' queue; otherwise the request's."""
    chosen = images.c.queue_policy if request.task is Task.ANNOTATE else images.c.expert_policy
    return func.coalesce(select(chosen).where(images.c.id == image).scalar_subquery(), request.policy)


def _probability(request: _Request, image: ImageId) -> ColumnElement[float] | float:
    """The probability with which the image was drawn for experts; for annotators, the request's."""
    if request.task is Task.ANNOTATE:
        return request.inclusion_probability
    drawn = select(images.c.expert_probability).where(images.c.id == image).scalar_subquery()
    return func.coalesce(drawn, request.inclusion_probability)


def _bring_back(c: Connection, request: _Request, n: int) -> list[AssignmentId]:
    """Reopen assignments left for later, the oldest first; return those whose image wants no further answer."""
    ids: list[AssignmentId] = []
    put_aside = read_own(c, request.dataset, request.annotator, on_the_desk(request.task), AssignmentState.LATER) if n > 0 else []
    for assignment in put_aside:
        if len(ids) == n:
            break
        if still_wanted(c, assignment, request.overlap):
            hold_again(c, assignment, request.now, request.lease)
            ids.append(assignment.id)
        else:
            query = update(assignments).where(assignments.c.id == assignment.id)
            c.execute(query.values(state=AssignmentState.RETURNED.value))
    return ids


def _in_order(c: Connection, ids: Sequence[AssignmentId]) -> list[Assignment]:
    rows = c.execute(select(assignments).where(assignments.c.id.in_(ids))) if ids else ()
    by_id = {row.id: from_row(row) for row in rows}
    return [by_id[assignment] for assignment in ids]
