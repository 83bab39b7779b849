"""Annotations: appended, never changed. A revision is a new row; a repeated `client_id` is the same answer sent again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, func, select

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.checking.checks import SEARCH_FIRST
from multilabelfy.annotation.counting import counting, standing
from multilabelfy.annotation.model import Annotation, AnnotatorId, AssignmentId, Screen, Task, Vote
from multilabelfy.dataset.image_states import AWAITING_EXPERTS, DECIDED
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import AnswerIdUsed, InvalidInput, Problem
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import summaries
from multilabelfy.store.answers.annotation_rows import WITHOUT_EXEMPLARS, from_row, screen_without_exemplars, to_row
from multilabelfy.store.database.codec import answers_from_json, answers_to_json
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Listed, Prebuilt, adding_to, one_of
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets as stored_datasets
from multilabelfy.store.dataset import images as stored_images
from multilabelfy.store.handing_out import leases
from multilabelfy.store.handing_out.assignments import get as get_assignment
from multilabelfy.store.handing_out.surplus import is_surplus
from multilabelfy.store.schema import annotations, assignments, images, person_counts, refinements

CHUNK = 500
CONTENT = ("outcome", "answers", "unsure_between", "relation", "missing_label", "unfit_reason", "note")
"""The fields that hold an answer's content; the others say how it was given."""
_ADD = adding_to(annotations)
_BY_CLIENT_ID = Prebuilt(select(annotations).where(annotations.c.client_id == bindparam("id_of_client")))
_LATEST_OF = Prebuilt(
    select(annotations)
    .where(annotations.c.image_id == bindparam("image"), annotations.c.annotator_id == bindparam("annotator"))
    .order_by(annotations.c.revision.desc())
    .limit(1)
)
_STANDING = Prebuilt(
    select(annotations)
    .join(assignments, (assignments.c.image_id == annotations.c.image_id) & (assignments.c.annotator_id == annotations.c.annotator_id))
    .where(assignments.c.id == bindparam("assignment"))
    .order_by(annotations.c.revision.desc())
    .limit(1)
)
_OF_IMAGES = Listed(select(annotations).order_by(annotations.c.id), annotations.c.image_id)
_DECISION = Prebuilt(select(refinements.c.id).where(refinements.c.image_id == bindparam("image")).limit(1))


def append(c: Connection, annotation: Annotation, *, assignment: AssignmentId, handed_at: datetime | None = None) -> Annotation:
    """Store an answer and return it with its revision, and with `surplus` set if others have taken or hold all places of the image.

    If the `client_id` is already stored, nothing changes and the stored answer is returned. `handed_at` defaults to the assignment's.
    Raises InvalidInput if the answer's image or person is not the assignment's, AnswerIdUsed if the stored answer differs.
    """
    stored_assignment = get_assignment(c, assignment)
    stored = by_client_id(c, annotation.client_id)
    check_same(stored_assignment, annotation.image, annotation.annotator, stored)
    check_repeated(annotation, stored)
    if stored is not None:
        return stored
    image, earlier = stored_images.get(c, annotation.image), latest_of(c, annotation.image, annotation.annotator)
    overlap = stored_datasets.get(c, stored_assignment.dataset).protocol.least_overlap
    return add(c, annotation, stored_assignment, image, earlier, overlap=overlap, handed_at=handed_at)


def add(
    c: Connection,
    annotation: Annotation,
    assignment: Assignment,
    image: StoredImage,
    earlier: Annotation | None,
    *,
    overlap: int,
    handed_at: datetime | None = None,
) -> Annotation:
    """As `append`, where all that an answer depends on was read in this transaction: the assignment, its image, and this person's standing
    answer. The answer must be the assignment's, under an id that is not used."""
    is_first = earlier is None
    surplus = is_surplus(assignment, image, overlap) if earlier is None else earlier.surplus
    row = to_row(annotation, assignment, 1 if earlier is None else earlier.revision + 1) | {"surplus": surplus}
    row["handed_at"] = handed_at or assignment.handed_at
    row["search_first"] = None if annotation.search_first is None else answers_to_json(annotation.search_first)
    _ADD.run(c, **row, after_refinement=_is_decided_upon(c, image))
    leases.answer(c, assignment, annotation.submitted_at, n_answers=int(is_first and not surplus))
    summaries.count_answer(c, assignment.dataset, annotation.annotator, Task.ANNOTATE, first=is_first, present_ms=annotation.present_ms)
    summaries.count_choices(c, assignment.dataset, annotation.image, earlier.answers if earlier else {}, annotation.answers)
    return replace(annotation, revision=row["revision"], surplus=surplus)


def by_client_id(c: Connection, client_id: str) -> Annotation | None:
    """The answer with this id, which its browser gave it."""
    row = _BY_CLIENT_ID.row(c, id_of_client=client_id)
    return None if row is None else _from_row(row)


