"""Background jobs are known to all workers."""

from alembic import op
from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer, String, Text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "background_jobs",
        Column("name", String(300), primary_key=True),
        Column("arguments", JSON, nullable=False),
        Column("longest_seconds", Float),
        Column("n_before", Integer, nullable=False),
        Column("owner", String(32), nullable=False),
        Column("n_tries", Integer, nullable=False),
        Column("began_at", DateTime, nullable=False),
        Column("alive_until", DateTime, nullable=False),
        Column("ended_at", DateTime),
        Column("stop_asked", Boolean, nullable=False),
        Column("problem", Text, nullable=False),
        Column("output", Text, nullable=False),
    )
