"""Machines are asked about labels, and their votes have a log of their own."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, UniqueConstraint

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machines",
        Column("id", Integer, primary_key=True),
        Column("dataset_id", Integer, ForeignKey("datasets.id"), nullable=False),
        Column("name", String(200), nullable=False),
        Column("added_at", DateTime, nullable=False),
        UniqueConstraint("dataset_id", "name"),
    )
    op.create_table(
        "machine_votes",
        Column("machine_id", Integer, ForeignKey("machines.id"), primary_key=True),
        Column("image_id", Integer, ForeignKey("images.id"), primary_key=True),
        Column("label", Integer, primary_key=True),
        Column("vote", Integer),
        Column("asked_at", DateTime, nullable=False),
    )
