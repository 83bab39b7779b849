"""Say how far two independent experts agree on the same images: a ceiling, for nobody agrees with experts more than they do themselves.

A decision is about the whole picture: a label that an expert did not choose is a no, also where only the other one added it by search.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.agreement.agreement import Agreement, agreement
from multilabelfy.disagreement.questions import Questions, questions_of_votes
from multilabelfy.refinement.lots import INDEPENDENT, RefinePolicy
from multilabelfy.refinement.model import Refinement

Pair = tuple[Refinement, Refinement]
Answer = Mapping[int, Vote]


@dataclass(frozen=True, slots=True)
class ExpertAgreement:
    """Over the images that two experts decided independently: as decided, and before the earlier votes were revealed (None: they were
    open all along).

    `n_audited` of them are images of the audit, the others disputed ones: two kinds that differ in how hard they are. On `n_half` further
    images one of the two has decided.
    """

    n_images: int
    n_audited: int
    n_half: int
    decided: Agreement
    blind: Agreement | None


def expert_agreement(decisions: Iterable[Refinement], *, seed: int) -> ExpertAgreement | None:
    """How far experts agree, from all decisions and blind answers in the order in which they came; None where no image has two."""
    every = list(decisions)
    pairs = independent_pairs(every)
    if not pairs:
        return None
    decided = [(first.answer_revealed or {}, second.answer_revealed or {}) for first, second in pairs]
    blind = [
        (first.answer_blind, second.answer_blind)
        for first, second in pairs
        if first.answer_blind is not None and second.answer_blind is not None
    ]
    return ExpertAgreement(
        n_images=len(pairs),
        n_audited=sum(first.policy == RefinePolicy.AUDIT for first, _ in pairs),
        n_half=len({decision.image for decision in every if _is_independent(decision)}) - len(pairs),
        decided=agreement(_questions(decided), seed=seed),
        blind=agreement(_questions(blind), seed=seed) if blind else None,
    )


def independent_pairs(decisions: Iterable[Refinement]) -> list[Pair]:
    """The newest decisions of each image's first two independent experts; images in the order of their first decisions.

    A third expert, who is asked only where two differ, and whoever decided after a reopening are left out: they would bend the figure.
    """
    by_image: dict[ImageId, dict[int, Refinement]] = {}
    for decision in decisions:
        if _is_independent(decision):
            by_image.setdefault(decision.image, {})[decision.expert] = decision
    standing = [list(experts.values()) for experts in by_image.values()]
    return [(experts[0], experts[1]) for experts in standing if len(experts) > 1]


def _is_independent(decision: Refinement) -> bool:
    return decision.is_decided and decision.policy in INDEPENDENT


def _questions(pairs: Sequence[tuple[Answer, Answer]]) -> Questions:
    """One question an image and label that either expert was shown or added, answered by both: 0 the first expert, 1 the second."""
    rows = [
        (place, label, rater, int(answer.get(label, Vote.NO)))
        for place, both in enumerate(pairs)
        for label in sorted({*both[0], *both[1]})
        for rater, answer in enumerate(both)
    ]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    return questions_of_votes(*columns)
