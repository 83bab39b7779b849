"""Compare predictions with label sets: read the files, join them by image name, check that they fit, and measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from multilabelfy.dataset.model import LabelSets, LabelSpace
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.many_models.groups import Grouping
from multilabelfy.evaluation.many_models.score_groups import MeasuredScores, measured_scores
from multilabelfy.evaluation.measures.by import By
from multilabelfy.evaluation.measures.checks import ATTEMPT, require_rankings, require_right_order, require_scores
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, evaluated
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.evaluation.measures.model import LabelledImages, Predictions, Rankings, ScoredImages
from multilabelfy.evaluation.measures.ranking import ranked_from_scores
from multilabelfy.formats.reading.label_sets import read_given, read_label_sets, space_of
from multilabelfy.formats.reading.label_space import read_label_space
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.plurals import counted
from multilabelfy.workflows.evaluating.as_json import model_json
from multilabelfy.workflows.evaluating.groups import groupings

FEWEST_RANKS = 5


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
