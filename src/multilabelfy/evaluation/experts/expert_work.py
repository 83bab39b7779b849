"""What a report says about the experts of a study: three measures in one noun."""

from dataclasses import dataclass

from multilabelfy.evaluation.experts.audit import Audit
from multilabelfy.evaluation.experts.expert_agreement import ExpertAgreement
from multilabelfy.evaluation.experts.reveal import ChangesOfMind


@dataclass(frozen=True, slots=True)
class ExpertWork:
    """How far two experts agree and what the audit saw, each None where there is nothing yet; how often they changed after the reveal.

    `n_contested` images have no final labels, since three experts decided differently.
    """

    agreement: ExpertAgreement | None
    changes: ChangesOfMind
    audit: Audit | None
    n_contested: int = 0
