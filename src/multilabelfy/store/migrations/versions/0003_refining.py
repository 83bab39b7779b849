"""Add what refining needs: audit, passing on, discussion, the analysis plan."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
