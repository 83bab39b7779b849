"""The tables, on SQLite and PostgreSQL alike. People's answers are appended as revisions and never updated or deleted.

Summaries (`images.n_answers`, `images.n_leases`, `image_counts`, `person_counts`, `label_choices`) are kept in the transaction that
changes the log, and can be rebuilt from it (`store.answers.rebuild`).
"""

from multilabelfy.store.schema.annotation_tables import (
    annotations,
    assignments,
    check_answers,
    gold,
    label_choices,
    machine_votes,
    machines,
    person_counts,
    planned_checks,
    queue_cursors,
)
from multilabelfy.store.schema.base import Json, UtcDateTime, metadata
from multilabelfy.store.schema.dataset_tables import analysis_plans, concepts, datasets, exemplars, guidelines, labels, protocols
from multilabelfy.store.schema.decision_tables import (
    answers_seen,
    comment_answers,
    final_labels,
    quick_answers,
    refinements,
    releases,
    remarks,
)
from multilabelfy.store.schema.image_tables import (
    IS_BEGUN,
    candidates,
    embeddings,
    image_counts,
    images,
    kin,
    overlap_decisions,
    proposal_runs,
    proposals,
)
from multilabelfy.store.schema.people_tables import annotators, background_jobs, invitations, members, security_events, sessions

__all__ = [
    "IS_BEGUN",
    "Json",
    "UtcDateTime",
    "analysis_plans",
    "annotations",
    "annotators",
    "answers_seen",
    "assignments",
    "background_jobs",
    "candidates",
    "check_answers",
    "comment_answers",
    "concepts",
    "datasets",
    "embeddings",
    "exemplars",
    "final_labels",
    "gold",
    "guidelines",
    "image_counts",
    "images",
    "invitations",
    "kin",
    "label_choices",
    "labels",
    "machine_votes",
    "machines",
    "members",
    "metadata",
    "overlap_decisions",
    "person_counts",
    "planned_checks",
    "proposal_runs",
    "proposals",
    "protocols",
    "queue_cursors",
    "quick_answers",
    "refinements",
    "releases",
    "remarks",
    "security_events",
    "sessions",
]
