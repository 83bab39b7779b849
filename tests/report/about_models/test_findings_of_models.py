"""What a report says of models: only what the intervals allow."""

import numpy as np
import pytest
from tests.report.reports import labelled, models

from multilabelfy.evaluation.many_models.misses import misses, pooled_misses
from multilabelfy.evaluation.many_models.models import Outlier, trend_of
from multilabelfy.evaluation.many_models.trend import Slope, Trends, curve, trends
from multilabelfy.report.about_models.accuracy import curve_finding, misses_finding, models_finding
from multilabelfy.report.about_models.trend_line import ModelPoint, trend_finding
from multilabelfy.report.figures.charts import specification
from multilabelfy.report.findings import Subject
from multilabelfy.statistics.intervals import Interval

TOYS = Subject("Toys")


def falling(value: float, low: float, high: float) -> Slope:
    return Slope(value, Interval(low, high))


@pytest.mark.parametrize(
    ("top1", "real", "difference", "title"),
    [
        ((-0.10, -0.11, -0.09), (-0.01, -0.02, -0.005), (0.09, 0.08, 0.10), "Top-1 falls with the number of labels; ReaL falls far less"),
        ((-0.10, -0.11, -0.09), (-0.07, -0.08, -0.06), (0.03, 0.02, 0.04), "Top-1 falls with the number of labels; ReaL falls less"),
        ((-0.10, -0.11, -0.09), (-0.09, -0.10, -0.08), (0.01, -0.01, 0.02), "Top-1 falls with the number of labels; ReaL falls too"),
        (
            (-0.10, -0.11, -0.09),
            (-0.01, -0.02, 0.01),
            (0.09, 0.08, 0.10),
            "Top-1 falls with the number of labels; ReaL does not reliably change",
        ),
        ((-0.10, -0.11, -0.09), (0.03, 0.02, 0.04), (0.13, 0.12, 0.14), "Top-1 falls with the number of labels; ReaL rises"),
        (
            (-0.10, -0.30, 0.09),
            (-0.01, -0.02, 0.01),
            (0.09, -0.08, 0.10),
            "Neither top-1 nor ReaL reliably changes with the number of labels",
        ),
    ],
)
def test_the_title_says_less_where_the_interval_allows_less(
    top1: tuple[float, ...], real: tuple[float, ...], difference: tuple[float, ...], title: str
) -> None:
    images = labelled([[0], [1, 2]] * 10, [0, 1] * 10)
    points = curve(models(images, m=[0, 1] * 10), seed=0)
    found = Trends(2, falling(*top1), falling(*real), falling(*difference))
    assert curve_finding(points, found, {}, 1, TOYS).title == title


def test_slopes_that_no_resample_moves_are_not_told() -> None:
    images = labelled([[0], [1, 2]], [0, 1])
    still = Trends(2, falling(0, 0, 0), falling(0, 0, 0), falling(0, 0, 0))
    finding = curve_finding(curve(models(images, m=[0, 1]), seed=0), still, {}, 1, TOYS)
    assert "With each additional label" not in finding.definition


def test_the_gain_of_counting_any_valid_label_is_stated() -> None:
    images = labelled([[0], [1, 2]] * 1000, [0, 1] * 1000)
    finding = models_finding(models(images, m=[0, 2] * 1000), TOYS)
    assert finding.title == "m gains 50.0 points when any valid label counts"
    assert finding.table.records()[0]["real"] == 1.0


def bent(n: int = 40) -> tuple[list[ModelPoint], list[float], list[float]]:
    """Models on y = 2x − x², whose slope is 2 − 2x: 1.2 at 40% and 0.4 at 80%."""
    x = np.linspace(0.4, 0.8, n)
    y = 2 * x - x**2 + np.random.default_rng(1).normal(0, 1e-4, n)
    return [ModelPoint(f"m{i}", float(x[i]), float(y[i])) for i in range(n)], x.tolist(), y.tolist()


def test_where_the_trend_bends_the_local_slope_is_said_and_all_is_of_one_fit() -> None:
    points, x, y = bent()
    trend = trend_of([point.model for point in points], x, y)
    assert trend is not None
    finding = trend_finding(points, trend, "40 models", beyond=[Outlier("m7", 0.01, 4.0, 0.01), Outlier("m9", -0.01, -3.5, 0.03)])
    assert finding.title == (
        "A point of top-1 is worth 1.20 points of ReaL at 40% and 0.40 at 80%; no model stands out from the scatter, "
        "sampling does not explain 2 of 40"
    )
    assert trend.quadratic is not None
    square, slope, intercept = (abs(value) for value in reversed(trend.quadratic.coefficients))
    assert f"ReaL = −{square:.4f} × top-1² + {slope:.4f} × top-1" in finding.subtitle
    assert f"{intercept:.4f}, R² {trend.quadratic.r_squared:.4f}" in finding.subtitle
    assert finding.table.records()[0]["fitted"] == pytest.approx(0.96, abs=1e-3)
    assert set(finding.marked) == {"m7", "m9"}


def test_sampling_that_explains_all_residuals_is_said_to() -> None:
    points, x, y = bent()
    trend = trend_of([point.model for point in points], x, y)
    assert trend is not None
    assert trend_finding(points, trend, "40 models", beyond=[]).title.endswith("scatter, sampling explains all residuals")


