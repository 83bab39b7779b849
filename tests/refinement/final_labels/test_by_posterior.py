"""Which images a cut of the chances settles, and which it leaves to experts."""

import pytest

from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import InvalidInput
from multilabelfy.refinement.final_labels.by_posterior import Cut, CutOutcome, Weighed, settle
from multilabelfy.refinement.model import FinalLabels, LabelSource


def test_a_label_is_valid_from_the_threshold_on() -> None:
    finals, outcomes = settle([Weighed(ImageId(1), {3: 0.5, 7: 0.49999, 2: 0.98765}, (2, 7))], Cut(0.5))
    assert finals == [FinalLabels(ImageId(1), (2, 3), LabelSource.POSTERIOR, before=(2, 7), chances=(0.988, 0.5))]
    assert outcomes == {CutOutcome.SETTLED: 1}


def test_an_image_without_a_valid_label_waits_for_an_expert_who_says_why_it_has_none() -> None:
    finals, outcomes = settle([Weighed(ImageId(1), {3: 0.2}), Weighed(ImageId(2), {})], Cut(0.5))
    assert (finals, outcomes) == ([], {CutOutcome.BELOW: 2})


@pytest.mark.parametrize(("chance", "outcome"), [(0.9, CutOutcome.SETTLED), (0.89, CutOutcome.IN_DOUBT), (0.1, CutOutcome.IN_DOUBT)])
def test_one_label_within_the_margin_leaves_the_whole_image_to_an_expert(chance: float, outcome: CutOutcome) -> None:
    assert Cut(0.5, 0.4).outcome([0.95, chance, 0.05]) is outcome


def test_what_a_person_wants_an_expert_for_no_chance_settles() -> None:
    finals, outcomes = settle([Weighed(ImageId(1), {3: 0.99}, is_for_experts=True)], Cut(0.5))
    assert (finals, outcomes) == ([], {CutOutcome.FOR_EXPERTS: 1})


def test_no_written_chance_is_certain() -> None:
    [final], _ = settle([Weighed(ImageId(1), {3: 1.0})], Cut(0.5))
    assert final.chances == (0.999,)


@pytest.mark.parametrize(("threshold", "margin", "option"), [
    (0.0, 0.0, "--threshold"), (1.0, 0.0, "--threshold"), (float("nan"), 0.0, "--threshold"),
    (0.9, 0.1, "--margin"), (0.2, 0.2, "--margin"), (0.5, -0.1, "--margin"), (0.5, float("nan"), "--margin"),
])  # fmt: skip
def test_a_cut_beyond_which_no_chance_lies_is_refused(threshold: float, margin: float, option: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Cut(threshold, margin)
    assert [problem.where for problem in refused.value.problems] == [option]
