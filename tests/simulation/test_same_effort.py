"""Two ways to ask the same people about images of known truth, for the same time."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from multilabelfy.annotation.model import Candidate
from multilabelfy.annotation.study.protocol import BLIND, ExpertOrder
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, WayOfAsking, ways_compared
from multilabelfy.simulation.annotators import Habits
from multilabelfy.simulation.halfway import Staff
from multilabelfy.simulation.known_truth import KnownImage, SimulatedStaff
from multilabelfy.simulation.same_effort import both_ways, with_part_of_the_experts
from multilabelfy.simulation.truth import TrueObject, Truth

N_IMAGES, N_LABELS, N_STUDIES = 120, 8, 25
HABITS = Habits(miss=0.02, miss_faint=0.4, one_name=0.1, confuse=0.05, doubt=0.03, search=0.6)
EXPERT = Habits(miss=0.01, miss_faint=0.1, search=0.9, pace=12.0)
LOOK_ALIKES = {label: frozenset({(label + 1) % N_LABELS}) for label in range(N_LABELS)}
STAFF = Staff([HABITS] * 5, [EXPERT], LOOK_ALIKES, N_LABELS)
PROTOCOL = replace(BLIND, overlap_floor=2, overlap_cap=4, overlap_bound=0.2, panel_share=0.25, posterior_threshold=0.5)


@cache
def known() -> tuple[KnownImage, ...]:
    """Images with one to three labels, of which some hardly strike the eye, each among all labels, and a model that often names one."""
    rng = np.random.default_rng(7)
    images = []
    for number in range(N_IMAGES):
        valid = rng.permutation(N_LABELS)[: 1 + number % 3].tolist()
        truth = Truth(tuple(TrueObject((label,), float(rng.random())) for label in valid))
        first = valid[0] if rng.random() < 0.8 else int(rng.integers(N_LABELS))
        candidates = tuple(Candidate(label, "model", label + 1) for label in range(N_LABELS))
        images.append(KnownImage(f"{number:03}.jpg", truth, candidates, ({first: 1},)))
    return tuple(images)


@cache
def study(seed: int) -> tuple[ImageAsked, ...]:
    return tuple(both_ways(SimulatedStaff(known(), STAFF, PROTOCOL, seed)))


def of(way: WayOfAsking, seed: int = 0) -> dict[str, ImageAsked]:
    return {row.image: row for row in study(seed) if row.way is way}


def spent(rows: dict[str, ImageAsked]) -> int:
    return sum(row.annotator_ms + row.expert_ms for row in rows.values())


def test_both_ways_ask_about_every_image_and_the_policy_takes_no_more_time() -> None:
    fixed, adaptive = of(WayOfAsking.FIXED), of(WayOfAsking.ADAPTIVE)
    assert fixed.keys() == adaptive.keys() == {image.path for image in known()}
    assert 0.95 * spent(fixed) < spent(adaptive) <= spent(fixed)


def test_two_votes_and_an_expert_settle_every_image() -> None:
    rows = of(WayOfAsking.FIXED).values()
    assert {row.n_answers for row in rows} == {2}
    assert all(row.is_settled and row.probability is None for row in rows)
    assert 0 < sum(row.expert_ms > 0 for row in rows) < N_IMAGES


def test_the_policy_asks_more_about_some_images_and_never_beyond_its_floor_and_cap() -> None:
    outside = [row.n_answers for row in of(WayOfAsking.ADAPTIVE).values() if row.probability is None]
    assert (min(outside), max(outside)) == (2, 4)


def test_the_panel_is_asked_and_decided_as_with_two_votes_and_an_expert() -> None:
    fixed = of(WayOfAsking.FIXED)
    panel = [row for row in of(WayOfAsking.ADAPTIVE).values() if row.probability is not None]
    assert 15 < len(panel) < 45
    for row in panel:
        assert row == replace(fixed[row.image], way=WayOfAsking.ADAPTIVE, probability=0.25)


def test_a_person_answers_an_image_in_the_same_way_however_often_they_are_asked() -> None:
    people = SimulatedStaff(known(), STAFF, PROTOCOL, seed=3)
    again = SimulatedStaff(known(), STAFF, PROTOCOL, seed=3)
    assert again.answers(5, 4)[:2] == people.answers(5, 2)
    assert people.verdict(5, people.answers(5, 2)) == again.verdict(5, again.answers(5, 2))
    assert len({answer.annotator for answer in people.answers(5, 9)}) == 5


def test_with_half_of_their_time_experts_mend_more_in_the_order_of_gain_than_in_that_of_votes() -> None:
    by_votes, by_gain = (
        [row for seed in range(5) for row in with_part_of_the_experts(SimulatedStaff(known(), STAFF, PROTOCOL, seed), 0.5, order)]
        for order in (ExpertOrder.VOTES, ExpertOrder.GAIN)
    )
    assert f1(by_gain) > f1(by_votes) + 0.002
    assert abs(sum(row.expert_ms for row in by_gain) / sum(row.expert_ms for row in by_votes) - 1) < 0.05


def test_with_all_of_their_time_the_order_makes_no_difference() -> None:
    people = SimulatedStaff(known(), STAFF, PROTOCOL, seed=0)
    everything = [with_part_of_the_experts(people, 1.0, order) for order in ExpertOrder]
    assert everything[0] == everything[1]
    assert all(row.is_settled for row in everything[0])


def f1(rows: list[ImageAsked]) -> float:
    right = sum(len(row.labels & row.valid) for row in rows)
    return 2 * right / sum(len(row.labels) + len(row.valid) for row in rows)


def test_a_protocol_whose_overlap_is_fixed_has_no_policy_to_compare() -> None:
    with pytest.raises(ValueError, match="floor"):
        both_ways(SimulatedStaff(known()[:5], STAFF, BLIND, seed=0))


def test_the_panels_weighted_headline_covers_the_truth() -> None:
    ways = ways_compared([row for seed in range(N_STUDIES) for row in study(seed)], seed=0)
    of_panel = ways.headline[WayOfAsking.ADAPTIVE]
    assert of_panel.n_holding >= 0.94 * N_STUDIES
    assert of_panel.interval.high - of_panel.interval.low < 0.4
