"""What annotators said: appended, never changed; a revision is a new row, and a repeated `client_id` is the same answer sent again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.counting import standing
from multilabelfy.annotation.model import Annotation, AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.image_states import AWAITING_EXPERTS, DECIDED
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.errors import AnswerIdUsed, InvalidInput, Problem
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import summaries
from multilabelfy.store.answers.annotation_rows import from_row, to_row
from multilabelfy.store.database.codec import answers_from_json, answers_to_json
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets as stored_datasets
from multilabelfy.store.handing_out import leases
from multilabelfy.store.handing_out.assignments import get as get_assignment
from multilabelfy.store.handing_out.surplus import is_surplus
from multilabelfy.store.schema import annotations, images, person_counts, refinements

CHUNK = 500
SAID = ("outcome", "answers", "unsure_between", "relation", "missing_label", "unfit_reason", "note")
"""What an answer says, beside how it came to be."""


def append(c: Connection, annotation: Annotation, *, assignment: AssignmentId, handed_at: datetime | None = None) -> Annotation:
    """Store an answer and return it as it stands: with its revision, and `surplus` where others have or hold all places of the image.

    An answer whose `client_id` is there already changes nothing: the stored one comes back. `handed_at` is the assignment's where None.
    Raises InvalidInput where the answer is of another image or person than the assignment, AnswerIdUsed where the stored one says something
    else.
    """
    handed = get_assignment(c, assignment)
    there = by_client_id(c, annotation.client_id)
    check_same(handed, annotation.image, annotation.annotator, there)
    check_repeated(annotation, there)
    if there is not None:
        return there
    earlier = latest_of(c, annotation.image, annotation.annotator)
    state = c.execute(select(images.c.state).where(images.c.id == annotation.image)).scalar_one()
    surplus = earlier.surplus if earlier else is_surplus(c, handed, stored_datasets.get(c, handed.dataset).protocol.overlap)
    row = to_row(annotation, handed, 1 if earlier is None else earlier.revision + 1) | {"surplus": surplus}
    row["handed_at"] = handed_at or handed.handed_at
    row["search_first"] = None if annotation.search_first is None else answers_to_json(annotation.search_first)
    c.execute(insert(annotations).values(**row, after_refinement=_is_decided_upon(c, annotation.image, ImageState(state))))
    if earlier is None and not surplus:
        c.execute(update(images).where(images.c.id == annotation.image).values(n_answers=images.c.n_answers + 1))
    leases.answer(c, assignment, annotation.submitted_at)
    summaries.count_answer(c, handed.dataset, annotation.annotator, Task.ANNOTATE, first=earlier is None, present_ms=annotation.present_ms)
    summaries.count_choices(c, handed.dataset, annotation.image, earlier.answers if earlier else {}, annotation.answers)
    return replace(annotation, revision=row["revision"], surplus=surplus)


def by_client_id(c: Connection, client_id: str) -> Annotation | None:
    """The answer that carries this id of its browser."""
    row = c.execute(select(annotations).where(annotations.c.client_id == client_id)).one_or_none()
    return None if row is None else _from_row(row)


def latest_of(c: Connection, image: ImageId, annotator: AnnotatorId) -> Annotation | None:
    """What one person says of an image now."""
    own = select(annotations).where(annotations.c.image_id == image, annotations.c.annotator_id == annotator)
    row = c.execute(own.order_by(annotations.c.revision.desc()).limit(1)).one_or_none()
    return None if row is None else _from_row(row)


def latest_of_image(c: Connection, image: ImageId) -> list[Annotation]:
    """What everybody says of an image now: those that count first, then surplus ones, each in the order of their first answers."""
    return latest_of_images(c, [image])[image]


def latest_of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, list[Annotation]]:
    """As `latest_of_image`, for many; an image without answers has an empty list."""
    found: dict[ImageId, list[Annotation]] = {image: [] for image in ids}
    for some in chunked(found):
        rows = c.execute(select(annotations).where(annotations.c.image_id.in_(some)).order_by(annotations.c.id))
        for annotation in standing(_from_row(row) for row in rows):
            found[annotation.image].append(annotation)
    return {image: sorted(said, key=lambda annotation: annotation.surplus) for image, said in found.items()}


def history(c: Connection, image: ImageId) -> list[Annotation]:
    """Every answer and revision of an image, oldest first."""
    query = select(annotations).where(annotations.c.image_id == image).order_by(annotations.c.id)
    return [_from_row(row) for row in c.execute(query)]


def iterate_latest(c: Connection, dataset: DatasetId, *, chunk: int = CHUNK) -> Iterator[Annotation]:
    """What everybody says of every image now, by image in the order of the import, then as `latest_of_image`."""
    place = -1
    while True:
        some = select(images.c.id, images.c.place).where(images.c.dataset_id == dataset, images.c.place > place)
        rows = c.execute(some.order_by(images.c.place).limit(chunk)).all()
        if not rows:
            return
        for said in latest_of_images(c, [ImageId(row.id) for row in rows]).values():
            yield from said
        place = rows[-1].place


def searched_first(c: Connection, dataset: DatasetId) -> list[Annotation]:
    """The standing answers that were given by search alone first, in the order of the first ones."""
    query = select(annotations).where(annotations.c.dataset_id == dataset, annotations.c.search_first.is_not(None))
    return standing(_from_row(row) for row in c.execute(query.order_by(annotations.c.id)))


def notes(c: Connection, dataset: DatasetId, limit: int = 50, after: int | None = None) -> list[tuple[int, Annotation]]:
    """Answers with a note or a missing label's name, newest first, each with its number; `after` is the last number of the page before."""
    said = (annotations.c.note != "") | (annotations.c.missing_label != "")
    query = select(annotations).where(annotations.c.dataset_id == dataset, said)
    if after is not None:
        query = query.where(annotations.c.id < after)
    return [(row.id, _from_row(row)) for row in c.execute(query.order_by(annotations.c.id.desc()).limit(limit))]


