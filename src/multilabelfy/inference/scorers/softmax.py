"""Turn logits into softmax scores without overflow."""

import numpy as np
import numpy.typing as npt

from multilabelfy.proposals.model import Scores


def softmax(logits: npt.NDArray[np.floating]) -> Scores:
    """(n, n_labels) logits → softmax of each row, float32: exp(x − max) / Σ exp(x − max).

    Logits of −∞ score 0; a row with a NaN or with +∞ gives NaN, which is refused where scores are checked.

    >>> softmax(np.array([[1000.0, 1000.0]])).tolist()
    [[0.5, 0.5]]
    """
    with np.errstate(invalid="ignore"):
        exponentials = np.exp(logits.astype(np.float32) - logits.max(axis=1, keepdims=True).astype(np.float32))
        scores: Scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    return scores
