"""Hold predictions against label sets: read the files, join them by image name, check that they fit, measure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from multilabelfy.dataset.model import LabelSets, LabelSpace
from multilabelfy.disagreement.intervals import Interval
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.checks import ATTEMPT, require_rankings, require_right_order, require_scores
from multilabelfy.evaluation.evaluated import EvaluatedModel, evaluated
from multilabelfy.evaluation.groups import Grouping, GroupRow, by_group
from multilabelfy.evaluation.joining import positions_of
from multilabelfy.evaluation.model import LabelledImages, Predictions, Rankings, ScoredImages
from multilabelfy.evaluation.ranking import ranked_from_scores
from multilabelfy.evaluation.score_metrics import score_measures
from multilabelfy.evaluation.uncertainty import measure_intervals
from multilabelfy.formats.label_files import read_label_space
from multilabelfy.formats.label_sets import read_given, read_label_sets, space_of
from multilabelfy.formats.predictions import read_predictions

FEWEST_RANKS = 5
INTERVALS_SEED = 0
MEASURES = ("n_images", "n_without_labels", "top1", "real", "real_empty_counts_as_right", "variable_topk", "asma")
MORE_MEASURES = ("top1_of_nonempty", "variable_topk_strict", "n_variable_topk", "asma_of_large_subgroups")


@dataclass(frozen=True)
class Evaluation:
    """The labelled images of the files and what each model scores on them. `n_unlabelled` predictions were about other images."""

    labelled: LabelledImages
    models: tuple[EvaluatedModel, ...]
    labels: LabelSpace | None
    n_unlabelled: int = 0


def evaluate(labels: Path, predictions: Sequence[Path], *, given: Path | None = None, label_space: str | None = None) -> Evaluation:
    """Measure every model of the files. Raises InvalidInput where a file cannot be read, or the files do not fit each other."""
    space = read_space(label_space, labels)
    read = [(path, read_predictions(path, space)) for path in predictions]
    names = next((found.images for _, found in read if found.images), None)
    labelled = labelled_images(labels, given, space, names)
    n_labels = len(space) if space else None
    models = [model for path, found in read for model in measured(labelled, found, str(path), n_labels)]
    _require_unique(models, read)
    return Evaluation(labelled, tuple(models), space, sum(max(0, len(found.images or ()) - len(labelled)) for _, found in read))


def read_space(label_space: str | None, labels: Path) -> LabelSpace | None:
    """The label space that was named, else the one that the label file's own labels tell; None where they do not."""
    return read_label_space(label_space) if label_space else space_of(labels)


def labelled_images(labels: Path, given: Path | None, space: LabelSpace | None, names: Sequence[str] | None = None) -> LabelledImages:
    """The label sets of a file with the given labels of another; `names` are what a list without names may be about."""
    sets = read_label_sets(labels, names, space)
    if not len(sets):
        raise InvalidInput("Cannot read the labels", [Problem(str(labels), "there are no images in it")])
    return LabelledImages(sets, read_given(given, sets.images, space) if given else None)


def measured(labelled: LabelledImages, predictions: Predictions, where: str, n_labels: int | None = None) -> tuple[EvaluatedModel, ...]:
    """Measure the models of one file; `where` names it in errors. Raises InvalidInput where it does not fit the labels."""
    rows = _rows(labelled.sets, predictions, where)
    rankings = _ranked(labelled, predictions, where)
    aligned = Rankings(rankings.models, rankings.ranked[:, rows], labelled.sets.images)
    for model, ranked in zip(aligned.models, aligned.ranked, strict=True):
        require_right_order(labelled, ranked, model, where)
    require_rankings(aligned, n_labels, where)
    models = evaluated(labelled, aligned)
    if isinstance(predictions, ScoredImages):
        return tuple(replace(model, scores=score_measures(labelled.sets, predictions.scores[rows])) for model in models)
    return models


def as_json(evaluation: Evaluation, groupings: Sequence[Grouping] = ()) -> dict[str, Any]:
    """What `evaluate --json` prints: one model's measures, or those of several under `models`; each also in the groups asked for."""
    models = [{"model": model.model, **_model_json(model), **_groups_json(model, groupings)} for model in evaluation.models]
    return models[0] if len(models) == 1 else {"models": models}


def _rows(sets: LabelSets, predictions: Predictions, where: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]] | slice":
    if predictions.images is not None:
        return positions_of(sets.images, predictions.images, attempt=ATTEMPT, where=where)
    n = len(predictions.scores) if isinstance(predictions, ScoredImages) else predictions.ranked.shape[1]
    if n != len(sets):
        problem = f"there are predictions for {n} images, but labels for {len(sets)}"
        raise InvalidInput(ATTEMPT, [Problem(where, problem)], "Rows without names follow the order of the label file, one an image.")
    return slice(None)


def _ranked(labelled: LabelledImages, predictions: Predictions, where: str) -> Rankings:
    if isinstance(predictions, Rankings):
        return predictions
    require_scores(predictions, labelled, where)
    return ranked_from_scores(predictions, max(FEWEST_RANKS, int(labelled.sets.counts.max())))


def _require_unique(models: Sequence[EvaluatedModel], read: Sequence[tuple[Path, Predictions]]) -> None:
    names = [model.model for model in models]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        where = ", ".join(str(path) for path, _ in read)
        raise InvalidInput(ATTEMPT, [Problem(where, f"there are several models of the name '{name}'") for name in twice])


def _model_json(model: EvaluatedModel) -> dict[str, Any]:
    found = asdict(model.measures)
    intervals = measure_intervals(model.hits, seed=INTERVALS_SEED)
    return {
        **{name: found[name] for name in MEASURES},
        "by_label_count": [asdict(row) for row in model.by_label_count],
        **{name: found[name] for name in MORE_MEASURES},
        "mean_average_precision": model.scores and model.scores.mean_average_precision,
        "subset_accuracy": model.scores and model.scores.subset_accuracy,
        "intervals": {name: _ends(getattr(intervals, name)) for name in (*MEASURES[2:], *MORE_MEASURES) if hasattr(intervals, name)},
    }


def _groups_json(model: EvaluatedModel, groupings: Sequence[Grouping]) -> dict[str, Any]:
    rows = [(of, by_group(model.hits, of.groups, seed=INTERVALS_SEED)) for of in groupings]
    return {of.key: [{of.called: of.name_of(row.group), **_group_json(row)} for row in found] for of, found in rows}


def _group_json(row: GroupRow) -> dict[str, Any]:
    m = row.measures
    ends = {"top1": row.top1_interval, "real": row.real_interval, "variable_topk": row.variable_topk_interval}
    measured = {"top1": m.top1, "real": m.real, "variable_topk": m.variable_topk}
    return {"images": m.n_images, **measured, "intervals": {name: _ends(interval) for name, interval in ends.items()}}


def _ends(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
