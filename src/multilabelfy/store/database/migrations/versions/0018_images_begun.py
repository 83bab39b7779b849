"""How many answers a large study lacks is counted from the few images that some of them have, or that want more than others."""

from alembic import op
from sqlalchemy import text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

IS_BEGUN = "state = 'open' AND (n_answers > 0 OR n_wanted IS NOT NULL)"


def upgrade() -> None:
    op.create_index("ix_images_begun", "images", ["dataset_id", "state"], sqlite_where=text(IS_BEGUN), postgresql_where=text(IS_BEGUN))
