"""How likely each named label is valid, learnt from the labelled sample, and for a sampled image only from other images.

What a model learnt from an image it foretells too well. Each fifth of the sample is therefore foretold from the other four (cross-fitting;
Zrnic & Candès 2024, "Cross-prediction-powered inference"), and images without labels by the mean of the five.
"""

import numpy as np

from multilabelfy.evaluation.few_labels.named_labels import Floats, NamedLabels
from multilabelfy.evaluation.measures.metrics import Bools, Counts
from multilabelfy.statistics.logistic import Design, design, fitted_weights, sigmoid

N_FOLDS = 5
NOT_SAMPLED = -1
PENALTY = 1.0
"""Of the standardised features' weights: a handful of labels teaches little, and labels that are foretold perfectly stay finite."""


def chances(named: NamedLabels, valid: Bools, sampled: Counts) -> Floats:
    """The chance that each pair is valid, (n_pairs,).

    `valid` (n_pairs,) is known for the images at the positions `sampled`, ascending; what it says of others is not looked at. These images
    go into the folds in turn.
    """
    n_folds = min(N_FOLDS, len(sampled))
    fold = np.full(int(named.image[-1]) + 1, NOT_SAMPLED)
    fold[sampled] = np.arange(len(sampled)) % n_folds
    of_pair = fold[named.image]
    of_all = design(named.features, PENALTY)
    target = valid.astype(np.float64)
    each = [_foretold(of_all, (of_pair != NOT_SAMPLED) & (of_pair != left_out), target) for left_out in range(n_folds)]
    chance = np.mean(each, axis=0)
    for left_out, foretold in enumerate(each):
        chance[of_pair == left_out] = foretold[of_pair == left_out]
    return np.asarray(chance, dtype=np.float64)


def _foretold(of_all: Design, learnt: Bools, target: Floats) -> Floats:
    """The chances of all pairs, learnt from some."""
    weights = fitted_weights(Design(of_all.columns[learnt], of_all.weights, of_all.penalties), target[learnt])
    return sigmoid(of_all.log_odds(weights))
