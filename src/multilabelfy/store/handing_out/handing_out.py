"""Hand out: give a person what they have in hand, then checks that are due, then images of the queue, then what they left for later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, bindparam, func, insert, literal, select, update

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.checking.checks import CheckPolicy
from multilabelfy.annotation.model import AnnotatorId, Task
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, AWAITING_EXPERTS
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import AskedRows, Coming, Prebuilt, Upsert
from multilabelfy.store.dataset.image_rows import is_in, n_wanted
from multilabelfy.store.handing_out import checks, leases, passed_on, queue
from multilabelfy.store.handing_out.assignment_rows import from_row, of_person, on_the_desk, read_own
from multilabelfy.store.schema import assignments, datasets, images

FIXED_OVERLAP = "fixed-overlap"
_IN_HAND = {
    task: Prebuilt(
        select(assignments, images.c.state.label("image_state"), images.c.n_answers, images.c.n_wanted, images.c.queue_place)
        .join(images, images.c.id == assignments.c.image_id)
        .where(of_person(on_the_desk(task), AssignmentState.OPEN))
        .order_by(assignments.c.handed_at, assignments.c.id)
    )
    for task in Task
}


def _handing(policy: Column[Any], probability: Column[Any] | None) -> Upsert:
    """Open a person's assignment to an image, the returned one if there is one; the image's own policy goes before the request's."""

    def own(column: Column[Any], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.coalesce(select(column).where(images.c.id == bindparam("image")).scalar_subquery(), otherwise)

    asked = bindparam("probability", type_=assignments.c.inclusion_probability.type)
    return Upsert(
        assignments,
        ("image_id", "annotator_id", "task"),
        lambda new: {name: new[name] for name in ("state", "handed_at", "expires_at", "policy", "inclusion_probability")},
        values={
            **{name: bindparam(value) for name, value in (("dataset_id", "dataset"), ("image_id", "image"), ("annotator_id", "annotator"))},
            "task": bindparam("for_task"),
            "state": literal(AssignmentState.OPEN.value),
            "handed_at": bindparam("now"),
            "expires_at": bindparam("until"),
            "policy": own(policy, bindparam("by_policy", type_=policy.type)),
            "inclusion_probability": asked if probability is None else own(probability, asked),
        },
        returning=True,
    )


_HAND = {
    Task.ANNOTATE: _handing(images.c.queue_policy, None),
    Task.REFINE: _handing(images.c.expert_policy, images.c.expert_probability),
}
"""An assignment names the policy that sent the image to experts, or moved it in the annotators' queue, and for experts the probability with
which it was drawn."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request for assignments: who asks, for which task, when, and under which rules.

    `overlap` is how many answers an image wants of which no policy has spoken.
    """

    dataset: DatasetId
    annotator: AnnotatorId
    task: Task
    overlap: int
    now: datetime
    lease: timedelta
    policy: str = FIXED_OVERLAP
    inclusion_probability: float = 1.0
    among: Collection[ImageId] | None = None


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

    The people who hold or have answered an image are never more than it wants (`overlap`, unless a policy has spoken; for experts: than it
    needs), and nobody is given an image twice. A paused dataset hands out nothing. `among` limits the images that experts are newly given.
    """
    if c.execute(select(datasets.c.paused).where(datasets.c.id == dataset)).scalar_one():
        return []
    request = Request(dataset, annotator, task, overlap, now, lease, policy, inclusion_probability, among)
    looked = look(c, request, n)
    if looked.has_lapsed():
        leases.return_expired(c, dataset, now)
        looked = look(c, request, n)
    return give(c, request, looked, n).assignments()


@dataclass(frozen=True, slots=True)
class Looked:
    """What is given to a person depends on this; it was asked at once.

    Whether there are lapsed leases to be returned first, what the person has in hand, whether a check waits for them, and the first images
    of the queue that want their answer.
    """

    has_lapsed: Coming[bool]
    in_hand: AskedRows
    has_checks: Coming[bool] | None = None
    open: AskedRows | None = None


def look(c: Connection, request: Request, n: int) -> Looked:
    """Ask what `give` depends on, for at most n assignments. Whoever returns lapsed leases then looks again."""
    person = {"annotator": request.annotator, "dataset": request.dataset}
    has_lapsed, in_hand = leases.asked_whether_lapsed(c, request.dataset, request.now), _IN_HAND[request.task].asked(c, **person)
    if request.task is not Task.ANNOTATE:
        return Looked(has_lapsed, in_hand)
    return Looked(has_lapsed, in_hand, checks.asked_waiting(c, request.dataset, request.annotator), _asked_open(c, request, n))


@dataclass(frozen=True, slots=True)
class Given:
    """The assignments of a person now: those that are `known`, and those that are new to them, whose images alone are known at first.

    `assignments` has all of them, in the order in which they are given.
    """

    known: tuple[Assignment, ...]
    new_images: tuple[ImageId, ...]
    assignments: Coming[list[Assignment]]


def give(c: Connection, request: Request, looked: Looked, n: int) -> Given:
    """As `hand_out`, from a dataset that is not paused, once the leases that have lapsed are returned."""
    in_hand, n_taken_back = _in_hand(c, request, looked)
    given = _renewed(c, request, in_hand[:n])
    if looked.has_checks is not None and looked.has_checks():
        given += _checks(c, request, n - len(given))
    if any(assignment.policy == CheckPolicy.PRACTICE for assignment in given):
        return Given((*given,), (), lambda: given)
    wanted = _wanted(c, request, _asked_open(c, request, n) if n_taken_back else looked.open, n - len(given))
    new = [_hand(c, request, image) for image in wanted]
    back = _bring_back(c, request, n - len(given) - len(new))
    return Given((*given, *back), (*wanted,), lambda: [*given, *(coming() for coming in new), *back])


def still_wanted(c: Connection, assignment: Assignment, overlap: int) -> bool:
    """Whether the image of an assignment that nobody has in hand wants one more person; a check always does."""
    if assignment.task is Task.CHECK:
        return True
    wanted = images.c.id == assignment.image
    if assignment.task is Task.ANNOTATE:
        wanted &= is_in(AWAITING_ANNOTATORS) & (images.c.n_answers + images.c.n_leases < n_wanted(overlap))
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


def _in_hand(c: Connection, request: Request, looked: Looked) -> tuple[list[Assignment], int]:
    """What a person has in hand, the earliest handed out first.

    Images that others have completed meanwhile (by a late answer), or that were put aside, are taken back: how many.
    """
    rows = looked.in_hand.rows()
    unwanted = {row.id for row in rows if row.task == request.task and not _is_wanted(row, request)}
    leases.take_back(c, request.dataset, [row for row in rows if row.id in unwanted], AssignmentState.RETURNED)
    return [from_row(row) for row in rows if row.id not in unwanted], len(unwanted)


def _renewed(c: Connection, request: Request, in_hand: Sequence[Assignment]) -> list[Assignment]:
    """Let these leases last as long as new ones. Those that do, but for a tenth, are left as they are: whoever answers every few seconds
    would write each of them each time."""
    until = request.now + request.lease
    due = {assignment.id for assignment in in_hand if until - assignment.expires_at > request.lease / 10}
    leases.extend(c, due, until)
    return [replace(assignment, expires_at=until) if assignment.id in due else assignment for assignment in in_hand]


def _is_wanted(row: Any, request: Request) -> bool:
    """Whether the image of an assignment in hand still wants it."""
    state = ImageState(row.image_state)
    if request.task is Task.ANNOTATE:
        return state in AWAITING_ANNOTATORS and bool(row.n_answers < (request.overlap if row.n_wanted is None else row.n_wanted))
    return state in AWAITING_EXPERTS


def _checks(c: Connection, request: Request, n: int) -> list[Assignment]:
    """The checks to give this person now; one whose lease lapsed comes again."""
    if n <= 0:
        return []
    lapsed = read_own(c, request.dataset, request.annotator, [Task.CHECK], AssignmentState.RETURNED)[:n]
    for assignment in lapsed:
        hold_again(c, assignment, request.now, request.lease)
    due = checks.take_due(c, request.dataset, request.annotator, n - len(lapsed))
    fresh = [_hand_check(c, request, check) for check in due]
    return [*[_held(request, assignment) for assignment in lapsed], *fresh]


def _held(request: Request, assignment: Assignment) -> Assignment:
    """An assignment that is in hand again."""
    return replace(assignment, state=AssignmentState.OPEN, handed_at=request.now, expires_at=request.now + request.lease)


def _hand_check(c: Connection, request: Request, check: checks.Planned) -> Assignment:
    chosen = {"policy": check.policy, "inclusion_probability": check.inclusion_probability, "task": Task.CHECK.value}
    lease = {"state": AssignmentState.OPEN.value, "handed_at": request.now, "expires_at": request.now + request.lease}
    keys = {"dataset_id": request.dataset, "image_id": check.image, "annotator_id": request.annotator}
    return from_row(c.execute(insert(assignments).values(**keys, **lease, **chosen).returning(*assignments.c)).one())


def _asked_open(c: Connection, request: Request, n: int) -> AskedRows:
    return queue.asked_open(c, request.dataset, request.annotator, request.overlap, n)


def _wanted(c: Connection, request: Request, open_images: AskedRows | None, n: int) -> list[ImageId]:
    """The images that are new to this person; to annotate, of those that were found `open`."""
    if n <= 0:
        return []
    if open_images is not None:
        return queue.take(c, request.dataset, request.annotator, open_images.rows(), n)
    query = queue.disputed_images(request.dataset, request.annotator, request.among).limit(n)
    return [ImageId(image) for image in c.execute(query).scalars()]


def _hand(c: Connection, request: Request, image: ImageId) -> Coming[Assignment]:
    """Open an assignment, the person's returned one if there is one. It names the policy that gave the image its place."""
    asked = {"dataset": request.dataset, "image": image, "annotator": request.annotator, "for_task": request.task.value}
    lease = {"now": request.now, "until": request.now + request.lease}
    chosen = {"by_policy": request.policy, "probability": request.inclusion_probability}
    assignment = _HAND[request.task].on(c).asked(c, **asked, **lease, **chosen)
    if request.task is Task.ANNOTATE:
        leases.change_leases(c, image, 1)
    return lambda: from_row(assignment.row())


def _bring_back(c: Connection, request: Request, n: int) -> list[Assignment]:
    """Reopen assignments left for later, the oldest first; return those whose image wants no further answer."""
    reopened: list[Assignment] = []
    put_aside = read_own(c, request.dataset, request.annotator, on_the_desk(request.task), AssignmentState.LATER) if n > 0 else []
    for assignment in put_aside:
        if len(reopened) == n:
            break
        if still_wanted(c, assignment, request.overlap):
            hold_again(c, assignment, request.now, request.lease)
            reopened.append(_held(request, assignment))
        else:
            query = update(assignments).where(assignments.c.id == assignment.id)
            c.execute(query.values(state=AssignmentState.RETURNED.value))
    return reopened
