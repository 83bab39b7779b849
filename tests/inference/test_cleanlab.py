"""cleanlab's view of given labels, and what is said where it is not installed."""

import sys

import numpy as np
import pytest

from multilabelfy.errors import ExtraMissing
from multilabelfy.inference.cleanlab import METHODS, cleanlab_says, require_cleanlab
from multilabelfy.proposals.suspects import SuspectBy

SURE = 0.9


def six_images() -> tuple[np.ndarray, np.ndarray]:
    """Six images, the model sure of 0, 0, 0, 1, 1, 1; the third is given as 1."""
    scores = np.full((6, 2), 1 - SURE, dtype=np.float32)
    scores[[0, 1, 2], 0] = scores[[3, 4, 5], 1] = SURE
    return scores, np.array([0, 0, 1, 1, 1, 1])


@pytest.mark.parametrize("by", list(METHODS))
def test_the_wrong_label_is_the_most_suspicious_and_flagged(by: SuspectBy) -> None:
    scores, given = six_images()
    says = cleanlab_says(scores, given, by)
    assert says.suspicion.argmax() == 2
    assert says.flagged.tolist() == [False, False, True, False, False, False]


def test_by_confident_learning_what_is_flagged_comes_first() -> None:
    scores, given = six_images()
    assert cleanlab_says(scores, given, SuspectBy.CONFIDENT_LEARNING).suspicion == pytest.approx([0.1, 0.1, 1.9, 0.1, 0.1, 0.1], abs=1e-6)


def test_the_normalized_margin_is_half_of_one_less_the_lead() -> None:
    """1 − (0.9 − 0.1 + 1)/2 = 0.1 where the given label leads, 0.9 where the other does (cleanlab.rank)."""
    scores, given = six_images()
    assert cleanlab_says(scores, given, SuspectBy.NORMALIZED_MARGIN).suspicion == pytest.approx([0.1, 0.1, 0.9, 0.1, 0.1, 0.1], abs=1e-6)


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab", None)  # Python's own way to say that it is not there
    with pytest.raises(ExtraMissing, match=r"pip install 'multilabelfy\[cleanlab\]'"):
        require_cleanlab()
