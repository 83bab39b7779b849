"""A person's name can be erased while their answers stay."""

from alembic import op
from sqlalchemy import Column, DateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("annotators", Column("erased_at", DateTime))
