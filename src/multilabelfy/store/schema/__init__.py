"""The tables, on SQLite and PostgreSQL alike. People's answers are appended as revisions and never updated or deleted.

Summaries (`images.n_answers`, `images.n_leases`, `image_counts`, `person_counts`, `label_choices`) are kept in the transaction that
changes the log, and can be rebuilt from it (`store.answers.rebuild`).
"""

from multilabelfy.store.schema.annotation_tables import annotations, assignments, label_choices, person_counts, queue_cursors
from multilabelfy.store.schema.base import Json, UtcDateTime, metadata
from multilabelfy.store.schema.check_tables import check_answers, gold, planned_checks
from multilabelfy.store.schema.dataset_tables import analysis_plans, concepts, datasets, exemplars, guidelines, labels, protocols
from multilabelfy.store.schema.decision_tables import final_labels, refinements, releases
from multilabelfy.store.schema.discussion_tables import answers_seen, comment_answers, quick_answers, remarks
from multilabelfy.store.schema.image_tables import IS_BEGUN, candidates, image_counts, images, overlap_decisions, proposal_runs, proposals
from multilabelfy.store.schema.job_tables import background_jobs
from multilabelfy.store.schema.kin_tables import embeddings, kin
from multilabelfy.store.schema.machine_tables import machine_votes, machines
from multilabelfy.store.schema.people_tables import annotators, invitations, members, sessions
from multilabelfy.store.schema.security_tables import security_events

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
