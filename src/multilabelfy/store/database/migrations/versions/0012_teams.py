"""A dataset has its own team. Whoever is there keeps what they see: everybody but the owners becomes a member of every dataset."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "members",
        Column("dataset_id", Integer, nullable=False),
        Column("annotator_id", Integer, nullable=False),
        Column("role", String(12), nullable=False),
        Column("joined_at", DateTime, nullable=False),
        PrimaryKeyConstraint("dataset_id", "annotator_id", name="pk_members"),
        ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name="fk_members_dataset_id_datasets"),
        ForeignKeyConstraint(["annotator_id"], ["annotators.id"], name="fk_members_annotator_id_annotators"),
    )
    op.create_index("ix_members_annotator_id", "members", ["annotator_id"])
    op.execute(
        "INSERT INTO members (dataset_id, annotator_id, role, joined_at) SELECT datasets.id, annotators.id, annotators.role, "
        "annotators.created_at FROM datasets CROSS JOIN annotators WHERE annotators.role <> 'owner'"
    )
