"""What a report says of the panel: the headline that holds, beside the plain share of what is finished."""

from tests.report.reports import labelled

from multilabelfy.evaluation.labels.label_counts import several_labels
from multilabelfy.evaluation.labels.panel import panel_headline
from multilabelfy.report.about_labels.panel import PLAIN, PLAIN_OF_ALL, WEIGHTED, panel_finding, panel_sentence
from multilabelfy.report.findings import Subject

PART = Subject("Toys", n_finished=40)
SEVERAL = several_labels(labelled([[0], [0], [0], [1, 2]] * 10).sets)


def test_each_image_of_the_panel_counts_by_one_over_the_probability_of_its_draw() -> None:
    """One image with two labels stands for four, three with one label for two each: 4 of 10."""
    panel = panel_headline([2, 1, 1, 1], [0.25, 0.5, 0.5, 0.5], 4)
    assert panel
    assert panel.of_all.share == 0.4
    assert panel.of_all.interval.low < 0.4 < panel.of_all.interval.high


def test_without_a_finished_image_the_panel_says_nothing() -> None:
    assert panel_headline([], [], 7) is None


def test_of_a_panel_without_labels_there_is_no_share_of_those_with_any() -> None:
    panel = panel_headline([0, 0], [0.5, 0.5], 2)
    assert panel
    assert panel.of_nonempty is None
    row = next(iter(panel_finding(panel, SEVERAL, Subject("Toys")).table.records()))
    assert (row["share"], row["share_of_nonempty"]) == (0.0, None)


def test_the_weighted_and_the_plain_share_stand_side_by_side_and_are_told_apart() -> None:
    panel = panel_headline([2, 2, 1, 0], [0.1] * 4, 5)
    assert panel
    finding = panel_finding(panel, SEVERAL, PART)
    assert [(row["images_of"], row["images"], row["share"]) for row in finding.table.records()] == [(WEIGHTED, 4, 0.5), (PLAIN, 40, 0.25)]
    assert "Quote the panel’s share. Of the panel 1 image still waits" in finding.definition
    assert "By the panel of 4 images drawn at random, weighted, 50.0% (95% interval 15.0–85.0%)" in panel_sentence(panel, SEVERAL, PART)
    assert "Of the finished images, unweighted and clear ones first, 25.0% have." in panel_sentence(panel, SEVERAL, PART)
    whole = panel_finding(panel, SEVERAL, Subject("Toys"))
    assert [row["images_of"] for row in whole.table.records()] == [WEIGHTED, PLAIN_OF_ALL]
