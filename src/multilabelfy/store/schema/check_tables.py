"""Quality checks: images with known labels, what is planned for whom, and the answers, kept apart from the votes."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from multilabelfy.store.schema.base import Json, UtcDateTime, metadata

gold = Table(
    "gold",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("labels", Json, nullable=False),  # the valid labels, ascending
    Column("why", Text, nullable=False, default=""),
    Column("added_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),  # not handed out any more, and its answers count for nothing
    Index("ix_gold_kind", "dataset_id", "kind", "retired_at", "image_id"),
)

planned_checks = Table(
    "planned_checks",
    metadata,
    # A check that was drawn and waits for its turn; it becomes an assignment when it is handed out.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("policy", String(40), nullable=False),
    Column("inclusion_probability", Float, nullable=False),
    Column("due", Integer, nullable=False),  # how many images its person must have answered before
    Column("place", Integer, nullable=False),  # the order among those that are due
    Index("ix_planned_checks_person", "annotator_id", "dataset_id", "due", "place"),
)

check_answers = Table(
    "check_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("answers", Json, nullable=False),
    Column("unprompted", Json, nullable=False),
    Column("relation", String(20)),
    Column("unsure_between", Json, nullable=False),
    Column("missing_label", Text, nullable=False, default=""),
    Column("unfit_reason", String(20)),
    Column("note", Text, nullable=False, default=""),
    Column("screen", Json, nullable=False),
    Column("handed_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
    UniqueConstraint("assignment_id", "revision"),
    Index("ix_check_answers_dataset", "dataset_id", "id"),
)
