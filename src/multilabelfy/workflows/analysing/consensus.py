"""Consensus as a library: votes in, an estimator to fit, frames out. The command `aggregate` does the same with files."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import Parameters, Posterior
from multilabelfy.formats.reading.votes import VoteTable, read_votes, votes_of
from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles, join_evidence

CLASSES = ("not valid", "valid")


@dataclass
class Consensus:
    """The method `posterior` in the shape of an estimator: parameters first, then `fit`, then what ends in an underscore.

    `labels_` has a row for each question: image, label, score, log_odds (rank by it) and valid (score above `threshold`). `raters_` has two
    for each annotator: how they answer (no, maybe, yes) where a label is not valid and where it is. `posterior_` is the fit itself.
    """

    threshold: float = 0.5
    parameters: Parameters = field(default_factory=Parameters)

    def fit(self, votes: VoteTable | pl.DataFrame | Path, evidence: EvidenceFiles | None = None) -> "Consensus":
        """Fit the votes of a file or a frame (image,label,annotator,vote, or crowd-kit's task,worker,label). Raises InvalidInput."""
        table = _table(votes)
        joined = join_evidence(table, evidence or EvidenceFiles())
        fitted = posterior.fit(table.questions, joined.features, joined.known, self.parameters, joined.machines)
        self.posterior_ = posterior.calibrated(fitted, joined.known)
        self.labels_ = _labels(table, self.posterior_, self.threshold)
        self.raters_ = _raters(table, self.posterior_)
        return self

    def fit_predict(self, votes: VoteTable | pl.DataFrame | Path, evidence: EvidenceFiles | None = None) -> pl.DataFrame:
        """Fit, and return the rows of `labels_` that are valid, as image,label."""
        return self.fit(votes, evidence).labels_.filter(pl.col("valid")).select("image", "label")


def _table(votes: VoteTable | pl.DataFrame | Path) -> VoteTable:
    if isinstance(votes, VoteTable):
        return votes
    return votes_of(votes) if isinstance(votes, pl.DataFrame) else read_votes(votes)


def _labels(table: VoteTable, fitted: Posterior, threshold: float) -> pl.DataFrame:
    score = fitted.score
    columns = {"image": table.images_asked(), "label": table.labels_asked()}
    return pl.DataFrame({**columns, "score": score, "log_odds": fitted.log_odds, "valid": score > threshold})


def _raters(table: VoteTable, fitted: Posterior) -> pl.DataFrame:
    n_votes = np.bincount(table.questions.rater, minlength=len(table.raters))
    confusion = fitted.confusion.reshape(-1, 3)
    answers = dict(zip(("no", "maybe", "yes"), confusion.T, strict=True))
    who = {"annotator": np.repeat(np.array(table.raters, dtype=object), 2), "where": CLASSES * len(table.raters)}
    return pl.DataFrame({**who, **answers, "n_votes": np.repeat(n_votes, 2)}, schema_overrides={"annotator": pl.String})
