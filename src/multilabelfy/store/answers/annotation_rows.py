"""Turn an annotation into a row and back, for the log of votes and for the log of answers to checks alike."""

from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, select, union_all

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotation, AnnotatorId, Outcome, Relation, Screen, UnfitReason
from multilabelfy.dataset.model import ImageId
from multilabelfy.store.database.codec import answers_from_json, answers_to_json, screen_from_json, screen_to_json, time_from_json
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Prebuilt
from multilabelfy.store.dataset.candidates import parsed
from multilabelfy.store.schema import annotations, check_answers

_SCREEN = annotations.c.screen
WITHOUT_EXEMPLARS: tuple[ColumnElement[Any], ...] = (
    *(column for column in annotations.c if column is not _SCREEN),
    cast(_SCREEN["candidates"], Text).label("candidates"),
    _SCREEN["group_size"].as_integer().label("group_size"),
    _SCREEN["opened_at"].label("opened_at"),
    _SCREEN["protocol_version"].as_integer().label("protocol_version"),
    _SCREEN["guidelines_version"].as_integer().label("guidelines_version"),
    _SCREEN["search_used"].as_boolean().label("search_used"),
)
"""A vote's columns with parts of its screen instead of the screen: reference pictures, which are most of it, stay in the database."""


def to_row(annotation: Annotation, assignment: Assignment, revision: int) -> dict[str, Any]:
    """The columns that both logs share, for an answer to an assignment; `handed_at` is the assignment's."""
    return {
        "client_id": annotation.client_id,
        "assignment_id": assignment.id,
        "dataset_id": assignment.dataset,
        "image_id": annotation.image,
        "annotator_id": annotation.annotator,
        "revision": revision,
        "outcome": annotation.outcome.value,
        "answers": answers_to_json(annotation.answers),
        "unprompted": list(annotation.unprompted),
        "relation": None if annotation.relation is None else annotation.relation.value,
        "unsure_between": list(annotation.unsure_between),
        "missing_label": annotation.missing_label,
        "unfit_reason": None if annotation.unfit_reason is None else annotation.unfit_reason.value,
        "note": annotation.note,
        "screen": screen_to_json(annotation.screen),
        "handed_at": assignment.handed_at,
        "submitted_at": annotation.submitted_at,
        "present_ms": annotation.present_ms,
    }


def from_row(row: Any, screen: Screen | None = None, **own: Any) -> Annotation:
    """The annotation in a row of either log; `own` are the fields that one of them alone has: of votes `surplus` and `search_first`.

    The `screen` is the row's own unless it is given.
    """
    return Annotation(
        client_id=row.client_id,
        image=ImageId(row.image_id),
        annotator=AnnotatorId(row.annotator_id),
        outcome=Outcome(row.outcome),
        answers=answers_from_json(row.answers),
        screen=screen_from_json(row.screen) if screen is None else screen,
        submitted_at=row.submitted_at,
        unprompted=tuple(row.unprompted),
        relation=None if row.relation is None else Relation(row.relation),
        unsure_between=tuple(row.unsure_between),
        missing_label=row.missing_label,
        unfit_reason=None if row.unfit_reason is None else UnfitReason(row.unfit_reason),
        note=row.note,
        present_ms=row.present_ms,
        revision=row.revision,
        **own,
    )


def screen_without_exemplars(row: Any) -> Screen:
    """The screen in a row of WITHOUT_EXEMPLARS. Answers to an image that were shown the same share their candidates."""
    return Screen(
        candidates=parsed(row.candidates),
        group_size=row.group_size,
        opened_at=tuple([time_from_json(time) for time in row.opened_at]),
        protocol_version=row.protocol_version,
        guidelines_version=row.guidelines_version,
        search_used=row.search_used,
    )


_USED = Prebuilt(union_all(*(select(log.c.id).where(log.c.client_id == bindparam("id_of_client")) for log in (annotations, check_answers))))


def asked(c: Connection, client_id: str) -> Coming[bool]:
    """Whether a vote or an answer to a check has this id."""
    row = _USED.asked(c, id_of_client=client_id)
    return lambda: row.value() is not None
