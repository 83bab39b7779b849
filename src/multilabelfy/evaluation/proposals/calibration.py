"""From a model's scores to chances that labels are valid: several models' scores on one scale.

A network's softmax is no such chance (Guo, Pleiss, Sun & Weinberger, "On calibration of modern neural networks", 2017), and of several
valid labels at most one can have a softmax above a half. Where valid labels are known, isotonic regression (Zadrozny & Elkan 2002; among
the methods of Guo et al., section 4.1) fits the chance as a function that rises with the score: it assumes no shape, turns no model's order
round, and needs nothing but an order, so that it fits ranks as well where no scores are known.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.model import Rankings
from multilabelfy.evaluation.proposals.recall import Ranked

Floats = npt.NDArray[np.float64]
Scores = npt.NDArray[np.floating]


def known_scores(rankings: Rankings) -> Scores:
    """The scores of the ranked labels, in the shape of `ranked`; 1 / rank where nobody knows them."""
    return scores_of_ranks(rankings.ranked) if rankings.scores is None else rankings.scores


def scores_of_ranks(ranked: Ranked) -> Floats:
    """1 / rank, in the shape of `ranked`: scores for lists that have none."""
    return np.broadcast_to(1 / np.arange(1, ranked.shape[-1] + 1), ranked.shape)


def chances(scores: Scores, is_valid: npt.NDArray[np.bool_], of: Scores) -> Floats:
    """The chance of each of the scores `of`, in any shape, by these of the same model and whether their labels are valid, (n,) each.

    Scores between two known ones are interpolated; those beyond have the chance of the nearest. Without known ones all are 0.

    >>> chances(np.array([0.1, 0.2, 0.3, 0.9]), np.array([False, True, False, True]), np.array([0.0, 0.2, 0.6, 0.95])).tolist()
    [0.0, 0.5, 0.75, 1.0]
    """
    if not len(scores):
        return np.zeros(of.shape)
    known, place = np.unique(scores, return_inverse=True)
    n = np.bincount(place, minlength=len(known))
    shares = np.bincount(place, weights=is_valid, minlength=len(known)) / n
    return np.asarray(np.interp(of, known, isotonic_regression(shares, weights=n).x), dtype=np.float64)


def are_valid(ranked: Ranked, valid: LabelSets) -> npt.NDArray[np.bool_]:
    """Which labels of (n_images, depth) lists, in the order of `valid`, are among the valid ones of their image."""
    width = 1 + max(int(ranked.max(initial=0)), int(valid.labels.max(initial=0)))
    image = np.repeat(np.arange(len(valid)), valid.counts)
    keys = np.arange(len(valid))[:, np.newaxis] * width + ranked
    return np.isin(keys, image * width + valid.labels) & (ranked >= 0)