def latest_of(c: Connection, image: ImageId, annotator: AnnotatorId) -> Annotation | None:
    """One person's newest answer about an image."""
    row = _LATEST_OF.row(c, image=image, annotator=annotator)
    return None if row is None else _from_row(row)


def asked_standing(c: Connection, assignment: AssignmentId) -> Coming[Annotation | None]:
    """As `latest_of`, for the image and the person of an assignment."""
    asked = _STANDING.asked(c, assignment=assignment)

    def read() -> Annotation | None:
        row = asked.row()
        return None if row is None else _from_row(row)

    return read


def latest_of_image(c: Connection, image: ImageId) -> list[Annotation]:
    """Everybody's newest answer about an image: first those that count, then surplus ones, each group in the order of first answers."""
    return latest_of_images(c, [image])[image]


def latest_of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, list[Annotation]]:
    """As `latest_of_image`, for many; an image without answers has an empty list."""
    by_image: dict[ImageId, list[Annotation]] = {image: [] for image in ids}
    for chunk in chunked(by_image):
        for annotation in standing(_from_row(row) for row in _OF_IMAGES.of(c, chunk)):
            by_image[annotation.image].append(annotation)
    return {image: sorted(answers, key=lambda annotation: annotation.surplus) for image, answers in by_image.items()}


def history(c: Connection, image: ImageId) -> list[Annotation]:
    """Every answer and revision of an image, oldest first."""
    query = select(annotations).where(annotations.c.image_id == image).order_by(annotations.c.id)
    return [_from_row(row) for row in c.execute(query)]


def iterate_latest(c: Connection, dataset: DatasetId, *, chunk: int = CHUNK) -> Iterator[Annotation]:
    """Everybody's newest answers, image by image in import order; within an image as `latest_of_image`."""
    place = -1
    while True:
        query = select(images.c.id, images.c.place).where(images.c.dataset_id == dataset, images.c.place > place)
        rows = c.execute(query.order_by(images.c.place).limit(chunk)).all()
        if not rows:
            return
        for answers in latest_of_images(c, [ImageId(row.id) for row in rows]).values():
            yield from answers
        place = rows[-1].place


def iterate_counting(
    c: Connection, dataset: DatasetId, states: Sequence[ImageState] = tuple(ImageState), *, with_surplus: bool = False
) -> Iterator[tuple[ImageId, list[Annotation]]]:
    """Each image in one of these states with the standing answers that count, if it has any, in import order; surplus ones behind these.

    They are read without the reference pictures on their screens: all answers of a large study fit in memory like that.
    """
    last = c.execute(select(func.max(images.c.place)).where(images.c.dataset_id == dataset)).scalar_one()
    query = _in_places(tuple(states))
    for place in range(0, (-1 if last is None else last) + 1, CHUNK):
        rows = query.rows(c, dataset=dataset, first=place, end=place + CHUNK)
        answers = standing(_from_row(row, screen_without_exemplars(row)) for row in rows)
        for image, of_image in groupby(answers if with_surplus else counting(answers), key=attrgetter("image")):
            yield image, sorted(of_image, key=attrgetter("surplus"))


def chosen_by_image(c: Connection, dataset: DatasetId) -> dict[ImageId, list[frozenset[int]]]:
    """The labels answered yes in each standing answer that counts, by image; of an image in the order of the first answers."""
    columns = (annotations.c.image_id, annotations.c.annotator_id, annotations.c.answers, annotations.c.surplus)
    rows = c.execute(select(*columns).where(annotations.c.dataset_id == dataset).order_by(annotations.c.id))
    newest = {(image, annotator): None if surplus else answers for image, annotator, answers, surplus in rows}
    by_image: dict[ImageId, list[frozenset[int]]] = {}
    for (image, _), answers in newest.items():
        if answers is not None:
            yes = [int(label) for label, vote in answers.items() if vote == Vote.YES]
            by_image.setdefault(ImageId(image), []).append(frozenset(yes))
    return by_image


@cache
def _in_places(states: tuple[ImageState, ...]) -> Prebuilt:
    """The answers to the images from place `first` to before `end`."""
    places = (images.c.place >= bindparam("first")) & (images.c.place < bindparam("end"))
    query = (
        select(*WITHOUT_EXEMPLARS)
        .join(images, images.c.id == annotations.c.image_id)
        .where(images.c.dataset_id == bindparam("dataset"), places, one_of(images.c.state, states))
    )
    return Prebuilt(query.order_by(images.c.place, annotations.c.id))


def searched_first(c: Connection, dataset: DatasetId) -> list[Annotation]:
    """The standing answers whose annotator first answered by search alone, in the order of the first answers."""
    query = select(annotations).where(annotations.c.dataset_id == dataset, annotations.c.search_first.is_not(None))
    return standing(_from_row(row) for row in c.execute(query.order_by(annotations.c.id)))


