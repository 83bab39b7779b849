"""Turn a file of votes into a score for each label of each image: by a fixed rule, or by a model of who can be believed."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.raters.against_gold import gold_by_rater
from multilabelfy.disagreement.raters.answer_log import log_of_votes
from multilabelfy.disagreement.raters.review import review
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.formats.tables_of_results import NamedReview
from multilabelfy.plurals import counted
from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles, Joined, join_evidence
from multilabelfy.workflows.analysing.planning import ATTEMPT, WAY_OUT, Advance, StudyPlan, WantedPlan, filled, plan_from_votes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from multilabelfy.disagreement.questions import Questions

UNCHECKED = "No label of an image has two votes, so that nothing tells how people err. {so} Ask a second person about some images."

UNASKED = "Left out {n} of machines on labels that no person was asked about."


class Method(StrEnum):
    """The ways to aggregate votes."""

    POSTERIOR = "posterior"
    DAWID_SKENE = "dawid-skene"
    ONE_COIN = "one-coin"
    MEAN = "mean"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    UNION = "union"


SO = {
    Method.POSTERIOR: "Typical errors are assumed, corrected by whatever other evidence there is.",
    Method.DAWID_SKENE: "What this method makes of them means little: use the method posterior.",
    Method.ONE_COIN: "What this method makes of them means little: use the method posterior.",
}


class Scored(Protocol):
    """What a model of raters gives: scores and log-odds by question, (n_questions,)."""

    @property
    def score(self) -> "npt.NDArray[np.float64]":
        """Chances from 0 to 1."""

    @property
    def log_odds(self) -> "npt.NDArray[np.float64]":
        """The same, unsaturated."""


@dataclass(frozen=True, slots=True)
class AggregationSummary:
    """What was aggregated, where the scores lie, and what to know before they are used."""

    method: Method
    n_images: int
    n_questions: int
    n_votes: int
    n_annotators: int
    out: str
    warnings: tuple[str, ...] = ()


def aggregate(votes: Path, method: Method, out: Path, files: EvidenceFiles | None = None) -> AggregationSummary:
    """Read the votes, score every question, write `image,label,score` (and `log_odds` where the method has them). Raises InvalidInput."""
    from multilabelfy.disagreement.consensus import rules
    from multilabelfy.formats.reading.votes import read_votes
    from multilabelfy.formats.score_table import write_scores

    files = files or EvidenceFiles()
    if files and method is not Method.POSTERIOR:
        raise InvalidInput(
            "Cannot aggregate the votes", [Problem(method.value, "this method takes no evidence")], "Use --method posterior."
        )
    table = read_votes(votes)
    images, labels, questions = table.images_asked(), table.labels_asked(), table.questions
    warnings: tuple[str, ...] = ()
    if method in SO:
        scored, warnings = _modelled(questions, method, join_evidence(table, files))
        write_scores(out, images, labels, scored.score, scored.log_odds)
    else:
        by_rule = rules.mean if method is Method.MEAN else rules.RULES[method.value]
        write_scores(out, images, labels, by_rule(questions.counts()))
    return AggregationSummary(method, len(table.images), len(questions), len(questions.vote), len(table.raters), str(out), warnings)


def _modelled(questions: "Questions", method: Method, evidence: Joined) -> "tuple[Scored, tuple[str, ...]]":
    """The scores by a model of the raters, and what to warn of."""
    from multilabelfy.disagreement.consensus import dawid_skene, one_coin, posterior

    warnings = [UNASKED.format(n=counted(evidence.n_unasked, "vote"))] if evidence.n_unasked else []
    warnings += [] if questions.n_checked or not len(questions) else [UNCHECKED.format(so=SO[method])]
    if method is Method.POSTERIOR:
        fit = posterior.fit(questions, evidence.features, evidence.known, machines=evidence.machines)
        if not fit.has_converged:
            warnings.append(f"After {fit.n_iterations} iterations scores still move by more than {fit.parameters.tolerance}.")
        return posterior.calibrated(fit, evidence.known), tuple(warnings)
    model = dawid_skene if method is Method.DAWID_SKENE else one_coin
    return model.fit(questions), tuple(warnings)


def review_votes(votes: Path, files: EvidenceFiles) -> NamedReview:
    """The review of those who cast the votes of a file, with what other files tell about the labels. Raises InvalidInput."""
    table = read_votes(votes)
    evidence = join_evidence(table, files)
    made = review(table.questions, log_of_votes(table.questions), partial(posterior.fit, features=evidence.features, known=evidence.known))
    return NamedReview(made, table.raters, dict(enumerate(table.images)), gold_by_rater(table.questions, evidence.known))


def plan_votes(votes: Path, files: EvidenceFiles, wanted: WantedPlan, advance: Advance | None = None) -> StudyPlan:
    """The plan from the votes of a file. Raises InvalidInput."""
    table = read_votes(votes)
    if not len(table.questions.vote):
        raise InvalidInput(ATTEMPT, [Problem(str(votes), "there are no votes in it")], WAY_OUT)
    evidence = join_evidence(table, files)
    fitted = posterior.fit(table.questions, evidence.features, evidence.known)
    return plan_from_votes(table.questions, fitted, filled(wanted, len(table.images)), advance)
