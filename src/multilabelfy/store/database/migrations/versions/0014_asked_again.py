"""A session knows when its person proved who they are, and a link whether it was used, and whether it works once."""

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, false

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", Column("proven_at", DateTime))
    op.add_column("invitations", Column("used_at", DateTime))
    op.add_column("invitations", Column("once", Boolean, nullable=False, server_default=false()))
    op.execute("UPDATE invitations SET used_at = created_at")
