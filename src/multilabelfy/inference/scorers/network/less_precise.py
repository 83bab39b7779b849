"""A network that calculates in bfloat16 or float16 where somebody asked for it and its lists stay nearly those of float32.

Layers that gain from it get their numbers rounded, and those that need it stay in float32, as torch's autocast decides
(https://docs.pytorch.org/docs/stable/amp.html), so that one set of weights scores in both.
"""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from multilabelfy.errors import ScorerFailed
from multilabelfy.inference.precision import Precision
from multilabelfy.plurals import counted
from multilabelfy.proposals.model import Scores
from multilabelfy.proposals.ranking import top_k

K_COMPARED = 20
LEAST_PERCENT = 90
"""At least so many percent of the best labels must be those of float32, over all pictures that are compared. EfficientNet-lite0 has 98% in
bfloat16, and no 8 of 250 photos in a row have less than 95%: what has less than 90% loses more than rounding should cost."""


class ExactNetwork(Protocol):
    """A network of torch in float32."""

    @property
    def device(self) -> torch.device:
        """Where it scores."""

    def place(self, batch: npt.NDArray[Any]) -> Any:
        """The batch on the device."""

    def score(self, batch: Any) -> Scores:
        """(n, 3, height, width) → (n, n_labels) softmax, float32."""

    @property
    def embeds(self) -> bool:
        """Whether it was told its last layer."""

    def score_and_embed(self, batch: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The same with embeddings, (n, width) float32."""


class LessPrecise:
    """The network in numbers of another type. `remark` says what that changed in the first pictures' lists."""

    def __init__(self, exact: ExactNetwork, precision: Precision) -> None:
        self.precision = precision
        self.remark = ""
        self._exact = exact

    @property
    def on_device(self) -> bool:
        """Whether something else than the processor scores."""
        return self._exact.device.type != "cpu"

    def place(self, batch: npt.NDArray[Any]) -> Any:
        """The batch on the device."""
        return self._exact.place(batch)

    def score(self, batch: Any) -> Scores:
        """(n, 3, height, width) → (n, n_labels) softmax, float32."""
        with torch.autocast(self._exact.device.type, dtype=getattr(torch, self.precision)):
            return self._exact.score(batch)

    @property
    def embeds(self) -> bool:
        """Whether it was told its last layer."""
        return self._exact.embeds

    def score_and_embed(self, batch: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The same with embeddings, (n, width) float32."""
        with torch.autocast(self._exact.device.type, dtype=getattr(torch, self.precision)):
            return self._exact.score_and_embed(batch)

    def try_out(self, first: npt.NDArray[Any]) -> None:
        """Score these pictures in float32, too, once. Raises ScorerFailed where the lists differ by more than rounding should cost."""
        if self.remark:
            return
        ones = [first[row : row + 1] for row in range(len(first))]  # one at a time needs the least memory
        exact, ours = (np.concatenate([score(picture) for picture in ones]) for score in (self._exact.score, self.score))
        if fault := difference(ours, exact):
            raise ScorerFailed(
                f"In {self.precision} this model does not propose what it proposes in float32: {fault} Nothing was stored. "
                "Run the command without `--precision`: float32 takes longer and needs no such check."
            )
        shared = f"{shared_percent(ours, exact):.0f}% of the best labels of {counted(len(first), 'picture')}"
        self.remark = f"{self.precision} as asked for: {shared} are those of float32, and every first label is"


def difference(ours: Scores, exact: Scores) -> str:
    """What is wrong with (n, n_labels) scores beside those of float32; nothing where they are as good, or where float32 has none either.

    Every picture's first label must be that of float32, but for exact ties there, and 90% of the best labels of all pictures together.
    """
    if not np.isfinite(exact).all():
        return ""  # whoever ranks them says so
    if not np.isfinite(ours).all():
        return "its scores are not finite."
    firsts = np.take_along_axis(exact, top_k(ours, 1)[0], axis=1)[:, 0]
    n_other, of = int((firsts < exact.max(axis=1)).sum()), counted(len(ours), "picture")
    if n_other:
        return f"of {of}, {n_other} {'gets' if n_other == 1 else 'get'} another first label."
    percent, k = shared_percent(ours, exact), n_compared(ours.shape[1])
    if k > 1 and percent < LEAST_PERCENT:
        return f"of the {k} best labels of {of} only {percent:.1f}% are the same, not {LEAST_PERCENT}%."
    return ""


def shared_percent(ours: Scores, exact: Scores) -> float:
    """How many percent of the best labels of (n, n_labels) scores are among those of the others, in whatever order, over all rows."""
    k = n_compared(ours.shape[1])
    (labels, _), (others, _) = top_k(ours, k), top_k(exact, k)
    n_shared = sum(len(np.intersect1d(row, other)) for row, other in zip(labels, others, strict=True))
    return 100 * n_shared / labels.size


def n_compared(n_labels: int) -> int:
    """The 20 best of many labels, the better half of few: all of them are always the same ones.

    >>> n_compared(1000), n_compared(10), n_compared(2)
    (20, 5, 1)
    """
    return min(K_COMPARED, max(n_labels // 2, 1))
