"""An overlap that adapts: how many answers each image wants after what a policy said of it, and which one is asked next.

The policy itself is `disagreement.policy`. An image whose votes leave doubt wants one answer more than it has, and is decided anew when
that answer is there. Images of the panel are drawn by seed before anybody looks, and keep the fixed overlap whatever the policy says
(`simulation.panel` shows that the headline of such a panel is right).
"""

from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.annotation.checking.checks import lot
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId

POLICY = "adaptive-overlap"
"""What an assignment names that the policy asked for."""
WORTH_A_SECOND = 0.01
"""The gain, in wrong labels a second, that comes in the middle of the images that are asked about again: it sets a scale, and no order."""
FIRST_ROUND_ENDS = 1.0
"""Places in the queue from here on are behind every image that was never asked about."""


class OverlapReason(StrEnum):
    """Why an image wants as many answers as it does."""

    PANEL = "panel"  # drawn to keep the fixed overlap
    IN_DOUBT = "in-doubt"  # one more visit is wanted
    ENOUGH = "enough"
    AT_CAP = "at-cap"  # in doubt, and visited as often as the rule allows
    WITH_EXPERT = "with-expert"  # in doubt, but an expert has it


@dataclass(frozen=True, slots=True)
class OverlapDecision:
    """What the policy said of an image when it had `n_visits` answers.

    `wrong` is the expected number of its wrong labels, `gain` what one more visit is expected to gain, in wrong labels a second, and
    `probability` that with which it was drawn for the panel (None: it was not).
    """

    image: ImageId
    reason: OverlapReason
    n_visits: int
    wrong: float
    gain: float
    probability: float | None = None


def is_in_panel(protocol: AnnotationProtocol, seed: int, image: ImageId) -> bool:
    """Whether an image keeps the fixed overlap: drawn by the dataset's seed, so that a greater share keeps whatever a smaller one drew."""
    return protocol.is_adaptive and lot(seed, OverlapReason.PANEL.value, image) < protocol.panel_share


def answers_wanted(decision: OverlapDecision, protocol: AnnotationProtocol, n_taken: int) -> int:
    """How many answers an image wants after this decision.

    `n_taken` are its places that are answered or held: what somebody holds is not taken from them.

    >>> from dataclasses import replace
    >>> from multilabelfy.annotation.study.protocol import PAPER
    >>> protocol = replace(PAPER, overlap_floor=2, overlap_cap=4, overlap_bound=0.2)
    >>> doubt = OverlapDecision(ImageId(1), OverlapReason.IN_DOUBT, 2, 0.7, 0.01)
    >>> answers_wanted(doubt, protocol, 2), answers_wanted(replace(doubt, reason=OverlapReason.ENOUGH), protocol, 2)
    (3, 2)
    """
    match decision.reason:
        case OverlapReason.PANEL:
            return max(protocol.overlap, n_taken)
        case OverlapReason.IN_DOUBT:
            return max(min(decision.n_visits + 1, protocol.overlap_cap), n_taken)
        case _:
            return max(protocol.overlap_floor, n_taken)


def place_behind(decision: OverlapDecision) -> float:
    """Where an image in doubt stands in the queue: behind the first round, then by gain a second, and among equals by doubt."""
    urgency = decision.gain / WORTH_A_SECOND + 1e-6 * decision.wrong
    return FIRST_ROUND_ENDS + 1 / (1 + urgency)