def after_refinement(c: Connection, dataset: DatasetId) -> list[Annotation]:
    """Answers that came when an expert had decided: kept, flagged, and without effect until the image is reopened; oldest first."""
    flagged = select(annotations).where(annotations.c.dataset_id == dataset, annotations.c.after_refinement)
    return [_from_row(row) for row in c.execute(flagged.order_by(annotations.c.id))]


def effort(c: Connection, dataset: DatasetId, task: Task = Task.ANNOTATE) -> list[tuple[AnnotatorId, int, int]]:
    """Who answered how many images in how many milliseconds of presence (all revisions), the most images first."""
    here = (person_counts.c.dataset_id == dataset) & (person_counts.c.task == task.value)
    query = select(person_counts.c.annotator_id, person_counts.c.n_answered, person_counts.c.present_ms).where(here)
    rows = c.execute(query.order_by(person_counts.c.n_answered.desc(), person_counts.c.annotator_id))
    return [(AnnotatorId(annotator), n, present_ms) for annotator, n, present_ms in rows]


def check_same(handed: Assignment, image: ImageId, person: AnnotatorId, there: Annotation | Refinement | None) -> None:
    """Refuse an answer that is of another image or person than its assignment, or whose id belongs to such an answer."""
    said_by = None if there is None else there.annotator if isinstance(there, Annotation) else there.expert
    if (image, person) != (handed.image, handed.annotator):
        what = f"it is of image {image} and person {person}, but the assignment is of image {handed.image} and person {handed.annotator}"
    elif there is not None and (there.image, said_by) != (image, person):
        raise AnswerIdUsed
    else:
        return
    raise InvalidInput("Cannot store an answer", [Problem(f"assignment {handed.id}", what)], "Reload the page and answer again.")


def check_repeated(annotation: Annotation, there: Annotation | None) -> None:
    """Refuse an answer under the id of one that says something else."""
    if there is not None and any(getattr(annotation, name) != getattr(there, name) for name in SAID):
        raise AnswerIdUsed


def _is_decided_upon(c: Connection, image: ImageId, state: ImageState) -> bool:
    """Whether an expert decided, or said something while the image still waits."""
    if state not in AWAITING_EXPERTS:
        return state in DECIDED
    return c.execute(select(refinements.c.id).where(refinements.c.image_id == image).limit(1)).first() is not None


def _from_row(row: Row[Any]) -> Annotation:
    first = None if row.search_first is None else answers_from_json(row.search_first)
    return replace(from_row(row), surplus=bool(row.surplus), search_first=first)
