"""The tables of the first release, as they were then: what `schema` says later changes nothing here.

It carries the number of the last of the steps that led to it, so that workspaces from before the release open as they are.
"""

from alembic import op
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
    UniqueConstraint,
    text,
)

revision = "0005"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Table(
    "datasets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("images_root", Text, nullable=False),
    Column("reference_root", Text),
    Column("label_space", String(100), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("protocol_version", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("created_at", DateTime, nullable=False),
)

Table(
    "protocols",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("protocol", JSON, nullable=False),
    Column("created_at", DateTime, nullable=False),
)

Table(
    "guidelines",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("author_id", ForeignKey("annotators.id")),
    Column("created_at", DateTime, nullable=False),
)

Table(
    "analysis_plans",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("author_id", ForeignKey("annotators.id")),
    Column("created_at", DateTime, nullable=False),
    Column("frozen_at", DateTime),
    Column("n_answers", Integer),
)

Table(
    "labels",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("label_index", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("names", JSON, nullable=False),
    Column("definition", Text, nullable=False),
    Column("parents", JSON, nullable=False),
    Column("search", Text, nullable=False),
    UniqueConstraint("dataset_id", "key"),
)

Table(
    "concepts",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("names", JSON, nullable=False),
    Column("parents", JSON, nullable=False),
)

Table(
    "exemplars",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", Integer, nullable=False),
    Column("label_index", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("token", String(32), nullable=False, index=True),
    Column("fingerprint", String(16)),
    ForeignKeyConstraint(["dataset_id", "label_index"], ["labels.dataset_id", "labels.label_index"]),
    UniqueConstraint("dataset_id", "label_index", "path"),
)

Table(
    "images",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("queue_place", Float, nullable=False),
    Column("queue_policy", String(40)),
    Column("triage", Float, nullable=False),
    Column("n_experts", Integer, nullable=False, server_default="1"),
    Column("expert_policy", String(20)),
    Column("expert_probability", Float),
    Column("given_label", Integer),
    Column("token", String(32), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("n_answers", Integer, nullable=False),
    Column("n_leases", Integer, nullable=False),
    Column("unreadable_why", Text),
    Column("fingerprint", String(16)),
    UniqueConstraint("dataset_id", "path"),
    Index("ix_images_place", "dataset_id", "place"),
    Index("ix_images_id", "dataset_id", "id"),
    Index("ix_images_queue", "dataset_id", "state", "queue_place", "id"),
    Index("ix_images_triage", "dataset_id", "state", text("triage DESC"), "queue_place", "id"),
    Index("ix_images_given", "dataset_id", "given_label", "place"),
    Index("ix_images_state", "dataset_id", "state", "place"),
)

Table(
    "image_counts",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("state", String(12), primary_key=True),
    Column("n_images", Integer, nullable=False),
)

Table(
    "proposal_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("source", String(200), nullable=False),
    Column("k", Integer, nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    UniqueConstraint("dataset_id", "source"),
)

Table(
    "proposals",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("run_id", ForeignKey("proposal_runs.id"), primary_key=True),
    Column("labels", LargeBinary, nullable=False),
    Column("scores", LargeBinary, nullable=False),
    Index("ix_proposals_run", "run_id", "image_id"),
)

Table(
    "candidates",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("candidates", JSON, nullable=False),
    Column("protocol_version", Integer, nullable=False),
    Column("frozen_at", DateTime, nullable=False),
)

Table(
    "annotators",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("preferences", JSON),
)

Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
)

Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False, index=True),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
)

Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("task", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("handed_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("answered_at", DateTime),
    Column("policy", String(40), nullable=False),
    Column("inclusion_probability", Float, nullable=False),
    UniqueConstraint("image_id", "annotator_id", "task"),
    Index("ix_assignments_person", "annotator_id", "dataset_id", "task", "state", "answered_at", "id"),
    Index("ix_assignments_lease", "dataset_id", "state", "expires_at"),
)

Table(
    "person_counts",
    metadata,
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("task", String(10), primary_key=True),
    Column("n_answered", Integer, nullable=False),
    Column("present_ms", BigInteger, nullable=False),
    Index("ix_person_counts_dataset", "dataset_id", "task"),
)

Table(
    "queue_cursors",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("queue_place", Float, nullable=False),
)

Table(
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
    Column("answers", JSON, nullable=False),
    Column("unprompted", JSON, nullable=False),
    Column("relation", String(20)),
    Column("unsure_between", JSON, nullable=False),
    Column("missing_label", Text, nullable=False),
    Column("unfit_reason", String(20)),
    Column("note", Text, nullable=False),
    Column("screen", JSON, nullable=False),
    Column("surplus", Boolean, nullable=False),
    Column("after_refinement", Boolean, nullable=False),
    Column("search_first", JSON),
    Column("handed_at", DateTime, nullable=False),
    Column("submitted_at", DateTime, nullable=False),
    Column("present_ms", Integer, nullable=False),
    UniqueConstraint("image_id", "annotator_id", "revision"),
    Index("ix_annotations_person", "annotator_id", "dataset_id", "id"),
    Index("ix_annotations_dataset", "dataset_id", "id"),
    Index("ix_annotations_time", "dataset_id", "submitted_at"),
)

Table(
    "label_choices",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("label_index", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("n_yes", Integer, nullable=False),
    Column("n_maybe", Integer, nullable=False),
    Index("ix_label_choices_label", "dataset_id", "label_index", "image_id"),
)

Table(
    "gold",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("labels", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("added_at", DateTime, nullable=False),
    Column("retired_at", DateTime),
    Index("ix_gold_kind", "dataset_id", "kind", "retired_at", "image_id"),
)

Table(
    "planned_checks",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("policy", String(40), nullable=False),
    Column("inclusion_probability", Float, nullable=False),
    Column("due", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Index("ix_planned_checks_person", "annotator_id", "dataset_id", "due", "place"),
)

Table(
    "check_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("unprompted", JSON, nullable=False),
    Column("relation", String(20)),
    Column("unsure_between", JSON, nullable=False),
    Column("missing_label", Text, nullable=False),
    Column("unfit_reason", String(20)),
    Column("note", Text, nullable=False),
    Column("screen", JSON, nullable=False),
    Column("handed_at", DateTime, nullable=False),
    Column("submitted_at", DateTime, nullable=False),
    Column("present_ms", Integer, nullable=False),
    UniqueConstraint("assignment_id", "revision"),
    Index("ix_check_answers_dataset", "dataset_id", "id"),
)

Table(
    "refinements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False, index=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("expert_id", ForeignKey("annotators.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("before", JSON, nullable=False),
    Column("shown", JSON, nullable=False),
    Column("answer_blind", JSON),
    Column("answer_revealed", JSON),
    Column("reason", String(20)),
    Column("reason_note", Text, nullable=False),
    Column("relation", String(20)),
    Column("note", Text, nullable=False),
    Column("submitted_at", DateTime, nullable=False),
    Column("present_ms", Integer, nullable=False),
    Column("policy", String(20), nullable=False, server_default="one-expert"),
    Column("inclusion_probability", Float, nullable=False, server_default="1"),
    UniqueConstraint("image_id", "expert_id", "revision"),
    Index("ix_refinements_image", "image_id", "id"),
    Index("ix_refinements_dataset", "dataset_id", "id"),
)

Table(
    "releases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("n_images", Integer, nullable=False),
    Column("n_unresolved", Integer, nullable=False),
    Column("n_added", Integer, nullable=False),
    Column("n_changed", Integer, nullable=False),
    Column("n_removed", Integer, nullable=False),
    UniqueConstraint("dataset_id", "number"),
)

Table(
    "final_labels",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("labels", JSON),
    Column("n_labels", Integer),
    Column("source", String(10), nullable=False),
    Column("reason", String(20)),
    Column("reason_note", Text, nullable=False),
    Column("relation", String(20)),
    Column("decided_by", JSON, nullable=False),
    Column("before", JSON, nullable=False),
    Index("ix_final_labels_dataset", "dataset_id", "image_id", "release_id"),
)

Table(
    "remarks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("author_id", ForeignKey("annotators.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("to_id", ForeignKey("annotators.id")),
    Column("text", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Index("ix_remarks_image", "image_id", "id"),
    Index("ix_remarks_to", "to_id", "dataset_id"),
)

Table(
    "quick_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("expert_id", ForeignKey("annotators.id"), nullable=False),
    Column("label_index", Integer, nullable=False),
    Column("vote", Integer, nullable=False),
    Column("submitted_at", DateTime, nullable=False),
    Column("present_ms", Integer, nullable=False),
    Index("ix_quick_answers_assignment", "assignment_id", "id"),
    Index("ix_quick_answers_expert", "expert_id", "dataset_id", "id"),
)

Table(
    "comment_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("annotation_id", ForeignKey("annotations.id"), nullable=False, index=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("author_id", ForeignKey("annotators.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Index("ix_comment_answers_annotator", "annotator_id", "id"),
)

Table(
    "answers_seen",
    metadata,
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("comment_answer_id", Integer, nullable=False),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=False)
