"""Two small scorers of the demo's labels, without torch: one that looks closely, window by window, and one that takes a glance.

Both are fitted by scripts/fit_demo_scorer.py on scenes of other seeds (the file of weights names them), so that to them the demo's own
pictures are as new as a photo to a real model. `looker` runs a small network over all windows of a picture, takes for each label
the window that fits best, and leans a little on the glance; `glancer` sees the whole picture at once, small, and knows little more than
what kind of place it is.
    multilabelfy propose NAME --model python:multilabelfy.demo.scorer:looker --model python:multilabelfy.demo.scorer:glancer
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL.Image import Image as Picture

from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.features import Cells, cells, glance, size_bounds, small_cells, windows
from multilabelfy.proposals.model import Scores

WEIGHTS = Path(__file__).parent / "pictures" / "scorer.npz"
Weights = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Looker:
    """Scores by the best window of each label, with a share of the glance."""

    weights: Weights

    @property
    def labels(self) -> tuple[str, ...]:
        """The demo's label keys, in order."""
        return demo_labels()

    def prepare(self, picture: Picture) -> Cells:
        """The picture's cells; pure, so that decoding threads may share the scorer."""
        return cells(picture)

    def score(self, batch: npt.NDArray[np.float32]) -> Scores:
        """(n, n_cells, n_channels) → (n, n_labels), softmax."""
        evidence = np.stack([window_evidence(self.weights, grids) for grids in batch])
        share = float(self.weights["glance_share"])
        return softmax(evidence * float(self.weights["sharpness"]) + share * glance_evidence(self.weights, batch))


@dataclass(frozen=True)
class Glancer:
    """Scores by the whole picture at once."""

    weights: Weights

    @property
    def labels(self) -> tuple[str, ...]:
        """The demo's label keys, in order."""
        return demo_labels()

    def prepare(self, picture: Picture) -> Cells:
        """The cells of the smallest size; pure, so that decoding threads may share the scorer."""
        return small_cells(picture)

    def score(self, batch: npt.NDArray[np.float32]) -> Scores:
        """(n, n_cells, n_channels) → (n, n_labels), softmax."""
        return softmax(glance_evidence(self.weights, batch))


def looker() -> Looker:
    """The better scorer: SPEC `python:multilabelfy.demo.scorer:looker`."""
    return Looker(fitted_weights())


def glancer() -> Glancer:
    """The poorer scorer: SPEC `python:multilabelfy.demo.scorer:glancer`."""
    return Glancer(fitted_weights())


def demo_labels() -> tuple[str, ...]:
    """What the columns of the scores mean."""
    return tuple(label.key for label in label_space().labels)


@cache
def fitted_weights() -> Weights:
    """The weights that ship with the package; `seeds` holds the first and last seed of the scenes that they were fitted on."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def window_evidence(weights: Weights, grids: Cells) -> npt.NDArray[np.float32]:
    """(n_labels,): for each label, the best that any window says: the logarithm of its probability, and the more the larger the window."""
    chances = softmax(window_logits(weights, windows(grids)))[:, :-1]
    best = [part.max(axis=0) for part in np.split(chances, size_bounds())]
    sizes = np.arange(len(best), dtype=np.float32)[:, None] * weights["size_counts"]
    evidence: npt.NDArray[np.float32] = (np.log(np.stack(best) + np.float32(1e-5)) + sizes).max(axis=0)
    return evidence


def window_logits(weights: Weights, looks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n_windows, n_labels + 1): a network of one hidden layer; the last column stands for 'nothing of these'."""
    hidden = np.maximum(looks @ weights["look_in"] + weights["look_in_bias"], 0)
    return np.asarray(hidden @ weights["look_out"] + weights["look_out_bias"], dtype=np.float32)


def glance_evidence(weights: Weights, batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n, n_labels): a linear model of the whole picture."""
    glances = np.stack([glance(grids) for grids in batch])
    return np.asarray((glances - weights["glance_mean"]) @ weights["glance_out"] + weights["glance_bias"], dtype=np.float32)


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
