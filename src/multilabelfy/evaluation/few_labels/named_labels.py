"""The labels that a sample teaches about: those that some model names first and the given ones, and how models agree on each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.evidence import FIRST_RANKS, of_agreement
from multilabelfy.evaluation.measures.metrics import Counts
from multilabelfy.evaluation.measures.model import NO_LABEL, Labels, Rankings

Floats = npt.NDArray[np.float64]
LOG_ODDS = slice(3, 5)
"""The columns of `of_agreement` that weigh otherwise for the given label."""


@dataclass(frozen=True, slots=True)
class NamedLabels:
    """Pairs of an image and a label, each once, ascending: `image` and `label` are (n_pairs,), `features` (n_pairs, n_features).

    `first` (n_models, n_images) has the place among the pairs of each model's first label, `given` (n_images,) that of the given label,
    NO_LABEL where there is none.
    """

    image: Counts
    label: Counts
    features: Floats
    first: Counts
    given: Counts


def named_labels(rankings: Sequence[Rankings], given: Labels | None) -> NamedLabels:
    """From the rankings of all models, each (n_models, n_images, n_ranks) for the same images, and the images' given labels."""
    ranked = [of_model for of_file in rankings for of_model in of_file.ranked]
    n_images, stride = len(ranked[0]), 1 + max(int(of_model.max()) for of_model in ranked)
    if given is not None:
        stride = max(stride, 1 + int(np.asarray(given).max(initial=NO_LABEL)))
    begins = np.arange(n_images, dtype=np.int64) * stride
    firsts = np.stack([begins + of_model[:, 0] for of_model in ranked])
    has_given = np.zeros(n_images, dtype=bool) if given is None else np.asarray(given) != NO_LABEL
    of_given = begins if given is None else begins + given
    pairs = np.unique(np.concatenate([firsts.ravel(), of_given[has_given]]))
    places = np.where(has_given, np.searchsorted(pairs, of_given), NO_LABEL)
    return NamedLabels(pairs // stride, pairs % stride, _features(pairs, begins, ranked, places), np.searchsorted(pairs, firsts), places)


def _features(pairs: Counts, begins: Counts, ranked: Sequence[Labels], given: Counts) -> Floats:
    """How the models agree on each pair, and with given labels whether it is the given one, where agreement counts otherwise."""
    n_first, n_among, reciprocal = np.zeros(len(pairs)), np.zeros(len(pairs)), np.zeros(len(pairs))
    for of_model in ranked:
        for rank in range(min(of_model.shape[1], FIRST_RANKS)):
            asked = (begins + of_model[:, rank])[of_model[:, rank] != NO_LABEL]
            place = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
            at = place[pairs[place] == asked]
            n_first[at] += rank == 0
            n_among[at] += 1
            reciprocal[at] += 1 / (rank + 1)
    agreement = of_agreement(n_first, n_among, reciprocal, len(ranked))
    is_given = np.zeros((len(pairs), 1))
    is_given[given[given != NO_LABEL]] = 1.0
    return np.column_stack([agreement, is_given, is_given * agreement[:, LOG_ODDS]])
