"""Compare predictions with label sets: read the files, join them by image name, check that they fit, and measure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from multilabelfy.dataset.model import LabelSets, LabelSpace
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.many_models.groups import Grouping, GroupRow, MeasuredScores, by_group, measured_scores
from multilabelfy.evaluation.measures.by import By
from multilabelfy.evaluation.measures.by_label_count import KINDS, SOURCES, LabelCountRow, kind_groups, source_groups
from multilabelfy.evaluation.measures.checks import ATTEMPT, require_rankings, require_right_order, require_scores
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, evaluated
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.evaluation.measures.model import LabelledImages, Predictions, Rankings, ScoredImages
from multilabelfy.evaluation.measures.score_metrics import ScoreMeasures, ranked_from_scores
from multilabelfy.evaluation.measures.table import MODEL_MEASURES, measure_intervals
from multilabelfy.formats.reading.label_provenance import read_relations, read_sources
from multilabelfy.formats.reading.label_sets import read_given, read_label_sets, space_of
from multilabelfy.formats.reading.label_space import read_label_space
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.plurals import counted
from multilabelfy.statistics.intervals import Interval

FEWEST_RANKS = 5


def groupings(labelled: LabelledImages, by: Sequence[By], labels: Path) -> tuple[Grouping, ...]:
    """Each requested grouping once; `labels` is the file of the label sets.

    Raises InvalidInput if there are no given labels to group by, or if the file does not say how its labels came about.
    """
    return tuple(_grouping(labelled, grouped_by, labels) for grouped_by in dict.fromkeys(by))


@dataclass(frozen=True)
class Evaluation:
    """The labelled images of the files and each model's measures on them, also in the requested groups.

    `scores` holds, by model, the measures that need scores, for models that came with them. `n_unlabelled` predictions were about other
    images.
    """

    labelled: LabelledImages
    models: tuple[EvaluatedModel, ...]
    labels: LabelSpace | None
    groupings: tuple[Grouping, ...] = ()
    scores: Mapping[str, MeasuredScores] = field(default_factory=dict)
    n_unlabelled: int = 0


def evaluate(
    labels: Path, predictions: Sequence[Path], *, given: Path | None = None, label_space: str | None = None, by: Sequence[By] = ()
) -> Evaluation:
    """Measure every model of the files, also in the groups of images that `by` names.

    Raises InvalidInput if a file cannot be read, the files do not fit each other, or they do not define the groups.
    """
    space = read_space(label_space, labels)
    read = [(path, read_predictions(path, space)) for path in predictions]
    names = next((predicted.images for _, predicted in read if predicted.images), None)
    labelled = labelled_images(labels, given, space, names)
    grouped = groupings(labelled, by, labels)
    n_labels = len(space) if space else None
    models = [model for path, predicted in read for model in measured(labelled, predicted, str(path), n_labels)]
    require_unique([model.model for model in models], [path for path, _ in read])
    scores = {
        predicted.model: _scored(labelled, predicted, str(path), grouped) for path, predicted in read if isinstance(predicted, ScoredImages)
    }
    n_unlabelled = sum(max(0, len(predicted.images or ()) - len(labelled)) for _, predicted in read)
    return Evaluation(labelled, tuple(models), space, grouped, scores, n_unlabelled)


def read_space(label_space: str | None, labels: Path) -> LabelSpace | None:
    """The named label space, or the one that the label file's own labels reveal; None if they do not."""
    return read_label_space(label_space) if label_space else space_of(labels)


def labelled_images(labels: Path, given: Path | None, space: LabelSpace | None, names: Sequence[str] | None = None) -> LabelledImages:
    """The label sets of a file with the given labels of another; `names` are the images that a list without names may refer to."""
    sets = read_label_sets(labels, names, space)
    if not len(sets):
        raise InvalidInput("Cannot read the labels", [Problem(str(labels), "there are no images in it")])
    return LabelledImages(sets, read_given(given, sets.images, space) if given else None)


def measured(labelled: LabelledImages, predictions: Predictions, where: str, n_labels: int | None = None) -> tuple[EvaluatedModel, ...]:
    """Measure the models of one file; `where` names it in errors. Raises InvalidInput if it does not fit the labels."""
    return evaluated(labelled, rankings_for(labelled, predictions, where, n_labels))


def rankings_for(
    labelled: LabelledImages, predictions: Predictions, where: str, n_labels: int | None = None, *, depth: int = FEWEST_RANKS
) -> Rankings:
    """The rankings of one file in the order of the labelled images, from scores at least `depth` deep. Raises InvalidInput."""
    rows = _rows(labelled.sets, predictions, where)
    rankings = _ranked(labelled, predictions, where, depth)
    scores = None if rankings.scores is None else rankings.scores[:, rows]
    aligned = Rankings(rankings.models, rankings.ranked[:, rows], labelled.sets.images, scores)
    for model, ranked in zip(aligned.models, aligned.ranked, strict=True):
        require_right_order(labelled, ranked, model, where)
    require_rankings(aligned, n_labels, where)
    return aligned


def require_unique(names: Sequence[str], paths: Sequence[Path]) -> None:
    """Raise InvalidInput where several models of these files have the same name."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        where = ", ".join(map(str, paths))
        raise InvalidInput(ATTEMPT, [Problem(where, f"there are several models of the name '{name}'") for name in twice])


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """What `evaluate --json` prints: one model's measures, or several models' under `models`, each also in the requested groups."""
    models = [model_json(model, evaluation.scores.get(model.model), evaluation.groupings) for model in evaluation.models]
    return models[0] if len(models) == 1 else {"models": models}


def _rows(sets: LabelSets, predictions: Predictions, where: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]] | slice":
    if predictions.images is not None:
        return positions_of(sets.images, predictions.images, attempt=ATTEMPT, where=where)
    n = len(predictions.scores) if isinstance(predictions, ScoredImages) else predictions.ranked.shape[1]
    if n != len(sets):
        problem = f"there are predictions for {counted(n, 'image')}, but labels for {len(sets)}"
        raise InvalidInput(ATTEMPT, [Problem(where, problem)], "Rows without names follow the order of the label file, one an image.")
    return slice(None)


def _ranked(labelled: LabelledImages, predictions: Predictions, where: str, depth: int) -> Rankings:
    if isinstance(predictions, Rankings):
        return predictions
    require_scores(predictions, labelled, where)
    return ranked_from_scores(predictions, max(depth, int(labelled.sets.counts.max())))


def _scored(labelled: LabelledImages, scored: ScoredImages, where: str, grouped: Sequence[Grouping]) -> MeasuredScores:
    return measured_scores(labelled, scored.scores[_rows(labelled.sets, scored, where)], grouped)


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


def _grouping(labelled: LabelledImages, by: By, labels: Path) -> Grouping:
    images = labelled.sets.images
    if by is By.LABELS:
        return Grouping(by, labelled.sets.counts)
    if by is By.KIND:
        return Grouping(by, kind_groups(labelled.sets.counts.tolist(), read_relations(labels, images)), KINDS)
    if by is By.SOURCE:
        return Grouping(by, source_groups(read_sources(labels, images)), SOURCES)
    if labelled.given is None:
        problem = Problem("--by class", "the groups are the given labels, and there are none")
        raise InvalidInput(ATTEMPT, [problem], "Name them with --given.")
    return Grouping(by, labelled.given)
