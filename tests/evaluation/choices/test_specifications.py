"""A figure under every defensible choice: one choice at a time, then two; what cannot be defended is left out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.report.reports import labelled

from multilabelfy.evaluation.choices.labellings import Judged, labellings
from multilabelfy.evaluation.choices.specifications import Side, Specification, SpecifiedMeasure, Unfinished, specifications
from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress, share_of_whole
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.statistics.intervals import wilson

IMAGES = labelled([[0, 1], [2], [], [3]], [0, 2, 4, 3])
FIRST = {"m": np.array([1, 2, 4, 5])}  # a valid label that was not given; right; right by an empty set alone; wrong


def votes(*rows: tuple[int, int, int, int], score: Sequence[float] | None = None) -> Judged:
    """Rows of image, label, noes and yeses."""
    image, label, no, yes = np.array(rows).T
    counts = np.column_stack([no, np.zeros_like(no), yes])
    return Judged(image, label, counts, None if score is None else np.array(score))


def by_choice(found: Sequence[Specification], measure: SpecifiedMeasure) -> dict[tuple[str, str], tuple[int, Any]]:
    return {(one.labels, one.convention): (one.changed, one.value) for one in found if one.measure is measure}


def test_each_way_to_count_empty_sets_gives_its_gain() -> None:
    found = by_choice(specifications(Side(IMAGES, FIRST), None, seed=0), SpecifiedMeasure.GAIN)
    released = "labels as released"
    assert found == {
        (released, "both of images with a label"): (0, pytest.approx(2 / 3 - 1 / 3)),
        (released, "top-1 of all images, ReaL of those with a label"): (1, pytest.approx(2 / 3 - 2 / 4)),
        (released, "an empty set counts as right"): (1, pytest.approx(3 / 4 - 2 / 4)),
    }


def test_a_gain_that_no_resample_moves_is_not_called_certain() -> None:
    images = labelled([[0, 1], [2]] * 20, [0, 2] * 20)
    found = specifications(Side(images, {"m": np.array([0, 2] * 20)}), None, seed=0)
    assert {one.measure: (one.value, one.interval) for one in found} == {
        SpecifiedMeasure.SEVERAL: (0.5, wilson(20, 40)),
        SpecifiedMeasure.GAIN: (0.0, None),
    }


def test_a_share_of_the_drop_that_no_resample_moves_is_not_called_certain() -> None:
    before = Side(labelled([[0, 1], [2, 3]] * 20, [0, 2] * 20), {"m": np.array([0, 2] * 20)}, name="Old")
    after = Side(labelled([[0, 1], [2, 3]] * 20, [0, 2] * 20), {"m": np.array([1, 2] * 20)}, name="New")  # top-1 falls, ReaL stays
    found = [one for one in specifications(after, before, seed=0) if one.measure is SpecifiedMeasure.SHARE_GONE]
    assert [(one.value, one.interval) for one in found] == [(1.0, None)]


def test_without_empty_sets_there_is_only_one_way_to_count_them() -> None:
    full = labelled([[0, 1], [2]], [0, 2])
    found = specifications(Side(full, {"m": np.array([1, 2])}), None, seed=0)
    assert [(one.measure, one.changed) for one in found] == [(SpecifiedMeasure.SEVERAL, 0), (SpecifiedMeasure.GAIN, 0)]


def test_the_headline_is_computed_again_by_each_rule_over_the_votes() -> None:
    judged = votes((0, 0, 0, 2), (0, 1, 1, 1), (1, 2, 0, 2), (1, 7, 1, 1))
    found = by_choice(specifications(Side(IMAGES, {}, judged), None, seed=0), SpecifiedMeasure.SEVERAL)
    assert found["labels: everybody says yes", "of all images"] == (1, 0.0)
    assert found["labels: anybody says yes", "of all images"] == (1, 0.5)
    assert found["labels: anybody says yes", "of images with votes"] == (2, 1.0)


def test_an_image_that_nobody_was_asked_about_keeps_its_labels() -> None:
    ways = {way.key: way.sets.rows() for way in labellings(IMAGES, votes((0, 0, 0, 2), (0, 1, 1, 1)))}
    assert ways["everybody"] == [(0,), (2,), (), (3,)]


def test_a_rule_that_gives_the_same_sets_as_an_earlier_one_stands_once() -> None:
    ways = labellings(IMAGES, votes((1, 2, 0, 2), (1, 5, 1, 1)))
    assert [way.key for way in ways] == ["as-released", "any-yes"]


def test_with_five_answers_nobody_asks_that_all_be_yes() -> None:
    assert "everybody" not in {way.key for way in labellings(IMAGES, votes((0, 0, 0, 5), (0, 1, 1, 4), (0, 6, 4, 1)))}


def test_a_threshold_on_the_score_is_a_choice() -> None:
    judged = Judged(np.array([0, 0, 1]), np.array([0, 1, 2]), score=np.array([0.95, 0.85, 0.6]))
    ways = {way.key: way.sets.rows()[:2] for way in labellings(IMAGES, judged)}
    assert ways == {"as-released": [(0, 1), (2,)], "score-0.8": [(0, 1), ()], "score-0.9": [(0,), ()]}


def test_an_empty_set_by_votes_alone_never_counts_as_right() -> None:
    found = specifications(Side(IMAGES, FIRST, votes((0, 0, 2, 0), (1, 2, 0, 2))), None, seed=0)
    assert {one.labels for one in found if one.convention == "an empty set counts as right"} == {"labels as released"}


def test_the_share_of_the_drop_changes_with_the_labels_of_either_dataset() -> None:
    before = Side(labelled([[0], [1], [2], [3, 4]] * 10, [0, 1, 2, 3] * 10), {"m": np.array([0, 1, 2, 4] * 10)}, name="Old")
    after = Side(
        LabelledImages(IMAGES.sets, IMAGES.given), FIRST, votes((0, 0, 0, 2), (0, 1, 2, 0), (1, 2, 0, 2), (3, 3, 0, 2)), name="New"
    )
    found = by_choice(specifications(after, before, seed=0), SpecifiedMeasure.SHARE_GONE)
    printed = "top-1 of all images, ReaL of those with a label"
    assert found["labels as released", printed] == (0, pytest.approx(1 - (1 - 2 / 3) / (3 / 4 - 2 / 4)))
    assert found["New’s labels: everybody says yes", printed] == (1, pytest.approx(1 - (1 - 1 / 3) / (3 / 4 - 2 / 4)))


def test_of_an_unfinished_study_the_printed_share_is_the_headline_of_all_images() -> None:
    progress = ImagesByProgress(drawn=CountedImages(3, 1), chosen=CountedImages(1, 0), n_begun=2, n_untouched=4)
    unfinished = Unfinished(progress, np.array([True, True, True, False]))
    found = specifications(Side(IMAGES, {}, votes((1, 2, 0, 2), (1, 7, 1, 1)), unfinished=unfinished), None, seed=0)
    whole = share_of_whole(progress)
    assert whole is not None
    printed, by_union = (one for one in found if one.convention == "of all images, unfinished ones weighted or bounded")
    assert (printed.changed, printed.value, printed.interval) == (0, None, whole.interval)
    assert (by_union.labels, by_union.changed) == ("labels: anybody says yes", 1)
    more = share_of_whole(replace(progress, drawn=CountedImages(3, 2)))
    assert more is not None
    assert by_union.interval == more.interval
    alone = by_choice(found, SpecifiedMeasure.SEVERAL)["labels as released", "of the finished images alone"]
    assert alone == (1, 1 / 4)


def test_a_share_of_images_has_the_interval_that_a_headline_has() -> None:
    [printed, *_] = specifications(Side(IMAGES, {}), None, seed=0)
    assert printed.interval == wilson(1, 4)
