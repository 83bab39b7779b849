"""Add what refining needs: audit, passing on, discussion, the analysis plan."""

from alembic import op
from sqlalchemy import Column, DateTime, Float, ForeignKey, Integer, String, Text, UniqueConstraint, text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now every disputed image went to one expert."""
    _want_experts()
    _keep_plans()
    _keep_discussions()
    _keep_comments()


def _want_experts() -> None:
    op.add_column("images", Column("n_experts", Integer, nullable=False, server_default="1"))
    op.add_column("images", Column("expert_policy", String(20)))
    op.add_column("images", Column("expert_probability", Float))
    op.add_column("refinements", Column("policy", String(20), nullable=False, server_default="one-expert"))
    op.add_column("refinements", Column("inclusion_probability", Float, nullable=False, server_default="1"))
    op.execute(text("INSERT INTO image_counts (dataset_id, state, n_images) SELECT id, 'contested', 0 FROM datasets"))


def _keep_plans() -> None:
    op.create_table(
        "analysis_plans",
        Column("dataset_id", Integer, ForeignKey("datasets.id", name="fk_analysis_plans_dataset_id_datasets"), primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("text", Text, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("author_id", Integer, ForeignKey("annotators.id", name="fk_analysis_plans_author_id_annotators")),
        Column("created_at", DateTime, nullable=False),
        Column("frozen_at", DateTime),
        Column("n_answers", Integer),
    )


def _keep_discussions() -> None:
    op.create_table(
        "remarks",
        Column("id", Integer, primary_key=True),
        Column("client_id", String(64), nullable=False),
        Column("dataset_id", Integer, _references("remarks", "dataset_id", "datasets"), nullable=False),
        Column("image_id", Integer, _references("remarks", "image_id", "images"), nullable=False),
        Column("author_id", Integer, _references("remarks", "author_id", "annotators"), nullable=False),
        Column("kind", String(10), nullable=False),
        Column("to_id", Integer, _references("remarks", "to_id", "annotators")),
        Column("text", Text, nullable=False),
        Column("created_at", DateTime, nullable=False),
        UniqueConstraint("client_id", name="uq_remarks_client_id"),
    )
    op.create_index("ix_remarks_image", "remarks", ["image_id", "id"])
    op.create_index("ix_remarks_to", "remarks", ["to_id", "dataset_id"])
    op.create_table(
        "quick_answers",
        Column("id", Integer, primary_key=True),
        Column("client_id", String(64), nullable=False),
        Column("assignment_id", Integer, _references("quick_answers", "assignment_id", "assignments"), nullable=False),
        Column("dataset_id", Integer, _references("quick_answers", "dataset_id", "datasets"), nullable=False),
        Column("image_id", Integer, _references("quick_answers", "image_id", "images"), nullable=False),
        Column("expert_id", Integer, _references("quick_answers", "expert_id", "annotators"), nullable=False),
        Column("label_index", Integer, nullable=False),
        Column("vote", Integer, nullable=False),
        Column("submitted_at", DateTime, nullable=False),
        Column("present_ms", Integer, nullable=False),
        UniqueConstraint("client_id", name="uq_quick_answers_client_id"),
    )
    op.create_index("ix_quick_answers_assignment", "quick_answers", ["assignment_id", "id"])
    op.create_index("ix_quick_answers_expert", "quick_answers", ["expert_id", "dataset_id", "id"])


def _keep_comments() -> None:
    op.create_table(
        "comment_answers",
        Column("id", Integer, primary_key=True),
        Column("client_id", String(64), nullable=False),
        Column("dataset_id", Integer, _references("comment_answers", "dataset_id", "datasets"), nullable=False),
        Column("annotation_id", Integer, _references("comment_answers", "annotation_id", "annotations"), nullable=False),
        Column("annotator_id", Integer, _references("comment_answers", "annotator_id", "annotators"), nullable=False),
        Column("author_id", Integer, _references("comment_answers", "author_id", "annotators"), nullable=False),
        Column("text", Text, nullable=False),
        Column("created_at", DateTime, nullable=False),
        UniqueConstraint("client_id", name="uq_comment_answers_client_id"),
    )
    op.create_index("ix_comment_answers_annotation_id", "comment_answers", ["annotation_id"])
    op.create_index("ix_comment_answers_annotator", "comment_answers", ["annotator_id", "id"])
    op.create_table(
        "answers_seen",
        Column("annotator_id", Integer, _references("answers_seen", "annotator_id", "annotators"), primary_key=True),
        Column("comment_answer_id", Integer, nullable=False),
    )


def _references(table: str, column: str, other: str) -> ForeignKey:
    return ForeignKey(f"{other}.id", name=f"fk_{table}_{column}_{other}")
