"""Combine several experts' independent decisions on one image into a verdict: never silently the last one.

The set that more than half of the experts who were asked decided on is final. Where two differ, a third is asked, as blind as they were:
our reading, for the protocol asks for two and does not say what follows (docs/decisions/0013). Where all three differ the image is
contested: it has no final labels and is listed so, until it is reopened for one more decision.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.refinement.explanation import parts_in_common
from multilabelfy.refinement.lots import policy_meaning
from multilabelfy.refinement.model import FinalLabels, LabelSource, Refinement

MOST_EXPERTS = 3


class Standing(StrEnum):
    """Where an image stands after an expert's decision."""

    WAITING = "waiting"  # for another expert
    FINAL = "final"
    CONTESTED = "contested"  # as many experts as may be asked decided differently


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of the decisions: how many experts the image needs now, and the final labels once there are any."""

    standing: Standing
    n_experts: int
    final: FinalLabels | None = None


def verdict(decisions: Sequence[Refinement], n_experts: int) -> Verdict:
    """The verdict of the experts' standing decisions on one image: each expert's newest, in the order of their first ones.

    `n_experts` are wanted so far. A late decision beyond them counts as much as theirs. Decisions are the same where their sets of labels
    are; ties ask for a further expert.
    """
    sets = Counter(decision.labels() for decision in decisions).most_common()
    if sets and 2 * sets[0][1] > n_experts and (len(sets) == 1 or sets[0][1] > sets[1][1]):
        return Verdict(Standing.FINAL, n_experts, _final([decision for decision in decisions if decision.labels() == sets[0][0]]))
    if len(decisions) < n_experts:
        return Verdict(Standing.WAITING, n_experts)
    if len(decisions) < MOST_EXPERTS:
        return Verdict(Standing.WAITING, len(decisions) + 1)
    return Verdict(Standing.CONTESTED, n_experts)


def final_by_experts(decisions: Sequence[Refinement]) -> FinalLabels | None:
    """The final labels that the standing decisions on a refined image come to; None where no set stands above the others.

    A blind answer that waits for its reveal decides nothing.
    """
    return verdict([decision for decision in decisions if decision.is_decided], 1).final


def _final(agreeing: Sequence[Refinement]) -> FinalLabels:
    """The labels that these experts decided on, with what they said beside them in common."""
    sources = {policy_meaning(decision.policy).source for decision in agreeing}
    return FinalLabels(
        image=agreeing[0].image,
        labels=agreeing[0].labels(),
        source=LabelSource.AUDITED if LabelSource.AUDITED in sources else LabelSource.REFINED,
        decided_by=tuple(decision.expert for decision in agreeing),
        before=agreeing[0].before,
        **parts_in_common(agreeing),
    )
