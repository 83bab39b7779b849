"""How far a dataset has come and how fast it proceeds: a few summary queries for overview pages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, text

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import AnnotatorId, Task
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, n_in
from multilabelfy.dataset.model import DatasetId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset.image_rows import n_wanted
from multilabelfy.store.dataset.images import counts
from multilabelfy.store.schema import IS_BEGUN, annotations, assignments, check_answers, images, refinements


@dataclass(frozen=True, slots=True)
class ImagesInHand:
    """How many images a person holds for a task, under leases that have not lapsed, and until when the last of them lasts."""

    person: AnnotatorId
    task: Task
    n_images: int
    until: datetime


def n_given(c: Connection, dataset: DatasetId, since: datetime) -> int:
    """How many answers were given since a moment, revisions not counted."""
    recent = (annotations.c.dataset_id == dataset) & (annotations.c.submitted_at >= since) & (annotations.c.revision == 1)
    return int(c.execute(select(func.count()).select_from(annotations).where(recent)).scalar_one())


def n_answers_wanted(c: Connection, dataset: DatasetId, overlap: int) -> int:
    """How many answers are missing until every open image has those that it wants, which is `overlap` where no policy has spoken."""
    missing = n_wanted(overlap) - images.c.n_answers
    unlike_most = select(func.sum(case((missing > 0, missing), else_=0) - overlap)).where(images.c.dataset_id == dataset, text(IS_BEGUN))
    return overlap * n_in(counts(c, dataset), AWAITING_ANNOTATORS) + int(c.execute(unlike_most).scalar_one() or 0)


def held_now(c: Connection, dataset: DatasetId, now: datetime) -> list[ImagesInHand]:
    """How many images each person holds, the most first."""
    is_held = (assignments.c.dataset_id == dataset) & (assignments.c.state == AssignmentState.OPEN.value) & (assignments.c.expires_at > now)
    n, until = func.count().label("n"), func.max(assignments.c.expires_at)
    query = select(assignments.c.annotator_id, assignments.c.task, n, until).where(is_held)
    by_person = query.group_by(assignments.c.annotator_id, assignments.c.task)
    rows = c.execute(by_person.order_by(n.desc(), assignments.c.annotator_id, assignments.c.task))
    return [ImagesInHand(AnnotatorId(person), Task(task), n, until) for person, task, n, until in rows]


def stamp(c: Connection, dataset: DatasetId) -> tuple[int, int, int]:
    """The numbers of the newest answer, decision and answer to a check: as long as they are the same, nobody has answered anything."""
    newest = [select(func.max(log.c.id)).where(log.c.dataset_id == dataset) for log in (annotations, refinements, check_answers)]
    answer, decision, check = (c.execute(query).scalar_one() or 0 for query in newest)
    return int(answer), int(decision), int(check)
