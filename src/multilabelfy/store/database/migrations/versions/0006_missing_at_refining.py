"""Experts name a missing label as annotators do."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refinements", Column("missing_label", Text, nullable=False, server_default=""))
