"""Add what refining needs: audit, passing on, discussion, the analysis plan."""

from alembic import op
from sqlalchemy import Column, DateTime, Float, ForeignKey, Integer, String, Text, text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now every disputed image went to one expert."""
    _want_experts()
    _keep_plans()


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
