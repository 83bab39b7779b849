"""What a report says of the order of models, of each model's trend and of the labels that win."""

from tests.report.reports import labelled, models

from multilabelfy.evaluation.many_models.comparison import rank_changes, resampled_measures
from multilabelfy.evaluation.many_models.misses import winners
from multilabelfy.evaluation.many_models.trend import model_trends
from multilabelfy.report.about_models.ranking import model_trends_finding, ranks_finding, winners_finding
from multilabelfy.report.figures.charts import specification
from multilabelfy.report.findings import Subject

TOYS = Subject("Toys")


def title_of(**first: list[int]) -> str:
    images = labelled([[0, 1]] * 100 + [[0]] * 100, [0] * 200)
    found = rank_changes(resampled_measures(models(images, **first), seed=0))
    assert found is not None
    return ranks_finding(found, TOYS).title


def test_models_that_keep_their_places_are_said_to() -> None:
    assert title_of(a=[0] * 200, b=[0] * 100 + [9] * 100) == "Models keep their places when any valid label counts"


def test_models_that_cannot_be_told_apart_keep_no_places() -> None:
    assert title_of(a=[0] * 200, b=[0] * 200) == "No two models reliably differ, by top-1 or when any valid label counts"


def test_pairs_that_are_reliably_reversed_are_counted() -> None:
    title = title_of(a=[0] * 100 + [0] * 40 + [9] * 60, b=[1] * 100 + [0] * 90 + [9] * 10)
    assert title == "Both models change places when any valid label counts; 1 pair is reliably reversed"


def test_places_that_may_change_by_luck_are_told_as_such() -> None:
    title = title_of(a=[0] * 60 + [9] * 40 + [0] * 60 + [9] * 40, b=[0] * 59 + [1] * 2 + [9] * 39 + [0] * 60 + [9] * 40)
    assert title == "Both models change places when any valid label counts, but no pair’s order is reliably reversed"


def test_each_models_fall_is_counted_where_it_is_sure() -> None:
    images = labelled([[0]] * 100 + [[0, 1]] * 100, [0] * 200)
    found = model_trends(models(images, falls=[0] * 190 + [9] * 10, halves=[0] * 100 + [1] * 100))
    finding = model_trends_finding(found, TOYS)
    assert finding.title == "Top-1 reliably falls with the number of labels for both models, ReaL for 1 of the 2 models"
    domain = specification(finding)["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain[0] < 0


def test_a_trend_that_no_model_has_is_told_as_such() -> None:
    images = labelled([[0, 1]] * 100 + [[0]] * 100, [0] * 200)
    finding = model_trends_finding(model_trends(models(images, a=[0] * 200, b=[0] * 200, c=[0] * 200)), TOYS)
    assert finding.title == "Neither top-1 nor ReaL reliably falls with the number of labels for any of the 3 models"


def test_the_label_that_wins_most_often_is_named() -> None:
    images = labelled([[0, 1], [0, 1], [0, 1], [2, 3]], [0, 0, 0, 2])
    some = models(images, a=[1, 1, 1, 3])
    finding = winners_finding(winners(images, some), lambda label: ["cat", "lynx", "cup", "mug"][label], 1, TOYS)
    assert finding.title == "The valid label most often named instead of the given one: lynx for cat (3 images)"
