"""What is re-annotated: datasets with the versions of their protocols and guidelines, and their labels."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table, Text, UniqueConstraint

from multilabelfy.store.schema.base import Json, UtcDateTime, metadata

datasets = Table(
    "datasets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("images_root", Text, nullable=False),
    Column("reference_root", Text),
    Column("label_space", String(100), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("protocol_version", Integer, nullable=False),
    Column("paused", Boolean, nullable=False, default=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("references_mark", String(16), nullable=False, default="", server_default=""),  # drawn anew with each change of an exemplar
)

protocols = Table(
    "protocols",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("protocol", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

guidelines = Table(
    "guidelines",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("author_id", ForeignKey("annotators.id")),
    Column("created_at", UtcDateTime, nullable=False),
)

analysis_plans = Table(
    "analysis_plans",
    metadata,
    # A version that is not frozen is a draft; the first frozen one is the plan, later ones are amendments.
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("author_id", ForeignKey("annotators.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("frozen_at", UtcDateTime),
    Column("n_answers", Integer),  # how many there were when it was frozen
)

labels = Table(
    "labels",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("label_index", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("names", Json, nullable=False),
    Column("definition", Text, nullable=False, default=""),
    Column("parents", Json, nullable=False),
    Column("search", Text, nullable=False),  # the key and every name, folded; see store.dataset.labels
    UniqueConstraint("dataset_id", "key"),
)

concepts = Table(
    "concepts",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("names", Json, nullable=False),
    Column("parents", Json, nullable=False),
)

exemplars = Table(
    "exemplars",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", Integer, nullable=False),
    Column("label_index", Integer, nullable=False),
    Column("place", Integer, nullable=False),  # 0 first; an exemplar that an owner removed has place -1
    Column("path", Text, nullable=False),
    Column("token", String(32), nullable=False, index=True),
    Column("fingerprint", String(16)),  # of how the picture looks, 64 bits as hex; computed when first needed
    ForeignKeyConstraint(["dataset_id", "label_index"], ["labels.dataset_id", "labels.label_index"]),
    UniqueConstraint("dataset_id", "label_index", "path"),
)
