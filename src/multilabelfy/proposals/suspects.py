"""Rank images by how little a model believes their given label, so that a small budget of annotation goes where wrong labels are.

The model's loss is the baseline that needs nothing else; other measures come from cleanlab (`inference.cleanlab`). What is kept of a
model's scores is its best ranks alone, so that whole rows are rebuilt first.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.proposals.model import Scores

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST = 1e-12
"""A softmax below this counts as this much: no loss is infinite."""


class SuspectBy(StrEnum):
    """How suspicious a given label is; all but the loss need cleanlab."""

    LOSS = "loss"  # of the given label; cleanlab's self-confidence ranks alike
    NORMALIZED_MARGIN = "normalized-margin"  # how far the best other label is ahead
    ENTROPY = "confidence-weighted-entropy"  # the same as the loss, less where the model is unsure of everything
    CONFIDENT_LEARNING = "confident-learning"  # first the labels that confident learning takes for wrong, each part by the loss


@dataclass(frozen=True, slots=True)
class Believed:
    """What a model believes of each image, all (n_images,): the softmax of its given label, and its best other label with its softmax."""

    given: Floats
    other: Indices
    of_other: Floats


def whole_scores(labels: npt.NDArray[np.int32], scores: Scores, n_labels: int) -> Scores:
    """Rebuild (n, n_labels) softmax from the best ranks, `labels` and `scores` (n, depth).

    What the kept scores leave of 1 is spread evenly over the other labels, to none of them more than the lowest kept score (a label that
    was not kept ranks below). Then each row is scaled to sum to 1: a model that knows further labels is asked about these alone.

    >>> whole = whole_scores(np.array([[2, 0]], dtype=np.int32), np.array([[0.6, 0.2]], dtype=np.float32), 4)
    >>> (100 * whole).round().astype(int).tolist()
    [[20, 10, 60, 10]]
    """
    n_rest = n_labels - labels.shape[1]
    left = np.clip(1 - scores.sum(axis=1, dtype=np.float64), 0, None) / max(n_rest, 1)
    whole = np.repeat(np.minimum(left, scores.min(axis=1, initial=1.0))[:, None], n_labels, axis=1)
    np.put_along_axis(whole, labels.astype(np.int64), scores.astype(np.float64), axis=1)
    total = whole.sum(axis=1, keepdims=True)
    return np.asarray(whole / np.where(total > 0, total, 1), dtype=np.float32)


def believed(scores: Scores, given: Indices) -> Believed:
    """What (n, n_labels) softmax says of the given labels (n,). Of equal other labels the lower index; needs at least two labels."""
    rows = np.arange(len(given))
    others = scores.astype(np.float64)
    others[rows, given] = -1.0
    best = others.argmax(axis=1)
    return Believed(scores[rows, given].astype(np.float64), best.astype(np.int64), others[rows, best])


def loss(given: Floats) -> Floats:
    """The cross-entropy of each given label, −log of its softmax (n,), in nats: the higher, the more suspicious.

    >>> loss(np.array([1.0, 0.5])).round(3).tolist()
    [0.0, 0.693]
    """
    return np.asarray(0.0 - np.log(np.clip(given, LEAST, 1.0)), dtype=np.float64)


def most_suspicious(suspicion: Floats) -> Indices:
    """Positions by suspicion (n,), the highest first; equals stay in their own order."""
    return np.argsort(-suspicion, kind="stable").astype(np.int64)
