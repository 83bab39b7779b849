"""Every measure of a model, one record each: `evaluate --json`, the report's table of models and the reference read this table.

A further measure is a function and a field in `metrics`, its interval in `uncertainty`, and its record here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from multilabelfy.evaluation.measures.metrics import LARGE_SUBGROUP, Hits
from multilabelfy.evaluation.measures.uncertainty import (
    Cases,
    asma_interval,
    cases_of,
    empty_right_interval,
    real_interval,
    strict_interval,
    top1_interval,
    variable_topk_interval,
)
from multilabelfy.statistics.intervals import Interval

WILSON, BOOTSTRAP = "Wilson", "bootstrap over images (Wilson where all or none)"


@dataclass(frozen=True, slots=True)
class ModelMeasure:
    """One measure. `key` is its field in `Measures` and its name in JSON; `needs` is what must be there, else it is null.

    `in_report`: the report's table of models and the command's have a column for it.
    """

    key: str
    name: str
    definition: str
    source: str
    needs: str
    interval: Callable[[Cases], Interval | None]
    interval_by: str
    in_report: bool = False


MODEL_MEASURES = (
    ModelMeasure(
        key="top1",
        name="top-1",
        definition="share of images with r₁ = g, over those with a given label",
        source="",
        needs="given labels",
        interval=lambda of: top1_interval(of.hits),
        interval_by=WILSON,
        in_report=True,
    ),
    ModelMeasure(
        key="real",
        name="ReaL",
        definition="share of images with r₁ ∈ Y, over those with |Y| > 0",
        source="arXiv 2006.07159",
        needs="an image with a label",
        interval=lambda of: real_interval(of.hits),
        interval_by=WILSON,
        in_report=True,
    ),
    ModelMeasure(
        key="real_empty_counts_as_right",
        name="ReaL, empty is right",
        definition="share of images with r₁ ∈ Y or |Y| = 0, over all",
        source="ReImageNet’s convention, arXiv 2608.13783",
        needs="an image",
        interval=lambda of: empty_right_interval(of.hits),
        interval_by=WILSON,
        in_report=True,
    ),
    ModelMeasure(
        key="variable_topk",
        name="variable top-k",
        definition="mean of |first k labels ∩ Y| / k with k = |Y| (R-precision), over |Y| > 0 with at least k ranks",
        source="arXiv 2412.18409",
        needs="an image with as many ranks as labels",
        interval=variable_topk_interval,
        interval_by=BOOTSTRAP,
        in_report=True,
    ),
    ModelMeasure(
        key="asma",
        name="ASMA",
        definition="unweighted mean of variable top-k over the subgroups |Y| = 1, 2, … (the equal weights are our reading)",
        source="arXiv 2412.18409",
        needs="an image with as many ranks as labels",
        interval=asma_interval,
        interval_by=f"{BOOTSTRAP}, stratified by |Y|",
        in_report=True,
    ),
    ModelMeasure(
        key="top1_of_nonempty",
        name="top-1 where there is a label",
        definition="top-1 over |Y| > 0, so that it compares with ReaL",
        source="",
        needs="given labels",
        interval=lambda of: top1_interval(of.hits.of(of.hits.nonempty)),
        interval_by=WILSON,
    ),
    ModelMeasure(
        key="variable_topk_strict",
        name="variable top-k, strict",
        definition="share of images whose first k labels are exactly Y, over the images of variable top-k",
        source="arXiv 2412.18409",
        needs="an image with as many ranks as labels",
        interval=strict_interval,
        interval_by=WILSON,
    ),
    ModelMeasure(
        key="asma_of_large_subgroups",
        name="ASMA of large subgroups",
        definition=f"ASMA over the subgroups of at least {LARGE_SUBGROUP} images",
        source="arXiv 2412.18409",
        needs="a large subgroup",
        interval=lambda of: asma_interval(of, at_least=LARGE_SUBGROUP),
        interval_by=f"{BOOTSTRAP}, stratified by |Y|",
    ),
)


def measure_intervals(of: Hits, *, seed: int) -> dict[str, Interval | None]:
    """The interval of each measure of one model by its key; None where it is not defined."""
    cases = cases_of(of, seed=seed)
    return {measure.key: measure.interval(cases) for measure in MODEL_MEASURES}
