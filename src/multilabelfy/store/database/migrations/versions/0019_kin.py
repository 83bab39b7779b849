"""Embeddings of pictures, and the images that look most like an image."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "embeddings",
        Column("image_id", Integer, ForeignKey("images.id"), primary_key=True),
        Column("run_id", Integer, ForeignKey("proposal_runs.id"), primary_key=True),
        Column("vector", LargeBinary, nullable=False),
    )
    op.create_index("ix_embeddings_run", "embeddings", ["run_id", "image_id"])
    op.create_table(
        "kin",
        Column("image_id", Integer, ForeignKey("images.id"), primary_key=True),
        Column("dataset_id", Integer, ForeignKey("datasets.id"), nullable=False),
        Column("nearest", LargeBinary, nullable=False),
        Column("similarities", LargeBinary, nullable=False),
    )
    op.create_index("ix_kin_dataset", "kin", ["dataset_id"])
