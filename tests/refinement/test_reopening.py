"""Which images can be sent to an expert again, and by whom."""

import pytest

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.image_states import SETTLED, FinalBy, ImageState
from multilabelfy.refinement.reopening import can_be_reopened, may_reopen


def test_a_disputed_image_can_be_reopened_once_a_decision_stands() -> None:
    assert not can_be_reopened(ImageState.DISPUTED, has_decision=False)
    assert can_be_reopened(ImageState.DISPUTED, has_decision=True)


@pytest.mark.parametrize("state", [state for state in ImageState if not state.meaning.is_settled])
def test_what_no_expert_can_be_asked_about_is_not_reopened(state: ImageState) -> None:
    assert not may_reopen(Role.OWNER, state, has_decision=True)


def test_an_expert_brings_back_what_experts_decided_and_an_owner_more() -> None:
    by_expert = {state for state in ImageState if may_reopen(Role.EXPERT, state, has_decision=True)}
    by_owner = {state for state in ImageState if may_reopen(Role.OWNER, state, has_decision=True)}
    assert {state.meaning.final_by for state in by_expert} == {FinalBy.EXPERTS, FinalBy.NOBODY}
    assert by_expert < by_owner == set(SETTLED)
