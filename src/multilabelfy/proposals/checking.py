"""Refuse scores that cannot be ranked, before they are stored: a wrong shape, a NaN, or numbers that are not softmax."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidScores
from multilabelfy.plurals import counted
from multilabelfy.proposals.model import Scores

TOLERANCE = 5e-3
"""How far a row's sum may be from 1: 22,000 labels in half precision lose about 1e-3."""


def checked(scores: npt.NDArray[np.generic], *, images: Sequence[str], n_columns: int, source: str, way_out: str = "") -> Scores:
    """The scores of `images` as (n_images, n_columns) float32 softmax. Raises InvalidScores, naming the first image that is wrong.

    Each row must be free of NaN and negative numbers and sum to 1. `way_out` says how to tell this source that its numbers are logits.
    """
    attempt = f"Cannot use the scores of '{source}'"
    scores = np.asarray(scores)
    if scores.shape != (len(images), n_columns):
        wanted = f"({len(images)}, {n_columns}): {counted(len(images), 'image')}, {counted(n_columns, 'label')}"
        raise InvalidScores(f"{attempt}: they have the shape {scores.shape}, not {wanted}.")
    if not np.issubdtype(scores.dtype, np.floating):
        raise InvalidScores(f"{attempt}: they are of type {scores.dtype}, not floating-point numbers.")
    softmax = scores.astype(np.float32, copy=False)
    finite = np.isfinite(softmax).all(axis=1)
    if not finite.all():
        image = images[int(finite.argmin())]
        raise InvalidScores(f"{attempt}: those of '{image}' hold a NaN or an infinite number. The model or its preparation is broken.")
    sums = softmax.sum(axis=1, dtype=np.float64)
    wrong = (np.abs(sums - 1) > TOLERANCE) | (softmax < 0).any(axis=1)
    if wrong.any():
        row = int(wrong.argmax())
        lowest = float(softmax[row].min())
        fault = f"has the negative number {lowest:.4g}" if lowest < 0 else f"sums to {sums[row]:.4g}, not to 1"
        raise InvalidScores(f"{attempt}: they are not softmax, since the row of '{images[row]}' {fault}.{' ' + way_out if way_out else ''}")
    return softmax
