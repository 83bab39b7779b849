"""Add what people set for themselves."""

from alembic import op
from sqlalchemy import JSON, Column

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has set anything yet."""
    op.add_column("annotators", Column("preferences", JSON))
