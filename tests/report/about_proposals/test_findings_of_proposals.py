"""What a report says of the proposals: what they hold, and no more than the images allow."""

import numpy as np

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.missed import Missed, missed
from multilabelfy.report.about_proposals.missed import missed_findings
from multilabelfy.report.figures.charts import specification
from multilabelfy.report.findings import Finding, Subject


def findings(measured: Missed | None) -> dict[str, Finding]:
    assert measured is not None
    return {finding.slug: finding for finding in missed_findings(measured, "", str, Subject("Toys"))}


def found(rows: list[list[int]], *lists: list[list[int]], k: int = 4) -> dict[str, Finding]:
    sets = LabelSets.from_rows([f"{n}.jpg" for n in range(len(rows))], rows)
    return findings(missed([f"model {n}" for n in range(len(lists))], np.array(lists), sets, k, seed=0))


def test_the_title_says_what_k_holds_and_what_half_of_it_would() -> None:
    told = found([[0], [1, 3]] * 100, [[0, 1, 2, 3]] * 200)
    assert (
        told["proposals-by-k"].title
        == "The first 4 labels of model 0 hold between 98% and 100% of the valid labels; the first 2 hold 66.7%"
    )
    assert [row["k"] for row in told["proposals-by-k"].table.records()] == [1, 2, 3, 4]
    assert specification(told["proposals-by-k"])["description"].startswith("The first 4 labels")


def test_recall_is_drawn_against_keys_with_k_beside_each_point() -> None:
    """Every image has its one valid label third: k = 2 costs a key for the group, k = 3 one more for the label, k = 6 another group."""
    told = found([[2]] * 40, [[0, 1, 2, 3, 4, 5]] * 40, k=6)["proposals-by-k"]
    drawn = specification(told)
    line, points, *_ = drawn["layer"]
    assert line["encoding"]["x"]["axis"]["title"] == "keys that an annotator presses for an image (mean)"
    assert [(row["x"], row["choice"], row["value"]) for row in drawn["datasets"][points["data"]["name"]]] == [
        (1, 1, 0.0),
        (1, 2, 0.0),
        (2, 3, 1.0),
        (2, 5, 1.0),
        (3, 6, 1.0),
    ]
    assert [row["median_keys"] for row in told.table.records()] == [1, 1, 2, 2, 3]


def test_each_model_has_keys_of_its_own() -> None:
    told = found([[0]] * 40, [[0, 1, 2, 3]] * 40, [[4, 5, 6, 0]] * 40)["proposals-by-k"]
    assert [(row["k"], row["keys"], row["keys_2"]) for row in told.table.records()] == [(1, 2, 1), (2, 2, 1), (3, 2, 1), (4, 2, 2)]


def test_a_wide_interval_takes_the_place_of_the_share() -> None:
    told = found([[0], [9]] * 10, [[0, 1, 2, 3]] * 20)
    assert told["proposals-by-k"].title.startswith("The first 4 labels of model 0 hold between ")


def test_fewer_of_many_labels_are_claimed_only_where_intervals_are_apart() -> None:
    apart = found([[0], [1, 7, 8, 9]] * 100, [[0, 1, 2, 3]] * 200)
    assert apart["proposals-by-number-of-labels"].title.endswith("from 100.0% with 1 valid label to 25.0% with 4")
    close = found([[0], [1, 7]] * 2, [[0, 1, 2, 3]] * 4)
    assert "do not reliably hold less" in close["proposals-by-number-of-labels"].title


def test_a_label_is_called_missed_only_where_its_share_is_reliably_lower() -> None:
    missing = found([[0]] * 50 + [[9]] * 50 + [[1]] * 50, [[0, 1, 2, 3]] * 150)
    assert missing["proposals-by-class"].title == "1 label is reliably missed more often than the mean of 33%, first 9"
    even = found([[0], [1]] * 50, [[0, 1, 2, 3]] * 50 + [[2, 3, 4, 5]] * 50)
    assert even["proposals-by-class"].title == "No label is reliably missed more often than the others"


def test_where_no_label_is_missed_none_is_ranked_by_how_often() -> None:
    assert "proposals-by-class" not in found([[0], [1]] * 50, [[0, 1, 2, 3]] * 100)


def test_half_of_the_labels_is_told_only_where_it_holds_less_for_sure() -> None:
    nearly = found([[0]] * 30, [[0, 1, 2, 3]] * 29 + [[1, 2, 0, 3]])
    assert nearly["proposals-by-k"].title == "The first 4 labels of model 0 hold between 89% and 100% of the valid labels"


def test_one_model_has_no_union_and_two_alike_do_not_hold_more() -> None:
    assert "proposals-of-several-models" not in found([[0]] * 20, [[0, 1, 2, 3]] * 20)
    alike = found([[0]] * 20, [[0, 1, 2, 3]] * 20, [[0, 1, 2, 3]] * 20)
    assert alike["proposals-of-several-models"].title == "At the same k, 2 models together do not reliably hold more than one"
    other = found([[0, 5]] * 40, [[0, 1, 2, 3]] * 40, [[5, 6, 7, 8]] * 40, k=2)
    assert other["proposals-of-several-models"].title.startswith("At the same k, 2 models together hold 50.0 points (")


def test_the_title_speaks_of_lists_as_people_get_them_and_the_rows_of_each_way() -> None:
    """Both have the valid label second: by reciprocal ranks it comes first; taking turns, it has no place among two."""
    told = found([[0]] * 40, [[1, 0, 3]] * 40, [[2, 0, 3]] * 40, [[4, 5, 0]] * 40, k=2)["proposals-of-several-models"]
    assert told.title == "At the same k, 3 models together do not reliably hold more than one"
    assert {row["models"]: row["recall"] for row in told.table.records()} == {
        "model 0": 1.0,
        "model 0 + model 1, taking turns": 0.0,
        "model 0 + model 1, by reciprocal ranks": 1.0,
        "model 0 + model 1, by calibrated scores": 1.0,
        "model 0 + model 1 + model 2, taking turns": 0.0,
        "model 0 + model 1 + model 2, by reciprocal ranks": 1.0,
        "model 0 + model 1 + model 2, by calibrated scores": 1.0,
    }


def test_two_images_make_no_headline() -> None:
    assert found([[0], [1]], [[0, 1, 2, 3]] * 2)["proposals-by-k"].title == "Too few images say what the first 4 labels hold"


def test_models_that_hold_as_much_are_named_together() -> None:
    told = found([[0], [9]] * 20, [[0, 1, 2, 3]] * 40, [[3, 2, 1, 0]] * 40)
    assert told["proposals-by-k"].title.startswith("The first 4 labels of model 0 and model 1 hold between ")


def test_an_unfinished_study_speaks_of_its_finished_images() -> None:
    sets = LabelSets.from_rows([f"{n}.jpg" for n in range(200)], [[0], [1, 3]] * 100)
    measured = missed(["a", "b"], np.array([[[0, 1, 2, 3]] * 200, [[3, 0, 2, 1]] * 200]), sets, 2, seed=0)
    assert measured is not None
    titles = [finding.title for finding in missed_findings(measured, "", str, Subject("Toys", 200))]
    assert len(titles) == 4
    assert [title for title in titles if "finished images" not in title] == []
