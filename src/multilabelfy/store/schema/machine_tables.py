"""Machines that were asked about labels, and their votes: a log of its own, which no reader of people's answers knows."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint

from multilabelfy.store.schema.base import UtcDateTime, metadata

machines = Table(
    "machines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    UniqueConstraint("dataset_id", "name"),
)

machine_votes = Table(
    "machine_votes",
    metadata,
    # A machine is asked about a label of an image once: the key holds that.
    Column("machine_id", ForeignKey("machines.id"), primary_key=True),
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("label", Integer, primary_key=True),
    Column("vote", Integer),  # NULL: it was asked and did not say
    Column("asked_at", UtcDateTime, nullable=False),
)
