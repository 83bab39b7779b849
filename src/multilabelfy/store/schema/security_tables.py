"""The log of security events. Rows are appended; only the count of one that is counted grows, within its hour."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from multilabelfy.store.schema.base import UtcDateTime, metadata

security_events = Table(
    "security_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("n", Integer, nullable=False),
    Column("who_id", ForeignKey("annotators.id"), index=True),  # NULL: the command line, or somebody without a session
    Column("about_id", ForeignKey("annotators.id"), index=True),
    Column("dataset", String(100), nullable=False),  # its name then: what is written outlives the dataset
    Column("detail", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Index("ix_security_events_kind_at", "kind", "at"),
)
