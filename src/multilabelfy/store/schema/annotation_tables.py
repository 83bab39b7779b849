"""Stage 2: assignments and annotations."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from multilabelfy.store.schema.base import Json, UtcDateTime, metadata

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
    Column("queue_place", Float, nullable=False),  # every image that this person could be given lies at or behind it
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
    Column("search_first", Json),  # the answer by search alone, as `answers`; NULL: the candidates were shown from the start
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
