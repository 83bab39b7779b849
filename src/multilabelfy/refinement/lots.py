"""Draw by seed which images two independent experts decide: a share of the disputed ones, and an audit of the agreed ones.

For each of the two draws, each image has a lot in [0, 1) that depends only on the dataset's seed; it is drawn if its lot is below the
share. So a greater share keeps whatever a smaller one drew, and whoever knows the seed can verify afterwards that nobody chose.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.label_sources import LabelSource


class RefinePolicy(StrEnum):
    """Why an expert is given an image; stored on their assignment and their decision."""

    ONE_EXPERT = "one-expert"  # disputed
    TWO_EXPERTS = "two-experts"  # disputed, and drawn to be decided twice
    AUDIT = "audit"  # its annotators agree, and it was drawn
    THIRD_EXPERT = "third-expert"  # two experts decided differently
    REOPENED = "reopened"  # an owner sent it to an expert again


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyMeaning:
    """What holds for images under one policy. `share` is what the protocol draws for it (0: it draws none). `is_independent`: the image is
    decided twice, neither expert knowing the other's decision, which tells how far experts agree. `is_open`: everybody who may decide sees
    what was decided before. `source` is where labels come from that were decided so."""

    share: Callable[[AnnotationProtocol], float]
    is_independent: bool
    is_open: bool
    source: LabelSource


def _draws_none(protocol: AnnotationProtocol) -> float:  # noqa: ARG001 – whatever the protocol
    return 0.0


_ROWS: Mapping[RefinePolicy, PolicyMeaning] = {
    RefinePolicy.ONE_EXPERT: PolicyMeaning(share=_draws_none, is_independent=False, is_open=False, source=LabelSource.REFINED),
    RefinePolicy.TWO_EXPERTS: PolicyMeaning(
        share=lambda protocol: protocol.two_expert_share, is_independent=True, is_open=False, source=LabelSource.REFINED
    ),
    RefinePolicy.AUDIT: PolicyMeaning(
        share=lambda protocol: protocol.audit_share, is_independent=True, is_open=False, source=LabelSource.AUDITED
    ),
    RefinePolicy.THIRD_EXPERT: PolicyMeaning(share=_draws_none, is_independent=False, is_open=False, source=LabelSource.REFINED),
    RefinePolicy.REOPENED: PolicyMeaning(share=_draws_none, is_independent=False, is_open=True, source=LabelSource.REFINED),
}
POLICIES: Mapping[RefinePolicy, PolicyMeaning] = {policy: _ROWS[policy] for policy in RefinePolicy}
INDEPENDENT = tuple(policy for policy, meaning in POLICIES.items() if meaning.is_independent)


def policy_meaning(policy: str | None) -> PolicyMeaning:
    """What holds under the policy of this name; an image without one is disputed and before one expert."""
    return POLICIES[RefinePolicy(policy) if policy in set(RefinePolicy) else RefinePolicy.ONE_EXPERT]


@dataclass(frozen=True, slots=True)
class Draw:
    """How an image goes to experts: under which policy, drawn with which probability, and to how many of them."""

    policy: RefinePolicy
    inclusion_probability: float
    n_experts: int


DISPUTED_ALONE = Draw(RefinePolicy.ONE_EXPERT, 1.0, 1)
REOPENED = Draw(RefinePolicy.REOPENED, 1.0, 1)


def drawn(*, is_disputed: bool, protocol: AnnotationProtocol, seed: int, image: ImageId) -> Draw | None:
    """How an image with all its answers goes to experts; None if its annotators agree and the audit did not draw it.

    >>> from multilabelfy.annotation.study.protocol import PAPER
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
    return POLICIES[policy].share(protocol)


def lot(seed: int, image: ImageId, policy: RefinePolicy) -> float:
    """An image's lot for a policy, in [0, 1), the same on any machine."""
    return int.from_bytes(sha256(f"{seed}/{policy.value}/{image}".encode()).digest()[:6], "big") / 2**48
