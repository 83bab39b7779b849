"""Say which images can be sent to an expert again, who may do so, and what follows from it."""

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.image_states import AWAITING_EXPERTS, DECIDED, REOPENABLE, ImageState
from multilabelfy.refinement.lots import policy_meaning


def can_be_reopened(state: ImageState, *, has_decision: bool) -> bool:
    """Whether an image can be sent to an expert again: one that was decided, or agreed, or that waits for one more expert.

    `has_decision` says whether a decision on it stands; a blind answer that waits for its reveal is none.
    """
    return state in REOPENABLE or (state in AWAITING_EXPERTS and has_decision)


def may_reopen(role: Role, state: ImageState, *, has_decision: bool) -> bool:
    """Whether this person may do so now: experts bring back what experts decided, an owner everything that can be reopened."""
    return can_be_reopened(state, has_decision=has_decision) and (role is Role.OWNER or state in DECIDED)


def is_reopened(state: ImageState, policy: str | None) -> bool:
    """Whether an image waits for an expert because it was sent to one again, whatever its annotators say; `policy` is the image's."""
    return state in AWAITING_EXPERTS and policy_meaning(policy).is_open


def is_decided_unseen(state: ImageState, policy: str | None) -> bool:
    """Whether an image waits for an expert who may have to decide without knowing what others said of it."""
    return state in AWAITING_EXPERTS and not policy_meaning(policy).is_open
