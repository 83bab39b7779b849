"""A release says how the posterior settled some of its images, and with which chances."""

from alembic import op
from sqlalchemy import JSON, Column

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("releases", Column("by_posterior", JSON))
    op.add_column("final_labels", Column("chances", JSON))
