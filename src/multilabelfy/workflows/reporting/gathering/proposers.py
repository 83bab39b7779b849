"""Measure the proposers of a study as models, on the released images that most of their proposals cover."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, evaluated
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages, Rankings
from multilabelfy.evaluation.proposals.calibration import known_scores
from multilabelfy.evaluation.proposals.missed import Missed, missed
from multilabelfy.report.material import SEED
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import proposals
from multilabelfy.store.dataset.proposals import BestOfRun


@dataclass(frozen=True)
class Proposed:
    """The proposers that cover the same images, as models to evaluate, and how many released images each proposer covers."""

    labelled: LabelledImages
    models: tuple[EvaluatedModel, ...]
    covered: dict[str, int]
    left_out: tuple[str, ...]
    missed: Missed | None = None


def proposers_measured(c: Connection, dataset: StoredDataset, labelled: LabelledImages, images: Sequence[ImageId]) -> Proposed:
    """Measure the proposers on the images of the one that covers the most; a proposer that covers fewer of them is left out.

    `images` are the labelled images' numbers, in their order.
    """
    runs = [run for run in proposals.best_of_runs(c, dataset.id, images) if len(run.place)]
    rows = max((run.place for run in runs), key=len, default=np.array([], dtype=np.int64))
    whole = [run for run in runs if np.isin(rows, run.place).all()]
    part = labelled.of(rows)
    rankings = [_rankings(run, np.isin(run.place, rows)) for run in whole]
    models = [model for of_source in rankings for model in evaluated(part, of_source)]
    covered = {run.source: len(run.place) for run in runs}
    left_out = tuple(run.source for run in runs if run not in whole)
    return Proposed(part, tuple(models), covered, left_out, _missed(rankings, part))


def _rankings(run: BestOfRun, rows: npt.NDArray[np.bool_]) -> Rankings:
    """The run's lists for these of its images, as deep as the longest."""
    depth = int((run.labels[rows] != NO_LABEL).sum(axis=1).max(initial=1))
    return Rankings((run.source,), run.labels[rows, :depth][np.newaxis], scores=run.scores[rows, :depth][np.newaxis])


def _missed(rankings: Sequence[Rankings], part: LabelledImages) -> Missed | None:
    """What the proposers' lists hold, each as deep as the shallowest."""
    if not rankings:
        return None
    depth = min(of_source.ranked.shape[2] for of_source in rankings)
    ranked = np.concatenate([of_source.ranked[:, :, :depth] for of_source in rankings])
    scores = np.concatenate([known_scores(of_source)[:, :, :depth] for of_source in rankings])
    return missed([of_source.models[0] for of_source in rankings], ranked, part.sets, depth, seed=SEED, scores=scores)
