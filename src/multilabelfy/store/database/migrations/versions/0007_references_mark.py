"""A dataset has a mark that changes with its reference pictures, so that a process may keep them in memory."""

from alembic import op
from sqlalchemy import Column, String

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("datasets", Column("references_mark", String(16), nullable=False, server_default=""))
