"""The nouns of stage 1: a model's scores, one proposal, the candidates made of them, and the port that every scorer implements."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from PIL.Image import Image as Picture

Scores = npt.NDArray[np.float32]
"""(n_images, n_labels), softmax, float32, free of NaN; columns in the order of the label space."""

ScoreAndEmbed = Callable[[npt.NDArray[Any]], tuple[npt.NDArray[Any], npt.NDArray[Any]]]
"""(n, …) prepared pictures → what `score` gives of them, and their embeddings (n, width), floats."""

GIVEN = "given"
DECOY = "decoy"
IMPORTED = "imported"
"""What a vote that was cast elsewhere was asked about: it came with the votes. The policy of its assignment has the same name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One ranked candidate label of an image: `rank` counts from 1, `score` is its softmax, `source` names the model."""

    label: int
    rank: int
    score: float
    source: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label put before an annotator: `source` is the proposing model's name, `given`, `decoy` or `imported`.

    `rank` is the model's, from 1.
    """

    label: int
    source: str
    rank: int | None = None


@runtime_checkable
class Scorer(Protocol):
    """What proposes: prepares a picture on a decoding thread and scores a batch of prepared ones.

    Three more attributes are optional, and a scorer without them is right, if slower. `thread_safe` (True): `score` may be called on
    several threads at once; else it is called on one. `shorter_side` (pixels): a picture may come smaller than it is stored, as long as
    both its sides have so many; else it comes in full. `batch_size`: how many pictures it wants at once, unless a person says otherwise.

    A fourth is `score_and_embed(batch)`, called in place of `score`, in the same manner, where embeddings are asked for: the same scores,
    and a vector for each picture, (n, width), finite, of the same width in every batch. The same picture has the same vector whatever the
    batch, to a cosine of 0.999, and pictures that look alike to the model have vectors of alike directions; lengths mean nothing. A scorer
    without it, or with None in its place, proposes but embeds nothing.

    Two more methods are optional. `place(batch)`, of a scorer on a device, is called on a thread of its own while `score` works on the
    batch before; `score` is called with what it gives: the batch where the device has it. `try_out(first)` gets the first prepared
    pictures before any is scored, and raises ScorerFailed where the scorer should not go on.
    """

    @property
    def labels(self) -> tuple[str, ...]:
        """What the columns of its scores mean: label keys in order; `('imagenet1k',)` for that space's own order; or nothing at all,
        `()`, where they are the dataset's labels in the dataset's order."""

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        """One decoded picture (RGB, upright) as the array that `score` wants a row of; called on several threads at once."""

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        """(n, …) prepared pictures → (n, n_labels) softmax, float32, free of NaN."""


def embedder_of(scorer: object) -> ScoreAndEmbed | None:
    """The scorer's `score_and_embed`; None where it cannot embed."""
    embedder: ScoreAndEmbed | None = getattr(scorer, "score_and_embed", None)
    return embedder
