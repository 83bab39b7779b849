"""Which images go to two experts: drawn by seed, a greater share keeping what a smaller one drew."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.annotation.study.protocol import BLIND, PAPER, REAL
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.lots import DISPUTED_ALONE, Draw, RefinePolicy, drawn, lot

SEED = 7
MANY = [ImageId(number) for number in range(1, 4001)]


def test_the_preset_blind_draws_a_tenth_of_the_disputes_and_a_twentieth_of_the_agreed() -> None:
    assert (BLIND.two_expert_share, BLIND.audit_share) == (0.10, 0.05)
    assert [(one.two_expert_share, one.audit_share) for one in (PAPER, REAL)] == [(0.0, 0.0), (0.0, 0.0)]


def test_in_the_paper_each_dispute_goes_to_one_expert_and_nothing_agreed_does() -> None:
    assert {drawn(is_disputed=True, protocol=PAPER, seed=SEED, image=image) for image in MANY[:50]} == {DISPUTED_ALONE}
    assert {drawn(is_disputed=False, protocol=PAPER, seed=SEED, image=image) for image in MANY[:50]} == {None}


@pytest.mark.parametrize(
    ("is_disputed", "wanted"), [(True, Draw(RefinePolicy.TWO_EXPERTS, 0.10, 2)), (False, Draw(RefinePolicy.AUDIT, 0.05, 2))]
)
def test_about_as_many_are_drawn_as_the_share_says(is_disputed: bool, wanted: Draw) -> None:
    found = [drawn(is_disputed=is_disputed, protocol=BLIND, seed=SEED, image=image) for image in MANY]
    n = found.count(wanted)
    assert abs(n / len(MANY) - wanted.inclusion_probability) < 0.02  # 4 standard errors of 4,000 draws at a tenth


@given(st.integers(0, 2**63 - 1), st.integers(1, 10**9), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_keeps_what_a_smaller_one_drew(seed: int, image: int, one: float, other: float) -> None:
    small, great = sorted((one, other))
    by = [
        drawn(is_disputed=False, protocol=replace(BLIND, audit_share=share), seed=seed, image=ImageId(image)) is not None
        for share in (small, great)
    ]
    assert by != [True, False]


def test_the_two_draws_are_apart_and_the_seed_decides() -> None:
    lots = {(policy, seed): lot(seed, ImageId(1), policy) for policy in (RefinePolicy.AUDIT, RefinePolicy.TWO_EXPERTS) for seed in (1, 2)}
    assert len(set(lots.values())) == 4
    assert lots[RefinePolicy.AUDIT, 1] == lot(1, ImageId(1), RefinePolicy.AUDIT)
