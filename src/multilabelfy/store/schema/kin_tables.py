"""How pictures look to a model, and which of them look alike."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table

from multilabelfy.store.schema.base import metadata

embeddings = Table(
    "embeddings",
    metadata,
    # What a run's network made of a picture before its last layer.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("run_id", ForeignKey("proposal_runs.id"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # little-endian float16, of unit length
    Index("ix_embeddings_run", "run_id", "image_id"),
)

kin = Table(
    "kin",
    metadata,
    # The images whose embeddings are nearest to an image's, nearest first: derived from `embeddings`, and made anew whenever they change.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("nearest", LargeBinary, nullable=False),  # little-endian int64, image ids
    Column("similarities", LargeBinary, nullable=False),  # little-endian float16, cosines
    Index("ix_kin_dataset", "dataset_id"),
)
