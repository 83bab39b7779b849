"""The drop from an original to its replicate, and how much of it disappears when any valid label counts."""

import pytest
from tests.report.reports import labelled, models

from multilabelfy.evaluation.many_models.two_datasets import drops
from multilabelfy.report.about_models.drops import drop_finding, drops_by_model_finding
from multilabelfy.report.findings import Subject

OLD = labelled([[0]] * 100, [0] * 100)
NEW = labelled([[0, 1]] * 100, [0] * 100)


def first(n_given: int, n_other: int = 0) -> list[int]:
    """So many times the given label, then so many times the other valid one of the new dataset, then a wrong one."""
    return [0] * n_given + [1] * n_other + [9] * (100 - n_given - n_other)


def test_the_share_that_goes_away_is_of_the_mean_drops() -> None:
    found = drops(models(OLD, a=first(90), b=first(80)), models(NEW, a=first(70, 10), b=first(60, 15)), seed=0)
    assert found is not None
    assert found.all_models.top1.value == pytest.approx(0.2)  # 90 → 70 and 80 → 60
    assert found.all_models.real.value == pytest.approx((0.10 + 0.05) / 2)  # 90 → 80 and 80 → 75
    assert found.all_models.share_gone.value == pytest.approx(1 - 0.075 / 0.2)
    assert {one.model: one.share_gone.value for one in found.models} == pytest.approx({"a": 0.5, "b": 0.75})


def test_models_join_by_name_whatever_their_order() -> None:
    found = drops(models(OLD, a=first(90), b=first(80), c=first(10)), models(NEW, b=first(60), a=first(70), d=first(5)), seed=0)
    assert found is not None
    assert {one.model: one.top1.value for one in found.models} == pytest.approx({"a": 0.2, "b": 0.2})


def test_nothing_is_said_without_common_models_or_given_labels() -> None:
    assert drops(models(OLD, a=first(90)), models(NEW, b=first(60)), seed=0) is None
    assert drops(models(labelled([[0]] * 100), a=first(90)), models(NEW, a=first(60)), seed=0) is None


def test_the_title_says_less_where_the_interval_allows_less() -> None:
    wide = drops(models(OLD, a=first(90)), models(NEW, a=first(70, 12)), seed=0)
    none = drops(models(OLD, a=first(90)), models(NEW, a=first(88, 1)), seed=0)
    assert wide is not None
    assert none is not None
    assert drop_finding(wide, Subject("Old"), Subject("New")).title.endswith("of the drop to New disappears when any valid label counts")
    assert "–" in drop_finding(wide, Subject("Old"), Subject("New")).title
    assert drop_finding(none, Subject("Old"), Subject("New")).title == "Accuracy does not reliably drop from the original to New"


def test_models_that_surely_drop_less_are_counted() -> None:
    found = drops(models(OLD, a=first(90), b=first(90)), models(NEW, a=first(60, 29), b=first(60)), seed=0)
    assert found is not None
    assert drops_by_model_finding(found, Subject("New")).title == "1 of 2 models reliably drops less in ReaL than in top-1"


def test_a_model_that_names_more_given_labels_on_the_replicate_does_not_drop_less() -> None:
    had_several = labelled([[0, 1]] * 100, [0] * 100)
    risen = drops(models(had_several, a=first(40, 40)), models(OLD, a=first(90)), seed=0)
    assert risen is not None
    assert risen.models[0].share_gone.interval is not None
    assert risen.models[0].share_gone.interval.low > 0  # ReaL rises as well, by less: there is no drop that could disappear
    assert drops_by_model_finding(risen, Subject("New")).title == "The model does not reliably drop less in ReaL than in top-1"


def test_what_is_lost_is_told_in_points_and_with_a_minus_where_it_is_won() -> None:
    risen = drops(models(OLD, a=first(60)), models(NEW, a=first(90)), seed=0)
    assert risen is not None
    told = drop_finding(risen, Subject(), Subject())
    assert (
        "on the original minus that on the replicate, for models measured on both: in top-1 −30.00 points (95% interval −"
        in told.definition
    )
    assert "-" not in told.definition.replace("top-1", "")
