"""Store many answers at once that people gave elsewhere: each is the only one of its person on its image, and none was handed out here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import IMPORTED, Annotation, AnnotatorId, Candidate, Task, Vote
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.answers import summaries
from multilabelfy.store.answers.annotation_rows import to_row
from multilabelfy.store.database.codec import candidates_to_json
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked, refresh_statistics
from multilabelfy.store.handing_out.assignment_rows import from_row
from multilabelfy.store.schema import annotations, assignments, candidates, images, label_choices

Answered = Mapping[ImageId, Sequence[Annotation]]


def add_all(c: Connection, dataset: StoredDataset, asked: Mapping[ImageId, Sequence[Candidate]], answers: Answered, now: datetime) -> None:
    """Store the answers to images that have none yet, and what was asked about each; every image wants as many answers as it has.

    The summaries are kept in step. The images are to be settled afterwards, in the same transaction.
    """
    every = [annotation for of_image in answers.values() for annotation in of_image]
    if not every:
        return
    frozen = {"protocol_version": dataset.protocol_version, "frozen_at": now}
    c.execute(insert(candidates), [{"image_id": image, "candidates": candidates_to_json(of), **frozen} for image, of in asked.items()])
    held = _assigned(c, dataset.id, every, now)
    alike = {"surplus": False, "after_refinement": False, "search_first": None}
    c.execute(insert(annotations), [to_row(each, held[each.image, each.annotator], 1) | alike for each in every])
    _count(c, dataset, answers)


def known(c: Connection, dataset: DatasetId) -> list[tuple[str, str, AnnotatorId]]:
    """Each stored answer's image by path, its id, and its person, in no order."""
    query = select(images.c.path, annotations.c.client_id, annotations.c.annotator_id).join(images, images.c.id == annotations.c.image_id)
    rows = c.execute(query.where(annotations.c.dataset_id == dataset, annotations.c.revision == 1))
    return [(path, client_id, AnnotatorId(person)) for path, client_id, person in rows]


def refresh(c: Connection) -> None:
    """Tell the database of many new answers."""
    for table in (assignments, annotations, label_choices, candidates):
        refresh_statistics(c, table)


def _assigned(
    c: Connection, dataset: DatasetId, every: Sequence[Annotation], now: datetime
) -> dict[tuple[ImageId, AnnotatorId], Assignment]:
    """An assignment for each answer, whose policy says that it was imported."""
    state = {"task": Task.ANNOTATE.value, "state": AssignmentState.ANSWERED.value, "policy": IMPORTED, "inclusion_probability": 1.0}
    times = {"handed_at": now, "expires_at": now, "answered_at": now}
    rows = [{"dataset_id": dataset, "image_id": each.image, "annotator_id": each.annotator, **state, **times} for each in every]
    c.execute(insert(assignments), rows)
    held: dict[tuple[ImageId, AnnotatorId], Assignment] = {}
    for chunk in chunked(dict.fromkeys(each.image for each in every)):
        for row in c.execute(select(assignments).where(assignments.c.image_id.in_(chunk), assignments.c.task == Task.ANNOTATE.value)):
            held[ImageId(row.image_id), AnnotatorId(row.annotator_id)] = from_row(row)
    return held


def _count(c: Connection, dataset: StoredDataset, answers: Answered) -> None:
    wanted = update(images).where(images.c.id == bindparam("image")).values(n_answers=bindparam("n"), n_wanted=bindparam("wanted"))
    usual = dataset.protocol.least_overlap
    c.execute(wanted, [{"image": image, "n": len(of), "wanted": None if len(of) == usual else len(of)} for image, of in answers.items()])
    for person, n in Counter(each.annotator for of_image in answers.values() for each in of_image).items():
        summaries.count_answers(c, dataset.id, person, n)
    rows = [row for image, of_image in answers.items() for row in _choices(dataset.id, image, of_image)]
    if rows:
        c.execute(insert(label_choices), rows)


def _choices(dataset: DatasetId, image: ImageId, of_image: Sequence[Annotation]) -> list[dict[str, Any]]:
    n = Counter((label, vote) for each in of_image for label, vote in each.answers.items())
    labels = sorted({label for label, _ in n})
    keys = {"dataset_id": dataset, "image_id": image}
    return [{**keys, "label_index": label, "n_yes": n[label, Vote.YES], "n_maybe": n[label, Vote.MAYBE]} for label in labels]
