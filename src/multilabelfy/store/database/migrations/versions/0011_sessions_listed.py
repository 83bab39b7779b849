"""A session says in which browser it is, from where it was opened, and when it was last used."""

from alembic import op
from sqlalchemy import Column, DateTime, String

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", Column("device", String(60), nullable=False, server_default=""))
    op.add_column("sessions", Column("address", String(64), nullable=False, server_default=""))
    op.add_column("sessions", Column("seen_at", DateTime))
