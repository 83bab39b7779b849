"""Draw by seed which images two independent experts decide: a share of the disputed ones, and of the agreed ones an audit.

Each image has one lot for each of the two, from 0 to 1, that depends on the dataset's seed alone; it is drawn where the lot is below the
share. So a greater share keeps whatever a smaller one drew, and whoever knows the seed can say afterwards that nobody chose.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from multilabelfy.annotation.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId


class RefinePolicy(StrEnum):
    """Why an image is before an expert; it stands on their assignment and on their decision."""

    ONE_EXPERT = "one-expert"  # disputed
    TWO_EXPERTS = "two-experts"  # disputed, and drawn to be decided twice
    AUDIT = "audit"  # its annotators agree, and it was drawn
    THIRD_EXPERT = "third-expert"  # two experts decided differently
    REOPENED = "reopened"  # an owner sent it to an expert again


INDEPENDENT = (RefinePolicy.TWO_EXPERTS, RefinePolicy.AUDIT)
"""Decisions under these were made twice, neither expert knowing the other's: they tell how far experts agree."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What an image goes to experts for: under which policy, drawn with which probability, and to how many of them."""

    policy: RefinePolicy
    inclusion_probability: float
    n_experts: int


DISPUTED_ALONE = Draw(RefinePolicy.ONE_EXPERT, 1.0, 1)
REOPENED = Draw(RefinePolicy.REOPENED, 1.0, 1)


def drawn(*, is_disputed: bool, protocol: AnnotationProtocol, seed: int, image: ImageId) -> Draw | None:
    """What an image with all its answers goes to experts for; None where its annotators agree and the audit did not draw it.

    >>> from multilabelfy.annotation.protocol import PAPER
    >>> drawn(is_disputed=True, protocol=PAPER, seed=1, image=ImageId(1))
    Draw(policy=<RefinePolicy.ONE_EXPERT: 'one-expert'>, inclusion_probability=1.0, n_experts=1)
    """
    policy = RefinePolicy.TWO_EXPERTS if is_disputed else RefinePolicy.AUDIT
    share = share_of(policy, protocol)
    if lot(seed, image, policy) < share:
        return Draw(policy, share, 2)
    return DISPUTED_ALONE if is_disputed else None


def share_of(policy: RefinePolicy, protocol: AnnotationProtocol) -> float:
    """The share of images that the protocol draws for this policy; 0 for policies that draw none."""
    shares = {RefinePolicy.TWO_EXPERTS: protocol.two_expert_share, RefinePolicy.AUDIT: protocol.audit_share}
    return shares.get(policy, 0.0)


def lot(seed: int, image: ImageId, policy: RefinePolicy) -> float:
    """An image's lot for a policy, at least 0 and below 1, the same on any machine."""
    return int.from_bytes(sha256(f"{seed}/{policy.value}/{image}".encode()).digest()[:6], "big") / 2**48
