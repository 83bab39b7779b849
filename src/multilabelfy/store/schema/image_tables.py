"""The images: what models proposed, the candidates that were frozen, how a picture looks to a model, and which look alike."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS
from multilabelfy.store.schema.base import Json, UtcDateTime, metadata

(_OPEN,) = AWAITING_ANNOTATORS  # a second one needs an index, and so a migration
IS_BEGUN = f"state = '{_OPEN.value}' AND (n_answers > 0 OR n_wanted IS NOT NULL)"
"""An image that waits for annotators and is unlike most that do: they are few, and have an index of their own."""

images = Table(
    "images",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("place", Integer, nullable=False),  # the order of the import, from 0
    Column("queue_place", Float, nullable=False),  # the order in which images are handed out; a policy may rewrite it
    Column("queue_policy", String(40)),  # the policy that set this place; NULL: the import
    Column("triage", Float, nullable=False, default=0.0),  # of disputed images: the higher, the sooner an expert sees it
    Column("n_experts", Integer, nullable=False, default=1, server_default="1"),  # how many experts it needs while it waits for them
    Column("expert_policy", String(20)),  # why it waits for them: refinement.lots; NULL: it is disputed
    Column("expert_probability", Float),  # the probability of being drawn for them; NULL: 1
    Column("given_label", Integer),
    Column("token", String(32), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("n_answers", Integer, nullable=False, default=0),
    Column("n_leases", Integer, nullable=False, default=0),
    Column("unreadable_why", Text),
    Column("fingerprint", String(16)),  # of how the picture looks, 64 bits as hex; computed when first needed
    Column("n_wanted", Integer),  # how many answers a policy wants of it; NULL: as many as the protocol wants of every image
    UniqueConstraint("dataset_id", "path"),
    Index("ix_images_place", "dataset_id", "place"),
    Index("ix_images_id", "dataset_id", "id"),
    Index("ix_images_queue", "dataset_id", "state", "queue_place", "id"),
    Index("ix_images_triage", "dataset_id", "state", text("triage DESC"), "queue_place", "id"),
    Index("ix_images_given", "dataset_id", "given_label", "place"),
    Index("ix_images_state", "dataset_id", "state", "place"),
    Index("ix_images_begun", "dataset_id", "state", sqlite_where=text(IS_BEGUN), postgresql_where=text(IS_BEGUN)),
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

overlap_decisions = Table(
    "overlap_decisions",
    metadata,
    # What the policy of an adaptive overlap said last of an image: whether it wants one more visit, and why.
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("dataset_id", ForeignKey("datasets.id"), nullable=False),
    Column("reason", String(12), nullable=False),
    Column("n_visits", Integer, nullable=False),  # the answers that it knew of
    Column("wrong", Float, nullable=False),  # the expected number of wrong labels
    Column("gain", Float, nullable=False),  # of one more visit, in wrong labels a second
    Column("probability", Float),  # with which the image was drawn for the panel; NULL: it was not
    Column("decided_at", UtcDateTime, nullable=False),
    Index("ix_overlap_decisions_dataset", "dataset_id", "reason"),
)


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