def drawn_to_search_first(c: Connection, dataset: DatasetId) -> dict[tuple[ImageId, AnnotatorId], float]:
    """The probability with which the image of each answer by search first was drawn for that."""
    query = select(assignments.c.image_id, assignments.c.annotator_id, assignments.c.inclusion_probability)
    searched = (assignments.c.dataset_id == dataset) & (assignments.c.policy == SEARCH_FIRST)
    return {(ImageId(image), AnnotatorId(person)): probability for image, person, probability in c.execute(query.where(searched))}


def notes(c: Connection, dataset: DatasetId, limit: int = 50, after: int | None = None) -> list[tuple[int, Annotation]]:
    """Answers with a note or a missing label's name, newest first, each with its number; `after` is the previous page's last number."""
    has_text = (annotations.c.note != "") | (annotations.c.missing_label != "")
    query = select(annotations).where(annotations.c.dataset_id == dataset, has_text)
    if after is not None:
        query = query.where(annotations.c.id < after)
    return [(row.id, _from_row(row)) for row in c.execute(query.order_by(annotations.c.id.desc()).limit(limit))]


def after_refinement(c: Connection, dataset: DatasetId) -> list[Annotation]:
    """Answers that arrived after an expert's decision, oldest first: kept and flagged, but without effect until the image is reopened."""
    flagged = select(annotations).where(annotations.c.dataset_id == dataset, annotations.c.after_refinement)
    return [_from_row(row) for row in c.execute(flagged.order_by(annotations.c.id))]


def effort(c: Connection, dataset: DatasetId, task: Task = Task.ANNOTATE) -> list[tuple[AnnotatorId, int, int]]:
    """Each person's number of answered images and milliseconds of presence (all revisions), the most images first."""
    counted = (person_counts.c.dataset_id == dataset) & (person_counts.c.task == task.value)
    query = select(person_counts.c.annotator_id, person_counts.c.n_answered, person_counts.c.present_ms).where(counted)
    rows = c.execute(query.order_by(person_counts.c.n_answered.desc(), person_counts.c.annotator_id))
    return [(AnnotatorId(annotator), n, present_ms) for annotator, n, present_ms in rows]


def times(c: Connection, dataset: DatasetId) -> dict[AnnotatorId, list[int]]:
    """How many milliseconds each annotator took for each of their standing answers."""
    query = select(annotations.c.image_id, annotations.c.annotator_id, annotations.c.present_ms).where(annotations.c.dataset_id == dataset)
    newest = {(image, annotator): took for image, annotator, took in c.execute(query.order_by(annotations.c.id))}
    by_annotator: dict[AnnotatorId, list[int]] = {}
    for (_, annotator), took in newest.items():
        by_annotator.setdefault(AnnotatorId(annotator), []).append(took)
    return by_annotator


def newest_at(c: Connection) -> datetime | None:
    """When the newest answer of any dataset came."""
    newest = [
        c.execute(select(func.max(annotations.c.submitted_at)).where(annotations.c.dataset_id == dataset.id)).scalar()
        for dataset in stored_datasets.all_datasets(c)
    ]
    return max((each for each in newest if each is not None), default=None)


def check_same(assignment: Assignment, image: ImageId, person: AnnotatorId, stored: Annotation | Refinement | None) -> None:
    """Refuse an answer whose image or person is not its assignment's, or whose id already belongs to another image or person."""
    stored_person = None if stored is None else stored.annotator if isinstance(stored, Annotation) else stored.expert
    if (image, person) != (assignment.image, assignment.annotator):
        expected = f"image {assignment.image} and person {assignment.annotator}"
        reason = f"it is of image {image} and person {person}, but the assignment is of {expected}"
    elif stored is not None and (stored.image, stored_person) != (image, person):
        raise AnswerIdUsed
    else:
        return
    raise InvalidInput("Cannot store an answer", [Problem(f"assignment {assignment.id}", reason)], "Reload the page and answer again.")


def check_repeated(annotation: Annotation, stored: Annotation | None) -> None:
    """Refuse an answer whose id belongs to a stored answer with different content."""
    if stored is not None and any(getattr(annotation, name) != getattr(stored, name) for name in CONTENT):
        raise AnswerIdUsed


def _is_decided_upon(c: Connection, image: StoredImage) -> bool:
    """Whether an expert has decided on the image, or has answered it while it still waits for experts."""
    if image.state not in AWAITING_EXPERTS:
        return image.state in DECIDED
    return _DECISION.value(c, image=image.id) is not None


def _from_row(row: Any, screen: Screen | None = None) -> Annotation:
    first = None if row.search_first is None else answers_from_json(row.search_first)
    return from_row(row, screen, surplus=bool(row.surplus), search_first=first)
