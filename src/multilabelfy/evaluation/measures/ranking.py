"""Turn a model's scores over many images into rankings; ties as in `proposals.ranking`: the lower label index first."""

import numpy as np

from multilabelfy.evaluation.measures.model import Rankings, ScoredImages
from multilabelfy.proposals.ranking import top_k

IMAGES_AT_ONCE = 250
"""So few rows of scores stay in a processor's cache while they are looked through again and again."""


def ranked_from_scores(scored: ScoredImages, n_ranks: int) -> Rankings:
    """The first `n_ranks` labels of each image (all of them where there are fewer labels), as the rankings of one model,
    with their scores."""
    starts = range(0, len(scored.scores), IMAGES_AT_ONCE)
    best = [top_k(scored.scores[start : start + IMAGES_AT_ONCE], n_ranks) for start in starts]
    ranked, scores = (np.concatenate(part)[np.newaxis] for part in zip(*best, strict=True))
    return Rankings((scored.model,), ranked, scored.images, scores)
