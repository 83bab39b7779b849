"""One model's measures as `evaluate --json` prints them: fractions, null if undefined, each with its 95% interval."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from multilabelfy.evaluation.many_models.groups import Grouping, GroupRow, by_group
from multilabelfy.evaluation.many_models.score_groups import MeasuredScores
from multilabelfy.evaluation.measures.by_label_count import LabelCountRow
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.score_metrics import ScoreMeasures
from multilabelfy.evaluation.measures.table import MODEL_MEASURES, measure_intervals
from multilabelfy.statistics.intervals import Interval

INTERVALS_SEED = 0
COUNTS = ("n_images", "n_without_labels", "n_variable_topk")
OF_SCORES = ("mean_average_precision", "subset_accuracy")


def model_json(model: EvaluatedModel, scores: MeasuredScores | None, groupings: Sequence[Grouping] = ()) -> dict[str, Any]:
    """The counts, every measure of the table with its interval, and a list of rows for each grouping."""
    values = asdict(model.measures)
    intervals = measure_intervals(model.hits, seed=INTERVALS_SEED)
    of_scores, their_intervals = _of_scores(scores.of_all if scores else None)
    return {
        "model": model.model,
        **{name: values[name] for name in (*COUNTS, *(measure.key for measure in MODEL_MEASURES))},
        "by_label_count": _by_label_count(model, scores),
        **of_scores,
        "intervals": {**{name: _ends(interval) for name, interval in intervals.items()}, **their_intervals},
        **{of.key: _group_rows(model, of, scores) for of in groupings},
    }


def _by_label_count(model: EvaluatedModel, scores: MeasuredScores | None) -> list[dict[str, Any]]:
    intervals = {row.group: _intervals(row) for row in by_group(model.hits, model.hits.n_valid, seed=INTERVALS_SEED)}
    return [_label_count_row(model, row, intervals[row.labels], scores) for row in model.by_label_count]


def _label_count_row(
    model: EvaluatedModel, row: LabelCountRow, intervals: Mapping[str, Any], scores: MeasuredScores | None
) -> dict[str, Any]:
    value, interval = scores.subset_accuracy(model.hits.n_valid == row.labels) if scores else (None, None)
    return {**asdict(row), "subset_accuracy": value, "intervals": {**intervals, "subset_accuracy": _ends(interval)}}


def _group_rows(model: EvaluatedModel, of: Grouping, scores: MeasuredScores | None) -> list[dict[str, Any]]:
    measured = scores.by_group[of.key] if scores else {}
    rows = by_group(model.hits, of.groups, seed=INTERVALS_SEED)
    return [{of.called: of.name_of(row.group), **_group_json(row, measured.get(row.group))} for row in rows]


def _group_json(row: GroupRow, scores: ScoreMeasures | None) -> dict[str, Any]:
    m = row.measures
    of_scores, their_intervals = _of_scores(scores)
    measured = {"top1": m.top1, "real": m.real, "variable_topk": m.variable_topk}
    return {"images": m.n_images, **measured, **of_scores, "intervals": {**_intervals(row), **their_intervals}}


def _intervals(row: GroupRow) -> dict[str, list[float] | None]:
    of = {"top1": row.top1_interval, "real": row.real_interval, "variable_topk": row.variable_topk_interval}
    return {name: _ends(interval) for name, interval in of.items()}


def _of_scores(scores: ScoreMeasures | None) -> tuple[dict[str, float | None], dict[str, list[float] | None]]:
    """The measures that need scores, and their intervals; null without scores."""
    if scores is None:
        return dict.fromkeys(OF_SCORES), dict.fromkeys(OF_SCORES)
    ends = {name: _ends(getattr(scores, f"{name}_interval")) for name in OF_SCORES}
    return {name: getattr(scores, name) for name in OF_SCORES}, ends


def _ends(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
