"""Stages 3 and 4: what experts decide, explain, answer label by label and say to each other, and the releases of final labels."""

from typing import Any

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Row, String, Table, Text, UniqueConstraint

from multilabelfy.refinement.explanation import PARTS, Explanation, Part, parts_of
from multilabelfy.store.schema.base import Json, UtcDateTime, metadata


def explanation_columns() -> list[Column[Any]]:
    """A column for each part, in their order."""
    return [_column(part) for part in PARTS]


def _column(part: Part) -> Column[Any]:
    return Column(part.name, Text, nullable=False, default="") if part.choices is None else Column(part.name, String(20))


refinements = Table(
    "refinements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False, index=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("expert_id", ForeignKey("annotators.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("before", Json, nullable=False),
    Column("shown", Json, nullable=False),
    Column("answer_blind", Json),
    Column("answer_revealed", Json),
    *explanation_columns(),
    Column("note", Text, nullable=False, default=""),
    Column("missing_label", Text, nullable=False, default="", server_default=""),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
    Column("policy", String(20), nullable=False, default="one-expert", server_default="one-expert"),  # as its assignment's was then
    Column("inclusion_probability", Float, nullable=False, default=1.0, server_default="1"),
    UniqueConstraint("image_id", "expert_id", "revision"),
    Index("ix_refinements_image", "image_id", "id"),
    Index("ix_refinements_dataset", "dataset_id", "id"),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("n_images", Integer, nullable=False),
    Column("n_unresolved", Integer, nullable=False),
    Column("n_added", Integer, nullable=False),
    Column("n_changed", Integer, nullable=False),
    Column("n_removed", Integer, nullable=False),
    Column("by_posterior", Json),  # how its labels of the source "posterior" were made; NULL: it has none
    UniqueConstraint("dataset_id", "number"),
)

final_labels = Table(
    "final_labels",
    metadata,
    # A release holds what changed since the one before; an image's labels are its newest row up to that release.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("labels", Json),  # NULL: no longer resolved as of this release
    Column("n_labels", Integer),  # how many they are; NULL as `labels`
    Column("source", String(10), nullable=False),
    *explanation_columns(),
    Column("decided_by", Json, nullable=False),
    Column("before", Json, nullable=False),
    Column("chances", Json),  # of `labels`, in their order; NULL: they are not of the posterior
    Index("ix_final_labels_dataset", "dataset_id", "image_id", "release_id"),
)


remarks = Table(
    "remarks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("author_id", ForeignKey("annotators.id"), nullable=False),
    Column("kind", String(10), nullable=False),  # note, passed, reopened
    Column("to_id", ForeignKey("annotators.id")),  # whom it was passed to by name
    Column("text", Text, nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_remarks_image", "image_id", "id"),
    Index("ix_remarks_to", "to_id", "dataset_id"),
)

quick_answers = Table(
    "quick_answers",
    metadata,
    # One label of one image, answered alone; the decision on the image is made of them when its last label is answered.
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("expert_id", ForeignKey("annotators.id"), nullable=False),
    Column("label_index", Integer, nullable=False),
    Column("vote", Integer, nullable=False),  # 0 no, 2 yes
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
    Column("n_decisions", Integer, nullable=False, default=0, server_default="0"),  # of its assignment, when it came
    Index("ix_quick_answers_assignment", "assignment_id", "id"),
    Index("ix_quick_answers_expert", "expert_id", "dataset_id", "id"),
)

comment_answers = Table(
    "comment_answers",
    metadata,
    # What an owner answers to a comment, that is to what an answer says beside its labels.
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("annotation_id", ForeignKey("annotations.id"), nullable=False, index=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),  # who commented
    Column("author_id", ForeignKey("annotators.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_comment_answers_annotator", "annotator_id", "id"),
)

answers_seen = Table(
    "answers_seen",
    metadata,
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("comment_answer_id", Integer, nullable=False),  # the newest answer that this person has looked at
)


def explanation_to_row(explanation: Explanation) -> dict[str, str | None]:
    """The values of those columns."""
    return {name: value if value is None else str(value) for name, value in parts_of(explanation).items()}


def explanation_from_row(row: Row[Any]) -> dict[str, Any]:
    """The parts by name. Raises ValueError for an unknown choice."""
    return {part.name: _value(part, getattr(row, part.name)) for part in PARTS}


def _value(part: Part, stored: str | None) -> Any:
    return stored if part.choices is None or stored is None else part.choices(stored)