def test_a_gain_compares_the_same_images() -> None:
    """Over all images top-1 is 25% and ReaL, over those with labels, 67%; over these the model gains one in three."""
    images = labelled([[0], [1, 2], [3], []] * 1000, [0, 1, 4, 5] * 1000)
    assert models_finding(models(images, m=[0, 2, 9, 9] * 1000), TOYS).title == "m gains 33.3 points when any valid label counts"


def test_a_gain_says_less_where_its_interval_allows_less() -> None:
    def title(n_times: int, first: list[int]) -> str:
        images = labelled([[0], [1, 2], [3]] * n_times, [0, 1, 3] * n_times)
        return models_finding(models(images, m=first * n_times), TOYS).title

    assert title(10, [0, 2, 9]).startswith("m gains between ")
    assert title(10, [0, 1, 9]) == "Counting any valid label does not reliably change the accuracy of m"
    assert title(2, [0, 2, 9]) == "Too few images of Toys to say what counting any valid label changes for m"


def test_two_images_with_several_labels_make_no_trend() -> None:
    images = labelled([[0]] * 100 + [[1, 2]] * 2, [0] * 100 + [1] * 2)
    found = models(images, m=[0] * 100 + [9, 9])
    title = curve_finding(curve(found, seed=0), trends(found, seed=0), {}, 1, TOYS).title
    assert title == "Accuracy by number of valid labels"


def test_a_measure_over_fewer_images_says_over_how_many() -> None:
    """The model ranks one label an image, so that variable top-k leaves out the image with two; ReaL leaves out the one without any."""
    images = labelled([[0], [1, 2], []], [0, 1, 5])
    finding = models_finding(models(images, m=[0, 2, 9]), TOYS)
    assert "3 images, ReaL over 2 with a label, variable top-k and ASMA over 1;" in finding.subtitle
    row = finding.table.records()[0]
    assert (row["images"], row["images_real"], row["images_variable_topk"]) == (3, 2, 1)


def test_without_given_labels_only_real_is_drawn() -> None:
    finding = models_finding(models(labelled([[0], [1, 2]]), m=[0, 5]), TOYS)
    assert list(finding.series) == ["real"]
    assert finding.title == "Between 9% and 91% of the first labels of m are valid"


def test_the_curve_has_a_point_for_each_number_of_labels() -> None:
    images = labelled([[0], [1, 2], [1, 2], []], [0, 1, 1, 3])
    points = curve(models(images, a=[0, 2, 1, 3], b=[0, 2, 9, 9]), seed=0)
    assert [(point.labels, point.images, point.top1, point.real) for point in points] == [
        (0, 1, 0.5, None),
        (1, 1, 1.0, 1.0),
        (2, 2, 0.25, 0.75),
    ]


def test_a_trend_is_the_slope_over_images() -> None:
    images = labelled([[0], [1, 2], [3, 4, 5]] * 20, [0, 1, 3] * 20)
    found = trends(models(images, m=[0, 2, 4] * 20), seed=0)
    assert found is not None
    assert found.top1.value == pytest.approx(-0.5)  # 1, 0, 0 over 1, 2, 3 labels
    assert found.real.value == pytest.approx(0)
    assert found.difference.value == pytest.approx(0.5)
    assert found.top1.interval.high < 0


def test_one_number_of_labels_has_no_trend() -> None:
    assert trends(models(labelled([[0], [1]], [0, 1]), m=[0, 1]), seed=0) is None
    assert trends(models(labelled([[0], [1, 2]]), m=[0, 1]), seed=0) is None


def test_misses_that_are_valid_are_told_from_wrong_ones() -> None:
    images = labelled([[0, 1], [0, 1], [0], []], [0, 0, 0, 0])
    found = models(images, a=[1, 9, 9, 9], b=[1, 1, 0, 0])
    each = [one for model in found if (one := misses(model)) is not None]
    assert [(one.n_misses, one.n_valid) for one in each] == [(3, 1), (2, 2)]
    pooled = pooled_misses(found, seed=0)
    assert pooled is not None
    assert (pooled.n_misses, pooled.n_valid) == (5, 3)
    assert misses_finding(each, pooled, TOYS).table.records()[0]["model"] == "b"


def test_the_line_and_the_models_that_leave_it_are_told() -> None:
    generator = np.random.default_rng(0)
    x = np.linspace(0.3, 0.8, 12)
    y = x + generator.normal(0, 0.001, 12)
    y[3] += 0.05
    points = [ModelPoint(f"m{i}", float(x[i]), float(y[i])) for i in range(12)]
    trend = trend_of([point.model for point in points], x.tolist(), y.tolist())
    assert trend is not None
    finding = trend_finding(points, trend, "12 models")
    assert finding.marked == ("m3",)
    assert finding.title.endswith("; m3 stands out from the scatter")
    assert "These stand out: m3 (+" in finding.definition
    assert "There are no images to resample" in finding.definition
    assert "legend" not in str(specification(finding)["layer"][-1])


def test_what_is_lost_is_not_called_a_gain() -> None:
    rejected = labelled([[1]] * 200 + [[0]] * 1800, [0] * 2000)  # models name given labels that people rejected
    assert models_finding(models(rejected, m=[0] * 2000), TOYS).title == "m loses 10.0 points when any valid label counts"
    assert models_finding(models(rejected, a=[0] * 2000, b=[0] * 2000), TOYS).title.startswith("The 2 models lose 10.0 points on average")
