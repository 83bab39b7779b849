"""A log of security events."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "security_events",
        Column("id", Integer, nullable=False),
        Column("kind", String(24), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("last_at", DateTime, nullable=False),
        Column("n", Integer, nullable=False),
        Column("who_id", Integer),
        Column("about_id", Integer),
        Column("dataset", String(100), nullable=False),
        Column("detail", String(200), nullable=False),
        Column("address", String(64), nullable=False),
        PrimaryKeyConstraint("id", name="pk_security_events"),
        ForeignKeyConstraint(["who_id"], ["annotators.id"], name="fk_security_events_who_id_annotators"),
        ForeignKeyConstraint(["about_id"], ["annotators.id"], name="fk_security_events_about_id_annotators"),
    )
    op.create_index("ix_security_events_who_id", "security_events", ["who_id"])
    op.create_index("ix_security_events_about_id", "security_events", ["about_id"])
    op.create_index("ix_security_events_kind_at", "security_events", ["kind", "at"])
