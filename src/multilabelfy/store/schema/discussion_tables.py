"""What experts say to each other, what they answer one label at a time, and what owners answer to comments: all of it appended."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from multilabelfy.store.schema.base import UtcDateTime, metadata

remarks = Table(
    "remarks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("author_id", ForeignKey("annotators.id"), nullable=False),
    Column("kind", String(10), nullable=False),  # note, passed, reopened
    Column("to_id", ForeignKey("annotators.id")),  # whom it was passed to by name
    Column("text", Text, nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_remarks_image", "image_id", "id"),
    Index("ix_remarks_to", "to_id", "dataset_id"),
)

quick_answers = Table(
    "quick_answers",
    metadata,
    # One label of one image, answered alone; the decision on the image is made of them when its last label is answered.
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("assignment_id", ForeignKey("assignments.id"), nullable=False),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("expert_id", ForeignKey("annotators.id"), nullable=False),
    Column("label_index", Integer, nullable=False),
    Column("vote", Integer, nullable=False),  # 0 no, 2 yes
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("present_ms", Integer, nullable=False, default=0),
    Column("n_decisions", Integer, nullable=False, default=0, server_default="0"),  # of its assignment, when it came
    Index("ix_quick_answers_assignment", "assignment_id", "id"),
    Index("ix_quick_answers_expert", "expert_id", "dataset_id", "id"),
)

comment_answers = Table(
    "comment_answers",
    metadata,
    # What an owner answers to a comment, that is to what an answer says beside its labels.
    Column("id", Integer, primary_key=True),
    Column("client_id", String(64), nullable=False, unique=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("annotation_id", ForeignKey("annotations.id"), nullable=False, index=True),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),  # who commented
    Column("author_id", ForeignKey("annotators.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_comment_answers_annotator", "annotator_id", "id"),
)

answers_seen = Table(
    "answers_seen",
    metadata,
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("comment_answer_id", Integer, nullable=False),  # the newest answer that this person has looked at
)
