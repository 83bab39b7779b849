"""Stage 4 and its result: experts' decisions, and the releases of final labels."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from multilabelfy.store.schema.base import Json, UtcDateTime, metadata
from multilabelfy.store.schema.explanation_columns import explanation_columns

refinements = Table(
    "refinements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False, index=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("expert_id", ForeignKey("annotators.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("before", Json, nullable=False),
    Column("shown", Json, nullable=False),
    Column("answer_blind", Json),
    Column("answer_revealed", Json),
    *explanation_columns(),
    Column("note", Text, nullable=False, default=""),
    Column("missing_label", Text, nullable=False, default="", server_default=""),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
    Column("policy", String(20), nullable=False, default="one-expert", server_default="one-expert"),  # as its assignment's was then
    Column("inclusion_probability", Float, nullable=False, default=1.0, server_default="1"),
    UniqueConstraint("image_id", "expert_id", "revision"),
    Index("ix_refinements_image", "image_id", "id"),
    Index("ix_refinements_dataset", "dataset_id", "id"),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("n_images", Integer, nullable=False),
    Column("n_unresolved", Integer, nullable=False),
    Column("n_added", Integer, nullable=False),
    Column("n_changed", Integer, nullable=False),
    Column("n_removed", Integer, nullable=False),
    Column("by_posterior", Json),  # how its labels of the source "posterior" were made; NULL: it has none
    UniqueConstraint("dataset_id", "number"),
)

final_labels = Table(
    "final_labels",
    metadata,
    # A release holds what changed since the one before; an image's labels are its newest row up to that release.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("labels", Json),  # NULL: no longer resolved as of this release
    Column("n_labels", Integer),  # how many they are; NULL as `labels`
    Column("source", String(10), nullable=False),
    *explanation_columns(),
    Column("decided_by", Json, nullable=False),
    Column("before", Json, nullable=False),
    Column("chances", Json),  # of `labels`, in their order; NULL: they are not of the posterior
    Index("ix_final_labels_dataset", "dataset_id", "image_id", "release_id"),
)
