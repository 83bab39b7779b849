"""Stage 2: assignments, annotations, quality checks (kept apart from the votes), and machines' votes, a log of their own."""

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


gold = Table(
    "gold",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("labels", Json, nullable=False),  # the valid labels, ascending
    Column("why", Text, nullable=False, default=""),
    Column("added_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),  # not handed out any more, and its answers count for nothing
    Index("ix_gold_kind", "dataset_id", "kind", "retired_at", "image_id"),
)

planned_checks = Table(
    "planned_checks",
    metadata,
    # A check that was drawn and waits for its turn; it becomes an assignment when it is handed out.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("policy", String(40), nullable=False),
    Column("inclusion_probability", Float, nullable=False),
    Column("due", Integer, nullable=False),  # how many images its person must have answered before
    Column("place", Integer, nullable=False),  # the order among those that are due
    Index("ix_planned_checks_person", "annotator_id", "dataset_id", "due", "place"),
)

check_answers = Table(
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
    Column("answers", Json, nullable=False),
    Column("unprompted", Json, nullable=False),
    Column("relation", String(20)),
    Column("unsure_between", Json, nullable=False),
    Column("missing_label", Text, nullable=False, default=""),
    Column("unfit_reason", String(20)),
    Column("note", Text, nullable=False, default=""),
    Column("screen", Json, nullable=False),
    Column("handed_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
    UniqueConstraint("assignment_id", "revision"),
    Index("ix_check_answers_dataset", "dataset_id", "id"),
)
