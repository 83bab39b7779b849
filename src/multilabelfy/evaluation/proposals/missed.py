"""Everything that is known of what proposals miss, over the same images: one value for a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.calibration import Scores
from multilabelfy.evaluation.proposals.recall import Ranked, RecallAt, by_class, by_label_count, recall_at, valid_ranks
from multilabelfy.evaluation.proposals.unions import Union, best_unions
from multilabelfy.statistics.shares import Share
from multilabelfy.statistics.shrinkage import Shrunk

KS = (1, 2, 3, 5, 10, 15, 20, 30, 40, 60)
MOST_CURVES = 3
"""Of so many models each has its curve, of more only the best: the best of many are hardly apart."""


@dataclass(frozen=True)
class Missed:
    """What the first `k` proposals hold of the valid labels of the images, over `n_models` models.

    `by_k` has each model, first the best at k (ties: by name), at every k of KS that the depth allows; of many, it has the best alone.
    `by_label_count` and `by_class` are of the best model, `unions` of several together; `tied` are those that hold as much as the best.
    """

    k: int
    n_models: int
    tied: tuple[str, ...]
    by_k: Mapping[str, Sequence[RecallAt]]
    by_label_count: Mapping[int, Share]
    by_class: Mapping[int, tuple[Share, Shrunk]]
    unions: Sequence[Union]

    @property
    def best(self) -> str:
        """The model that holds most at k."""
        return next(iter(self.by_k))

    def at(self, model: str, k: int) -> RecallAt:
        """One model's recall at one k. Raises KeyError."""
        return {recall.k: recall for recall in self.by_k[model]}[k]


def missed(models: Sequence[str], ranked: Ranked, valid: LabelSets, k: int, *, seed: int, scores: Scores | None = None) -> Missed | None:
    """Measure `models` by their lists, (n_models, n_images, depth), best first and in the order of `valid`; None without valid labels.

    Where fewer than `k` were proposed, k is their number. Of equal models the first by name wins. `scores` are the lists' own, in their
    shape, where they are known.
    """
    if not len(models) or not len(valid.labels):
        return None
    k = min(k, ranked.shape[2])
    ks = sorted({at for at in KS if at <= ranked.shape[2]} | {k})
    ranks = {model: valid_ranks(of_model, valid) for model, of_model in zip(models, ranked, strict=True)}
    n_held = {model: int(((of_model > 0) & (of_model <= k)).sum()) for model, of_model in ranks.items()}
    order = sorted(models, key=lambda model: (-n_held[model], model))
    by_name = sorted(range(len(models)), key=lambda place: models[place])
    return Missed(
        k,
        len(models),
        tuple(model for model in order if n_held[model] == n_held[order[0]]),
        {model: recall_at(ranks[model], valid, ks, seed=seed) for model in (order if len(order) <= MOST_CURVES else order[:1])},
        by_label_count(ranks[order[0]], valid, k),
        by_class(ranks[order[0]], valid, k),
        best_unions(sorted(models), ranked[by_name], valid, k, seed=seed, scores=None if scores is None else scores[by_name])
        if len(models) > 1
        else (),
    )
