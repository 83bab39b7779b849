"""Plan a study from the votes of a file, with what other files tell about the labels."""

from pathlib import Path

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.workflows.analysing.of_files.evidence import EvidenceFiles, join_evidence
from multilabelfy.workflows.analysing.planning import ATTEMPT, WAY_OUT, Advance, StudyPlan, WantedPlan, filled, plan_from_votes


def plan_votes(votes: Path, files: EvidenceFiles, wanted: WantedPlan, advance: Advance | None = None) -> StudyPlan:
    """The plan from the votes of a file. Raises InvalidInput."""
    table = read_votes(votes)
    if not len(table.questions.vote):
        raise InvalidInput(ATTEMPT, [Problem(str(votes), "there are no votes in it")], WAY_OUT)
    evidence = join_evidence(table, files)
    fitted = posterior.fit(table.questions, evidence.features, evidence.known)
    return plan_from_votes(table.questions, fitted, filled(wanted, len(table.images)), advance)
