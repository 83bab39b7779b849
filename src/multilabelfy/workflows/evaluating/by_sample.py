"""Measure models on all images that predictions are about, from final labels of a random sample: read, join by name, and estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets, LabelSpace
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.few_labels.by_sample import MeasuredBySample, SampledModel, measured_by_sample
from multilabelfy.evaluation.few_labels.named_labels import named_labels
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.evaluation.measures.model import LabelledImages, Predictions
from multilabelfy.formats.reading.label_sets import read_given, read_label_sets
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.plurals import counted
from multilabelfy.statistics.prediction_powered import PoweredShare
from multilabelfy.workflows.evaluating.evaluation import rankings_for, read_space, require_unique

ATTEMPT = "Cannot evaluate by a sample"
FEWEST = 20
"""Images with labels of which a share says anything."""


@dataclass(frozen=True)
class Sampled:
    """All images with the labels that they came with, and the positions of those that were drawn and have final labels."""

    images: LabelledImages
    rows: npt.NDArray[np.int64]


def evaluate_by_sample(
    sample: Path, predictions: Sequence[Path], *, given: Path | None = None, label_space: str | None = None
) -> MeasuredBySample:
    """Measure every model of the files over all images that they are about, from the label sets of a sample of these.

    Raises InvalidInput if a file cannot be read, the files do not fit each other, or the sample is too small to say anything.
    """
    space = read_space(label_space, sample)
    read = [(path, read_predictions(path, space)) for path in predictions]
    sampled = _joined(read_label_sets(sample, None, space), _all_images(read, given, space), given, space, sample)
    return measured_in(sampled, read, len(space) if space else None)


def measured_in(sampled: Sampled, read: Sequence[tuple[Path, Predictions]], n_labels: int | None) -> MeasuredBySample:
    """Measure the models of files that were read. Raises InvalidInput."""
    if len(sampled.rows) < FEWEST:
        problem = Problem(
            "the sample", f"it has {counted(len(sampled.rows), 'image')} with labels, and fewer than {FEWEST} say nothing of the others"
        )
        raise InvalidInput(ATTEMPT, [problem], "Label more images that were drawn at random.")
    rankings = [rankings_for(sampled.images, predicted, str(path), n_labels) for path, predicted in read]
    models = [model for of_file in rankings for model in of_file.models]
    require_unique(models, [path for path, _ in read])
    return measured_by_sample(sampled.images, sampled.rows, models, named_labels(rankings, sampled.images.given))


def as_json(measured: MeasuredBySample) -> dict[str, Any]:
    """What `evaluate --sample --json` prints: each share with its interval, and how many plain labels one label was worth."""
    return {
        "n_sampled": measured.n_sampled,
        "n_images": measured.n_images,
        "looks_chosen": measured.looks_chosen,
        "given_wrong": _share(measured.given_wrong),
        "models": [_model(model) for model in measured.models],
    }


def _model(of: SampledModel) -> dict[str, Any]:
    return {"model": of.model, "top1": of.top1, "valid": _share(of.valid), "real": _share(of.real)}


def _share(of: PoweredShare | None) -> dict[str, Any] | None:
    return None if of is None else {"value": of.value, "interval": [of.interval.low, of.interval.high], "n": of.n, "worth": of.worth}


def _all_images(read: Sequence[tuple[Path, Predictions]], given: Path | None, space: LabelSpace | None) -> tuple[str, ...]:
    """The names of all images: those of the first predictions that have names, else those of the file of given labels."""
    named = next((predicted.images for _, predicted in read if predicted.images), None)
    if named is not None:
        return tuple(named)
    if given is not None:
        return read_label_sets(given, None, space).images
    problem = Problem(str(read[0][0]), "neither it nor another file names the images that were not drawn")
    way_out = "Give the predictions as .npz or as a table with names, or the images' names, in the order of the rows, with --given."
    raise InvalidInput(ATTEMPT, [problem], way_out)


def _joined(sets: LabelSets, names: Sequence[str], given: Path | None, space: LabelSpace | None, where: Path) -> Sampled:
    """The sample's labels at the places of their images; all others have none."""
    if not len(sets):
        raise InvalidInput("Cannot read the labels", [Problem(str(where), "there are no images in it")])
    rows = positions_of(sets.images, names, attempt=ATTEMPT, where="the predictions")
    of_each: list[tuple[int, ...]] = [()] * len(names)
    for row, labels in zip(rows.tolist(), sets.rows(), strict=True):
        of_each[row] = labels
    known = read_given(given, names, space) if given else None
    return Sampled(LabelledImages(LabelSets.from_rows(names, of_each), known), rows)
