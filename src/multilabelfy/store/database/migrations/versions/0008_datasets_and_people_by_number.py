"""Datasets are renamed and archived, and two people may share a name."""

from alembic import op
from sqlalchemy import JSON, Column, DateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("datasets", Column("archived_at", DateTime))
    op.add_column("datasets", Column("former_names", JSON))
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
    else:
        op.drop_constraint("uq_annotators_name", "annotators", type_="unique")


def _make_anew() -> None:
    """SQLite drops no constraint. The rows that refer to people count as astray until these are back, and it looks at that in the end."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept_annotators AS SELECT id, name, role, active, created_at, preferences FROM annotators")
    op.execute("DROP TABLE annotators")
    op.execute(
        "CREATE TABLE annotators (id INTEGER NOT NULL, name VARCHAR(100) NOT NULL, role VARCHAR(12) NOT NULL, active BOOLEAN NOT NULL, "
        "created_at DATETIME NOT NULL, preferences JSON, CONSTRAINT pk_annotators PRIMARY KEY (id))"
    )
    op.execute("INSERT INTO annotators SELECT * FROM kept_annotators")
    op.execute("DROP TABLE kept_annotators")
