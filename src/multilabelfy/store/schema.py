"""The tables, on SQLite and PostgreSQL alike. What a person said is appended as a revision and never updated or deleted in place.

Summaries (`images.n_answers`, `images.n_leases`, `image_counts`, `person_counts`, `label_choices`) are kept in the transaction that
changes the log, and can be rebuilt from it (`store.rebuild`).
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time in and out; stored without a zone, since SQLite knows none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


Json = JSON(none_as_null=True)
"""Python's None is SQL's NULL here, never the JSON value `null`."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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

labels = Table(
    "labels",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("label_index", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("names", Json, nullable=False),
    Column("definition", Text, nullable=False, default=""),
    Column("parents", Json, nullable=False),
    Column("search", Text, nullable=False),  # the key and every name, folded; see store.labels
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
    Column("fingerprint", String(16)),  # what the picture looks like, 64 bits as hex; filled when it is first needed
    ForeignKeyConstraint(["dataset_id", "label_index"], ["labels.dataset_id", "labels.label_index"]),
    UniqueConstraint("dataset_id", "label_index", "path"),
)

images = Table(
    "images",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("place", Integer, nullable=False),  # the order of the import, from 0
    Column("queue_place", Float, nullable=False),  # the order in which images are handed out; a policy may rewrite it
    Column("queue_policy", String(40)),  # which policy gave it that place; NULL: the import
    Column("triage", Float, nullable=False, default=0.0),  # of disputed images: the higher, the sooner an expert sees it
    Column("given_label", Integer),
    Column("token", String(32), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("n_answers", Integer, nullable=False, default=0),
    Column("n_leases", Integer, nullable=False, default=0),
    Column("unreadable_why", Text),
    Column("fingerprint", String(16)),  # what the picture looks like, 64 bits as hex; filled when it is first needed
    UniqueConstraint("dataset_id", "path"),
    Index("ix_images_place", "dataset_id", "place"),
    Index("ix_images_id", "dataset_id", "id"),
    Index("ix_images_queue", "dataset_id", "state", "queue_place", "id"),
    Index("ix_images_triage", "dataset_id", "state", text("triage DESC"), "queue_place", "id"),
    Index("ix_images_given", "dataset_id", "given_label", "place"),
    Index("ix_images_state", "dataset_id", "state", "place"),
)

image_counts = Table(
    "image_counts",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("state", String(12), primary_key=True),
    Column("n_images", Integer, nullable=False),
)

proposal_runs = Table(
    "proposal_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("source", String(200), nullable=False),
    Column("k", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("dataset_id", "source"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("run_id", ForeignKey("proposal_runs.id"), primary_key=True),
    Column("labels", LargeBinary, nullable=False),  # little-endian int32, best first
    Column("scores", LargeBinary, nullable=False),  # little-endian float32, softmax
    Index("ix_proposals_run", "run_id", "image_id"),
)

candidates = Table(
    "candidates",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("candidates", Json, nullable=False),
    Column("protocol_version", Integer, nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
)

annotators = Table(
    "annotators",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", UtcDateTime, nullable=False),
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
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("task", String(10), nullable=False),
    Column("state", String(10), nullable=False),  # open, later, answered, returned
    Column("handed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),  # of the first answer
    Column("policy", String(40), nullable=False),
    Column("inclusion_probability", Float, nullable=False, default=1.0),
    UniqueConstraint("image_id", "annotator_id", "task"),  # nobody gets an image twice for one task
    Index("ix_assignments_person", "annotator_id", "dataset_id", "task", "state", "answered_at", "id"),
    Index("ix_assignments_lease", "dataset_id", "state", "expires_at"),
)

person_counts = Table(
    "person_counts",
    metadata,
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("task", String(10), primary_key=True),
    Column("n_answered", Integer, nullable=False),  # images, however often revised
    Column("present_ms", BigInteger, nullable=False),  # over all revisions
    Index("ix_person_counts_dataset", "dataset_id", "task"),
)

queue_cursors = Table(
    "queue_cursors",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("queue_place", Float, nullable=False),  # nothing that this person could be given lies before it
)

annotations = Table(
    "annotations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False, index=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("answers", Json, nullable=False),  # {label index as text: vote}
    Column("unprompted", Json, nullable=False),
    Column("relation", String(20)),
    Column("unsure_between", Json, nullable=False),
    Column("missing_label", Text, nullable=False, default=""),
    Column("unfit_reason", String(20)),
    Column("note", Text, nullable=False, default=""),
    Column("screen", Json, nullable=False),
    Column("surplus", Boolean, nullable=False, default=False),
    Column("after_refinement", Boolean, nullable=False, default=False),
    Column("handed_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
    UniqueConstraint("image_id", "annotator_id", "revision"),
    Index("ix_annotations_person", "annotator_id", "dataset_id", "id"),
    Index("ix_annotations_dataset", "dataset_id", "id"),
    Index("ix_annotations_time", "dataset_id", "submitted_at"),
)

label_choices = Table(
    "label_choices",
    metadata,
    # How many people's standing answers choose or doubt a label of an image.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("label_index", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("n_yes", Integer, nullable=False),
    Column("n_maybe", Integer, nullable=False),
    Index("ix_label_choices_label", "dataset_id", "label_index", "image_id"),
)

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
    Column("reason", String(20)),
    Column("reason_note", Text, nullable=False, default=""),
    Column("relation", String(20)),
    Column("note", Text, nullable=False, default=""),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
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
    Column("reason", String(20)),
    Column("reason_note", Text, nullable=False, default=""),
    Column("relation", String(20)),
    Column("decided_by", Json, nullable=False),
    Column("before", Json, nullable=False),
    Index("ix_final_labels_dataset", "dataset_id", "image_id", "release_id"),
)
