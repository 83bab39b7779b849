"""What workers share besides people's work: the jobs that run in the background."""

from sqlalchemy import Boolean, Column, Float, Integer, String, Table, Text

from multilabelfy.store.schema.base import Json, UtcDateTime, metadata

background_jobs = Table(
    "background_jobs",
    metadata,
    # A job whose `alive_until` has passed without its end has lost its worker; another takes it over.
    Column("name", String(300), primary_key=True),
    Column("arguments", Json, nullable=False),
    Column("longest_seconds", Float),  # NULL: it may take any time
    Column("n_before", Integer, nullable=False),
    Column("owner", String(32), nullable=False),  # a worker
    Column("n_tries", Integer, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("alive_until", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("stop_asked", Boolean, nullable=False),
    Column("problem", Text, nullable=False),
    Column("output", Text, nullable=False),
)
