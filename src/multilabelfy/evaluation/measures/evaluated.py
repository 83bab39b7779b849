"""One model's or many models' measures over the same labelled images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.by_label_count import LabelCountRow, by_label_count
from multilabelfy.evaluation.measures.metrics import HitCounts, Hits, Measures, ValidLabels, hits, measures, tally
from multilabelfy.evaluation.measures.model import LabelledImages, Labels, Rankings


@dataclass(frozen=True, slots=True)
class EvaluatedModel:
    """A model's measures, over all images and by number of labels, and image by image its first label and whether that was right.

    `first` is (n_images,).
    """

    model: str
    measures: Measures
    by_label_count: tuple[LabelCountRow, ...]
    tally: HitCounts
    hits: Hits
    first: Labels


def evaluated(labelled: LabelledImages, rankings: Rankings) -> tuple[EvaluatedModel, ...]:
    """Measure each model; `rankings.ranked` is in the order of the labelled images."""
    valid = ValidLabels.of(labelled)
    return tuple(_evaluated(labelled, valid, model, ranked) for model, ranked in zip(rankings.models, rankings.ranked, strict=True))


def _evaluated(labelled: LabelledImages, valid: ValidLabels, model: str, ranked: Labels) -> EvaluatedModel:
    of = hits(labelled, valid, ranked)
    counted = tally(of)
    return EvaluatedModel(model, measures(counted), by_label_count(counted), counted, of, ranked[:, 0].copy())


def given_hits(models: Sequence[EvaluatedModel]) -> npt.NDArray[np.bool_] | None:
    """(n_models, n_images): whether each first label is the given one; None without given labels."""
    rows = [model.hits.given for model in models if model.hits.given is not None]
    return np.stack(rows) if len(rows) == len(models) and rows else None


def valid_hits(models: Sequence[EvaluatedModel]) -> npt.NDArray[np.bool_]:
    """(n_models, n_images): whether each first label is valid."""
    return np.stack([model.hits.valid for model in models])
