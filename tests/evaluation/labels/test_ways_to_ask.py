"""What two ways to ask come to on known truth: three images, two studies, counted by hand."""

from dataclasses import replace

import pytest

from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, LabelQuality, WayOfAsking, ways_compared
from multilabelfy.statistics.intervals import wilson

TRUTH = {"a.jpg": {1, 2}, "b.jpg": {3}, "c.jpg": {4, 5}}
HOUR = 3_600_000


def asked(study: int, way: WayOfAsking, image: str, labels: set[int], *, expert: int = 0, in_panel: bool = False) -> ImageAsked:
    probability = 0.5 if in_panel else None
    return ImageAsked(study, way, image, 2, HOUR, expert, probability, True, frozenset(labels), frozenset(TRUTH[image]))


FIXED = [
    asked(study, WayOfAsking.FIXED, image, labels, expert=expert)
    for study in (0, 1)
    for image, labels, expert in (("a.jpg", {1}, 0), ("b.jpg", {3}, HOUR), ("c.jpg", {4, 5, 6}, 0))
]
ADAPTIVE = [
    asked(0, WayOfAsking.ADAPTIVE, "a.jpg", {1, 2}, in_panel=True),
    asked(0, WayOfAsking.ADAPTIVE, "b.jpg", {3}, in_panel=True),
    replace(asked(0, WayOfAsking.ADAPTIVE, "c.jpg", set()), is_settled=False),
    *(asked(1, WayOfAsking.ADAPTIVE, image, labels, in_panel=image == "b.jpg") for image, labels in TRUTH.items()),
]
WAYS = ways_compared([*FIXED, *ADAPTIVE], seed=0)


def test_labels_are_counted_over_all_studies() -> None:
    fixed = {measure: compared.fixed.value for measure, compared in WAYS.quality.items()}
    assert fixed[LabelQuality.RECALL] == pytest.approx(4 / 5)  # a of {1, 2}: one; b: one; c: both
    assert fixed[LabelQuality.PRECISION] == pytest.approx(4 / 5)
    assert fixed[LabelQuality.F1] == pytest.approx(4 / 5)
    assert fixed[LabelQuality.EXACT] == pytest.approx(1 / 3)


def test_an_image_that_is_not_settled_has_no_labels_and_misses_all_that_are_valid() -> None:
    adaptive = {measure: compared.adaptive.value for measure, compared in WAYS.quality.items()}
    assert adaptive[LabelQuality.RECALL] == pytest.approx(8 / 10)
    assert adaptive[LabelQuality.PRECISION] == 1
    assert WAYS.quality[LabelQuality.PRECISION].difference.value == pytest.approx(1 / 5)
    assert WAYS.effort[WayOfAsking.ADAPTIVE].unsettled == pytest.approx(1 / 6)


def test_of_fewer_than_ten_images_there_is_no_interval() -> None:
    assert WAYS.quality[LabelQuality.F1].fixed.interval is None
    many = [replace(row, image=f"{number}{row.image}") for row in (*FIXED, *ADAPTIVE) for number in range(5)]
    of_many = ways_compared(many, seed=0).quality[LabelQuality.F1].difference
    assert of_many.interval is not None
    assert of_many.value is not None
    assert of_many.interval.low < of_many.value < of_many.interval.high


def test_effort_is_a_mean_over_studies() -> None:
    effort = WAYS.effort[WayOfAsking.FIXED]
    assert (effort.answers, effort.annotator_hours, effort.expert_hours) == (2, 3, 1)
    assert effort.by_experts == pytest.approx(1 / 3)


def test_the_headline_of_the_policy_is_its_panels_and_holds_the_truth_or_not() -> None:
    assert WAYS.truth == pytest.approx(2 / 3)
    of_panel = WAYS.headline[WayOfAsking.ADAPTIVE]
    assert (of_panel.n_images, of_panel.share) == (1.5, 0.25)  # a of {a, b}, then none of {b}
    one_of_two, none_of_one = wilson(1, 2), wilson(0, 1)
    assert one_of_two is not None
    assert none_of_one is not None
    assert of_panel.interval.high == pytest.approx((one_of_two.high + none_of_one.high) / 2)
    assert of_panel.n_holding == 2
    assert WAYS.headline[WayOfAsking.FIXED].share == pytest.approx(1 / 3)  # c alone has several


def test_a_single_way_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="both have rows"):
        ways_compared(FIXED, seed=0)
