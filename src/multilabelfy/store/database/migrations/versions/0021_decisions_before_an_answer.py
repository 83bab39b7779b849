"""An answer about one label knows how many decisions came before it: clocks that are set back tell no order.

For answers that are there, the order of their times is the best that is known.
"""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BY_TIME = """
UPDATE quick_answers SET n_decisions = (
    SELECT count(*) FROM refinements r WHERE r.assignment_id = quick_answers.assignment_id
    AND r.answer_revealed IS NOT NULL AND r.submitted_at < quick_answers.submitted_at)
"""


def upgrade() -> None:
    op.add_column("quick_answers", Column("n_decisions", Integer, nullable=False, server_default="0"))
    op.execute(BY_TIME)
