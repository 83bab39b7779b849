"""Review those who cast the votes of a file, without a study: by their votes, and by what other files tell about the labels."""

from functools import partial
from pathlib import Path

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.raters.against_gold import gold_by_rater
from multilabelfy.disagreement.raters.answer_log import log_of_votes
from multilabelfy.disagreement.raters.review import review
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.formats.results.annotators import NamedReview
from multilabelfy.workflows.analysing.of_files.evidence import EvidenceFiles, join_evidence


def review_votes(votes: Path, files: EvidenceFiles) -> NamedReview:
    """The review of those who cast the votes of a file, with what other files tell about the labels. Raises InvalidInput."""
    table = read_votes(votes)
    evidence = join_evidence(table, files)
    made = review(table.questions, log_of_votes(table.questions), partial(posterior.fit, features=evidence.features, known=evidence.known))
    return NamedReview(made, table.raters, dict(enumerate(table.images)), gold_by_rater(table.questions, evidence.known))
