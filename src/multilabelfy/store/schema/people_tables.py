"""The people of a workspace with their invitations and sessions, the jobs they begin, and the log of security events."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, false

from multilabelfy.store.schema.base import Json, UtcDateTime, metadata

annotators = Table(
    "annotators",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False),  # two people may share it: the number tells them apart
    Column("role", String(12), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("preferences", Json),  # what they set for themselves; NULL: nothing
    Column("erased_at", UtcDateTime),  # since then they have no name
)

members = Table(
    "members",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True, index=True),
    Column("role", String(12), nullable=False),  # in this dataset; owners of the workspace need no row
    Column("joined_at", UtcDateTime, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("used_at", UtcDateTime),  # first
    Column("once", Boolean, nullable=False, default=False, server_default=false()),  # it works once
    Column("made_by", ForeignKey("annotators.id"), index=True),  # NULL: the command line
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("device", String(60), nullable=False, default="", server_default=""),  # a browser and its system, as people call them
    Column("address", String(64), nullable=False, default="", server_default=""),
    Column("proven_at", UtcDateTime),  # when a link that was not used before was opened for it
    Column("seen_at", UtcDateTime),  # exact to the hour; NULL: not since this is written down
    Column("invitation_id", ForeignKey("invitations.id"), index=True),  # the link that opened it; NULL: not known
)


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
