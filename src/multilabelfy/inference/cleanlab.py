"""Ask cleanlab how likely given labels are to be wrong (Northcutt et al., "Confident Learning", JAIR 2021); an optional extra.

Its measures are taken without the adjustment for each class's usual confidence: where a class has a handful of images, a single wrong
label spoils its threshold, and the ranking with it (`bench/bench_suspects.py`).
"""

import warnings
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import CommandOption, ExtraMissing, WayOut
from multilabelfy.proposals.model import Scores
from multilabelfy.proposals.suspects import Floats, Indices, SuspectBy

METHODS = {
    SuspectBy.NORMALIZED_MARGIN: "normalized_margin",
    SuspectBy.ENTROPY: "confidence_weighted_entropy",
    SuspectBy.CONFIDENT_LEARNING: "self_confidence",
}


@dataclass(frozen=True, slots=True)
class CleanlabSays:
    """`flagged` (n_images,) are the labels that confident learning takes for wrong.

    `suspicion` (n_images,) is 1 − cleanlab's label quality, by confident learning 1 more for what is flagged.
    """

    suspicion: Floats
    flagged: npt.NDArray[np.bool_]


def require_cleanlab() -> None:
    """Raises ExtraMissing, with the command that installs it, where cleanlab is not there."""
    if find_spec("cleanlab") is None:
        raise ExtraMissing(
            "Cannot rank suspects by cleanlab: it is not installed.",
            remedy=(
                WayOut("install the extra 'cleanlab': pip install 'multilabelfy[cleanlab]'"),
                WayOut("{} to rank them by the model's loss, which needs nothing more", CommandOption("by", "loss")),
            ),
        )


def cleanlab_says(scores: Scores, given: Indices, by: SuspectBy) -> CleanlabSays:
    """Ask cleanlab about given labels (n,) under (n, n_labels) softmax, each row summing to 1. Raises ExtraMissing.

    The scores should come from a model that was not trained on these very labels: one that has learnt them by heart suspects none.
    """
    require_cleanlab()
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    quality = np.asarray(get_label_quality_scores(given, scores, method=METHODS[by]), dtype=np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # one for each class of few images, of which there may be a thousand
        flagged = np.asarray(find_label_issues(given, scores, n_jobs=1), dtype=np.bool_)
    first = flagged if by is SuspectBy.CONFIDENT_LEARNING else np.zeros(len(given), dtype=np.bool_)
    return CleanlabSays(1 - quality + first, flagged)
