"""What annotators are asked and how: the presets `paper` (arXiv 2401.17736), `blind` (ours) and `real` (arXiv 2006.07159) as values."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from multilabelfy.annotation.model import AnnotatorId


class CandidateOrder(StrEnum):
    """In which order an annotator sees the candidates of an image."""

    RANKED = "ranked"  # as the model ranked them
    SEEDED = "seeded"  # shuffled by a seed made of image and annotator


class RefinementStyle(StrEnum):
    """What an expert sees of the earlier answers."""

    OPEN = "open"  # votes and notes from the start; the union of the ticks is the start
    BLIND = "blind"  # the expert answers first; then the votes are revealed and the answer may be revised


class ExpertOrder(StrEnum):
    """Which case an expert is given first."""

    VOTES = "votes"  # the one that its votes leave most open, whoever cast them
    GAIN = "gain"  # the one where a second of an expert's time is expected to gain most, by the posterior


@dataclass(frozen=True, slots=True)
class AnnotationProtocol:
    """One way to ask. A dataset keeps every version of its protocol; an annotation names the version it was made under.

    The quality checks (`annotation.checking`) are off where their number or share is 0, as in versions that were stored before they were
    there. A share is the probability, from 0 to 1, that an answer brings one more check, or that an image is asked in that way.
    """

    preset: str
    n_candidates: int = 20
    group_size: int = 5
    overlap: int = 2
    maybe_allowed: bool = False
    all_groups_required: bool = True
    given_label_always: bool = False
    n_decoys: int = 0
    order: CandidateOrder = CandidateOrder.RANKED
    relation_asked: bool = False
    refinement: RefinementStyle = RefinementStyle.OPEN
    two_expert_share: float = 0.0  # of the disputed images: decided by two independent experts
    audit_share: float = 0.0  # of the agreed images: put before two experts too, unmarked
    n_practice: int = 0  # a new annotator's first images, with known labels and feedback
    calibration_share: float = 0.0  # checks by answer: gold that calibrates, gold that tests, own earlier images
    test_gold_share: float = 0.0
    repeat_share: float = 0.0
    repeat_after: int = 20  # so many answers lie between an image and its repeat, at least
    search_first_share: float = 0.0  # of the images: answered by search alone first
    posterior_threshold: float = 0.0  # releases settle what waits for an expert by the posterior, from this chance on; 0: they do not
    posterior_margin: float = 0.0  # and leave an image to experts where the chance of a label is closer to the threshold than this
    overlap_floor: int = 0  # answers an image, at least, where the overlap adapts
    overlap_cap: int = 0  # and at most; 0: it does not adapt, and every image gets `overlap`
    overlap_bound: float = 0.0  # an image has had enough once at most so many of its labels are expected to be wrong
    panel_share: float = 0.0  # of the images, drawn by seed: they keep the fixed `overlap`, so that the headline stays right
    expert_order: ExpertOrder = ExpertOrder.VOTES

    @property
    def asks_experts_twice(self) -> bool:
        """Whether some images go to two independent experts: then nothing an expert sees before deciding may reveal which."""
        return self.two_expert_share > 0 or self.audit_share > 0

    @property
    def settles_by_posterior(self) -> bool:
        """Whether a release gives labels to images that wait for an expert."""
        return self.posterior_threshold > 0

    @property
    def is_adaptive(self) -> bool:
        """Whether some images are put before more people than others."""
        return self.overlap_cap > 0

    @property
    def least_overlap(self) -> int:
        """How many answers every image wants as long as no policy has spoken of it."""
        return self.overlap_floor if self.is_adaptive else self.overlap


PAPER = AnnotationProtocol(preset="paper")
BLIND = AnnotationProtocol(
    preset="blind",
    maybe_allowed=True,
    given_label_always=True,
    n_decoys=2,
    order=CandidateOrder.SEEDED,
    relation_asked=True,
    refinement=RefinementStyle.BLIND,
    two_expert_share=0.10,
    audit_share=0.05,
    n_practice=5,
    calibration_share=0.03,
    test_gold_share=0.05,
    repeat_share=0.02,
    search_first_share=0.03,
)
REAL = AnnotationProtocol(preset="real", n_candidates=8, overlap=5, maybe_allowed=True, posterior_threshold=0.8)

PRESETS = {protocol.preset: protocol for protocol in (PAPER, BLIND, REAL)}


def chosen_protocol(preset: str | None, overlap: int | None) -> AnnotationProtocol | None:
    """The preset of this name with this overlap, each as usual where it is None; None if both are, which means `paper` for a new dataset.

    Raises KeyError for an unknown name.
    """
    if preset is None and overlap is None:
        return None
    chosen = PRESETS[preset or PAPER.preset]
    return chosen if overlap is None else replace(chosen, overlap=overlap)


@dataclass(frozen=True, slots=True)
class Guidelines:
    """One version of the text; version 0 is the empty text before the first."""

    version: int
    text: str
    author: AnnotatorId | None
    created_at: datetime | None
