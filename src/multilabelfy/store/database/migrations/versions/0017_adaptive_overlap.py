"""An image may want more answers than another, and a policy says why."""

from alembic import op
from sqlalchemy import Column, DateTime, Float, ForeignKey, Integer, String

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("images", Column("n_wanted", Integer))
    op.create_table(
        "overlap_decisions",
        Column("image_id", Integer, ForeignKey("images.id"), primary_key=True),
        Column("dataset_id", Integer, ForeignKey("datasets.id"), nullable=False),
        Column("reason", String(12), nullable=False),
        Column("n_visits", Integer, nullable=False),
        Column("wrong", Float, nullable=False),
        Column("gain", Float, nullable=False),
        Column("probability", Float),
        Column("decided_at", DateTime, nullable=False),
    )
    op.create_index("ix_overlap_decisions_dataset", "overlap_decisions", ["dataset_id", "reason"])
