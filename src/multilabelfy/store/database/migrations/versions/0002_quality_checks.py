"""Add what quality checks need: gold, checks planned for a person, their answers, and what was said by search alone."""

from alembic import op
from sqlalchemy import JSON, Column, DateTime, Float, ForeignKey, Integer, String, Text, UniqueConstraint

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No check was drawn and no image is gold yet; every answer so far had its candidates in view from the start."""
    op.add_column("annotations", Column("search_first", JSON))
    _gold()
    _planned_checks()
    _check_answers()


def _gold() -> None:
    op.create_table(
        "gold",
        Column("image_id", Integer, ForeignKey("images.id", name="fk_gold_image_id_images"), primary_key=True),
        Column("dataset_id", Integer, ForeignKey("datasets.id", name="fk_gold_dataset_id_datasets"), nullable=False),
        Column("kind", String(12), nullable=False),
        Column("labels", JSON, nullable=False),
        Column("why", Text, nullable=False),
        Column("added_at", DateTime, nullable=False),
        Column("retired_at", DateTime),
    )
    op.create_index("ix_gold_kind", "gold", ["dataset_id", "kind", "retired_at", "image_id"])


def _planned_checks() -> None:
    op.create_table(
        "planned_checks",
        Column("image_id", Integer, ForeignKey("images.id", name="fk_planned_checks_image_id_images"), primary_key=True),
        Column("annotator_id", Integer, ForeignKey("annotators.id", name="fk_planned_checks_annotator_id_annotators"), primary_key=True),
        Column("dataset_id", Integer, ForeignKey("datasets.id", name="fk_planned_checks_dataset_id_datasets"), nullable=False),
        Column("policy", String(40), nullable=False),
        Column("inclusion_probability", Float, nullable=False),
        Column("due", Integer, nullable=False),
        Column("place", Integer, nullable=False),
    )
    op.create_index("ix_planned_checks_person", "planned_checks", ["annotator_id", "dataset_id", "due", "place"])


def _check_answers() -> None:
    op.create_table(
        "check_answers",
        Column("id", Integer, primary_key=True),
        Column("client_id", String(64), nullable=False),
        Column("assignment_id", Integer, ForeignKey("assignments.id", name="fk_check_answers_assignment_id_assignments"), nullable=False),
        Column("dataset_id", Integer, ForeignKey("datasets.id", name="fk_check_answers_dataset_id_datasets"), nullable=False),
        Column("image_id", Integer, ForeignKey("images.id", name="fk_check_answers_image_id_images"), nullable=False),
        Column("annotator_id", Integer, ForeignKey("annotators.id", name="fk_check_answers_annotator_id_annotators"), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("outcome", String(12), nullable=False),
        Column("answers", JSON, nullable=False),
        Column("unprompted", JSON, nullable=False),
        Column("relation", String(20)),
        Column("unsure_between", JSON, nullable=False),
        Column("missing_label", Text, nullable=False),
        Column("unfit_reason", String(20)),
        Column("note", Text, nullable=False),
        Column("screen", JSON, nullable=False),
        Column("handed_at", DateTime, nullable=False),
        Column("submitted_at", DateTime, nullable=False),
        Column("present_ms", Integer, nullable=False),
        UniqueConstraint("client_id", name="uq_check_answers_client_id"),
        UniqueConstraint("assignment_id", "revision", name="uq_check_answers_assignment_id_revision"),
    )
    op.create_index("ix_check_answers_dataset", "check_answers", ["dataset_id", "id"])
