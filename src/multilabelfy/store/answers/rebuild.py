"""Recompute the summaries from the log. The stored ones must never differ from it; where somebody edited the database by hand, they may."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.checking.checks import CheckPolicy
from multilabelfy.annotation.model import AnnotatorId, Task, Vote
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.store.answers.annotations import iterate_latest
from multilabelfy.store.answers.counting import is_first_of_counting
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import (
    annotations,
    assignments,
    check_answers,
    image_counts,
    images,
    label_choices,
    person_counts,
    queue_cursors,
    refinements,
)


@dataclass(frozen=True, slots=True)
class Summaries:
    """All summaries of a dataset; zeros are left out.

    `answers` and `leases` by image, `images` by state, `people` as (n_answered, present_ms) by person and task, `choices` as
    (n_yes, n_maybe) by image and label.
    """

    answers: dict[ImageId, int]
    leases: dict[ImageId, int]
    images: dict[ImageState, int]
    people: dict[tuple[AnnotatorId, Task], tuple[int, int]]
    choices: dict[tuple[ImageId, int], tuple[int, int]]


def stored_summaries(c: Connection, dataset: DatasetId) -> Summaries:
    """The summaries as stored in the database."""
    counts = select(image_counts.c.state, image_counts.c.n_images).where(image_counts.c.dataset_id == dataset, image_counts.c.n_images != 0)
    people = c.execute(select(person_counts).where(person_counts.c.dataset_id == dataset))
    choices = c.execute(select(label_choices).where(label_choices.c.dataset_id == dataset))
    return Summaries(
        answers=_by_image(c, select(images.c.id, images.c.n_answers).where(images.c.dataset_id == dataset, images.c.n_answers != 0)),
        leases=_by_image(c, select(images.c.id, images.c.n_leases).where(images.c.dataset_id == dataset, images.c.n_leases != 0)),
        images={ImageState(state): n for state, n in c.execute(counts)},
        people={(AnnotatorId(row.annotator_id), Task(row.task)): (row.n_answered, row.present_ms) for row in people},
        choices={(ImageId(row.image_id), row.label_index): (row.n_yes, row.n_maybe) for row in choices if row.n_yes or row.n_maybe},
    )


def recomputed(c: Connection, dataset: DatasetId) -> Summaries:
    """The summaries as computed from the log."""
    counting = (annotations.c.dataset_id == dataset) & is_first_of_counting()
    holding = (assignments.c.dataset_id == dataset) & (assignments.c.state == AssignmentState.OPEN.value)
    answers = select(annotations.c.image_id, func.count()).where(counting).group_by(annotations.c.image_id)
    leases = select(assignments.c.image_id, func.count()).where(holding, assignments.c.task == Task.ANNOTATE.value)
    counts = select(images.c.state, func.count()).where(images.c.dataset_id == dataset).group_by(images.c.state)
    return Summaries(
        answers=_by_image(c, answers),
        leases=_by_image(c, leases.group_by(assignments.c.image_id)),
        images={ImageState(state): n for state, n in c.execute(counts)},
        people={**_annotators(c, dataset), **_checked(c, dataset), **_experts(c, dataset)},
        choices=_choices(c, dataset),
    )


def rebuild(c: Connection, dataset: DatasetId) -> None:
    """Replace the stored summaries by recomputed ones, and let every person's next hand-out search from the beginning."""
    summaries = recomputed(c, dataset)
    for table in (queue_cursors, person_counts, label_choices, image_counts):
        c.execute(delete(table).where(table.c.dataset_id == dataset))
    c.execute(update(images).where(images.c.dataset_id == dataset).values(n_answers=0, n_leases=0))
    for image in {*summaries.answers, *summaries.leases}:
        counted = {"n_answers": summaries.answers.get(image, 0), "n_leases": summaries.leases.get(image, 0)}
        c.execute(update(images).where(images.c.id == image).values(**counted))
    states = [{"state": state.value, "n_images": summaries.images.get(state, 0)} for state in ImageState]
    c.execute(insert(image_counts), [{"dataset_id": dataset, **row} for row in states])
    for (person, task), (n, ms) in summaries.people.items():
        keys = {"annotator_id": person, "dataset_id": dataset, "task": task.value}
        c.execute(insert(person_counts).values(**keys, n_answered=n, present_ms=ms))
    for chunk in chunked(summaries.choices.items()):
        rows = [{"image_id": image, "label_index": label, "n_yes": yes, "n_maybe": maybe} for (image, label), (yes, maybe) in chunk]
        c.execute(insert(label_choices), [{"dataset_id": dataset, **row} for row in rows])


def _by_image(c: Connection, query: Select[Any]) -> dict[ImageId, int]:
    return {ImageId(image): n for image, n in c.execute(query)}


def _annotators(c: Connection, dataset: DatasetId) -> dict[tuple[AnnotatorId, Task], tuple[int, int]]:
    n_images, present_ms = func.count(annotations.c.image_id.distinct()), func.sum(annotations.c.present_ms)
    query = select(annotations.c.annotator_id, n_images, present_ms).where(annotations.c.dataset_id == dataset)
    rows = c.execute(query.group_by(annotations.c.annotator_id))
    return {(AnnotatorId(person), Task.ANNOTATE): (n, int(ms)) for person, n, ms in rows}


def _checked(c: Connection, dataset: DatasetId) -> dict[tuple[AnnotatorId, Task], tuple[int, int]]:
    """Answers to checks: practice counts as time, not as images."""
    n_images = func.count(check_answers.c.image_id.distinct()).filter(assignments.c.policy != CheckPolicy.PRACTICE.value)
    query = select(check_answers.c.annotator_id, n_images, func.sum(check_answers.c.present_ms)).where(
        check_answers.c.dataset_id == dataset
    )
    rows = c.execute(query.join(assignments, assignments.c.id == check_answers.c.assignment_id).group_by(check_answers.c.annotator_id))
    return {(AnnotatorId(person), Task.CHECK): (n, int(ms)) for person, n, ms in rows}


def _experts(c: Connection, dataset: DatasetId) -> dict[tuple[AnnotatorId, Task], tuple[int, int]]:
    in_dataset = refinements.c.dataset_id == dataset
    n_images = func.count(refinements.c.image_id.distinct()).filter(refinements.c.answer_revealed.is_not(None))
    query = (
        select(refinements.c.expert_id, n_images, func.sum(refinements.c.present_ms)).where(in_dataset).group_by(refinements.c.expert_id)
    )
    return {(AnnotatorId(person), Task.REFINE): (n, int(ms)) for person, n, ms in c.execute(query)}


def _choices(c: Connection, dataset: DatasetId) -> dict[tuple[ImageId, int], tuple[int, int]]:
    counts: dict[tuple[ImageId, int], tuple[int, int]] = {}
    for annotation in iterate_latest(c, dataset):
        for label, vote in annotation.answers.items():
            yes, maybe = counts.get((annotation.image, label), (0, 0))
            counts[annotation.image, label] = (yes + (vote is Vote.YES), maybe + (vote is Vote.MAYBE))
    return {key: counted for key, counted in counts.items() if any(counted)}
