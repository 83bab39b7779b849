"""Experts' decisions, appended like annotations. A blind answer and its reveal are two rows of one assignment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import AnnotatorId, Task, Vote
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import summaries
from multilabelfy.store.database.codec import answers_from_json, answers_to_json
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed, Prebuilt, adding_to
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.handing_out import leases
from multilabelfy.store.schema import assignments, images, refinements
from multilabelfy.store.schema.decision_tables import explanation_from_row, explanation_to_row

CHUNK = 500
_ADD = adding_to(refinements)
_BY_CLIENT_ID = Prebuilt(select(refinements).where(refinements.c.client_id == bindparam("id_of_client")))
_OF_IMAGE = Prebuilt(select(refinements).where(refinements.c.image_id == bindparam("image")).order_by(refinements.c.id))
_LATEST_OF = Prebuilt(
    select(refinements)
    .where(refinements.c.image_id == bindparam("image"), refinements.c.expert_id == bindparam("expert"))
    .order_by(refinements.c.revision.desc())
    .limit(1)
)
_STANDING = Listed(
    select(refinements)
    .join(assignments, assignments.c.id == refinements.c.assignment_id)
    .where(assignments.c.state == AssignmentState.ANSWERED.value)
    .order_by(refinements.c.id),
    refinements.c.image_id,
)
_DECIDED = Listed(select(refinements).order_by(refinements.c.id), refinements.c.image_id)
_BEGUN = Prebuilt(select(refinements.c.id).where(refinements.c.image_id == bindparam("image")).limit(1))


def add(c: Connection, refinement: Refinement, assignment: Assignment, earlier: Refinement | None, *, dataset: DatasetId) -> Refinement:
    """As `append`, where all that a decision depends on was read in this transaction: its assignment, and this expert's newest answer. The
    decision must be the assignment's, under an id that is not used."""
    revision = 1 if earlier is None else earlier.revision + 1
    _ADD.run(c, **_to_row(refinement), dataset_id=dataset, assignment_id=assignment.id, revision=revision)
    if refinement.is_decided:
        leases.answer(c, assignment, refinement.submitted_at)
    first = refinement.is_decided and (earlier is None or not _has_decided(c, refinement))
    summaries.count_answer(c, dataset, refinement.expert, Task.REFINE, first=first, present_ms=refinement.present_ms)
    return replace(refinement, revision=revision)


def by_client_id(c: Connection, client_id: str) -> Refinement | None:
    """The decision with this id, which its browser gave it."""
    row = _BY_CLIENT_ID.row(c, id_of_client=client_id)
    return None if row is None else _from_row(row)


def latest_of(c: Connection, image: ImageId, expert: AnnotatorId) -> Refinement | None:
    """One expert's newest answer about an image, including a blind one that waits for its reveal."""
    row = _LATEST_OF.row(c, image=image, expert=expert)
    return None if row is None else _from_row(row)


def standing_of_image(c: Connection, image: ImageId) -> list[Refinement]:
    """The standing decisions on an image, the newest of each expert, in the order of their first ones.

    A blind answer that waits for its reveal is not a decision, and decisions from before a reopening no longer stand.
    """
    return standing_of_images(c, [image]).get(image, [])


def standing_of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, list[Refinement]]:
    """As `standing_of_image`, for many; an image without a decision is left out."""
    by_image: dict[ImageId, dict[AnnotatorId, Refinement]] = {}
    for chunk in chunked(ids):
        for row in _STANDING.of(c, chunk):
            refinement = _from_row(row)
            if refinement.is_decided:
                by_image.setdefault(refinement.image, {})[refinement.expert] = refinement
    return {image: list(experts.values()) for image, experts in by_image.items()}


def decided_of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, list[Refinement]]:
    """The newest decision of each expert on each of these images, even if a reopening ended it; an image without is left out."""
    by_image: dict[ImageId, dict[AnnotatorId, Refinement]] = {}
    for chunk in chunked(ids):
        for row in _DECIDED.of(c, chunk):
            refinement = _from_row(row)
            if refinement.is_decided:
                by_image.setdefault(refinement.image, {})[refinement.expert] = refinement
    return {image: list(experts.values()) for image, experts in by_image.items()}


def is_begun(c: Connection, image: ImageId) -> bool:
    """Whether any expert has answered about an image, even if only blind and still waiting for the reveal."""
    return _BEGUN.value(c, image=image) is not None


def history(c: Connection, image: ImageId) -> list[Refinement]:
    """Every decision on an image, blind answers included, oldest first."""
    return [_from_row(row) for row in _OF_IMAGE.rows(c, image=image)]


def iterate(c: Connection, dataset: DatasetId) -> Iterator[Refinement]:
    """Every decision and blind answer of a dataset, oldest first."""
    query = select(refinements).where(refinements.c.dataset_id == dataset).order_by(refinements.c.id)
    yield from (_from_row(row) for row in c.execute(query))


def iterate_standing(c: Connection, dataset: DatasetId, *, chunk: int = CHUNK) -> Iterator[tuple[ImageId, list[Refinement]]]:
    """Every image that has standing decisions, with these, in import order."""
    place = -1
    while True:
        refined = select(refinements.c.id).where(refinements.c.image_id == images.c.id).exists()
        query = select(images.c.id, images.c.place).where(images.c.dataset_id == dataset, images.c.place > place, refined)
        rows = c.execute(query.order_by(images.c.place).limit(chunk)).all()
        if not rows:
            return
        by_image = standing_of_images(c, [ImageId(row.id) for row in rows])
        yield from ((ImageId(row.id), by_image[ImageId(row.id)]) for row in rows if row.id in by_image)
        place = rows[-1].place


def _has_decided(c: Connection, refinement: Refinement) -> bool:
    """Whether the expert had decided on the image before this decision."""
    theirs = [other for other in history(c, refinement.image) if other.expert == refinement.expert]
    return any(other.is_decided for other in theirs if other.client_id != refinement.client_id)


def _to_row(refinement: Refinement) -> dict[str, Any]:
    return {
        "client_id": refinement.client_id,
        "image_id": refinement.image,
        "expert_id": refinement.expert,
        "before": list(refinement.before),
        "shown": list(refinement.shown),
        "answer_blind": _answer_to_json(refinement.answer_blind),
        "answer_revealed": _answer_to_json(refinement.answer_revealed),
        **explanation_to_row(refinement),
        "note": refinement.note,
        "missing_label": refinement.missing_label,
        "submitted_at": refinement.submitted_at,
        "present_ms": refinement.present_ms,
        "policy": refinement.policy,
        "inclusion_probability": refinement.inclusion_probability,
    }


def _answer_to_json(answer: Mapping[int, Vote] | None) -> dict[str, int] | None:
    return None if answer is None else answers_to_json(answer)


def _from_row(row: Any) -> Refinement:
    return Refinement(
        client_id=row.client_id,
        image=ImageId(row.image_id),
        expert=AnnotatorId(row.expert_id),
        before=tuple(row.before),
        shown=tuple(row.shown),
        answer_blind=None if row.answer_blind is None else answers_from_json(row.answer_blind),
        answer_revealed=None if row.answer_revealed is None else answers_from_json(row.answer_revealed),
        submitted_at=row.submitted_at,
        note=row.note,
        missing_label=row.missing_label,
        present_ms=row.present_ms,
        revision=row.revision,
        policy=row.policy,
        inclusion_probability=row.inclusion_probability,
        **explanation_from_row(row),
    )
