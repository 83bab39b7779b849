"""Add the policy that gave an image its place in the queue."""

from alembic import op
from sqlalchemy import Column, String

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """NULL: the place is the import's own."""
    op.add_column("images", Column("queue_policy", String(40)))
