"""Rank each image's labels by their softmax and keep the best, with one rule for ties: the lower label index first."""

import numpy as np
import numpy.typing as npt

from multilabelfy.proposals.model import Scores

Ranks = npt.NDArray[np.int32]
"""(n_images, k) label indices, best first."""

FEW = 16
"""Up to this many ranks, repeatedly taking the best remaining label is faster than partitioning."""
WIDE = 32
"""With so many labels a rank or more, most of them are told from the best ones in one pass, a tenth of the time of a partition."""
GROUPS_A_RANK = 8


def top_k(scores: Scores, k: int) -> tuple[Ranks, Scores]:
    """The `min(k, n_labels)` best labels of each row of (n_images, n_labels) scores and their scores, best first.

    Equal scores: the lower label index first, also where the tie lies across the k-th place. Scores are free of NaN.

    >>> labels, scores = top_k(np.array([[0.1, 0.4, 0.4, 0.1]], dtype=np.float32), 3)
    >>> labels.tolist()
    [[1, 2, 0]]
    """
    n_images, n_labels = scores.shape
    k = min(k, n_labels)
    if n_images == 0 or k == 0:
        return np.zeros((n_images, k), dtype=np.int32), np.zeros((n_images, k), dtype=np.float32)
    labels = _sieved(scores, k) if n_labels >= WIDE * k > WIDE * FEW else _among_few(scores, k)
    return labels.astype(np.int32), np.take_along_axis(scores, labels, axis=1).astype(np.float32)


def _sieved(scores: Scores, k: int) -> npt.NDArray[np.int64]:
    """The k best labels of each row, (n_images, k), best first, of those alone that may be among them.

    Labels fall into 8 k groups. k groups have a best label that reaches the k-th of the groups' best scores, so that all of the k best
    labels reach it, and few others do.
    """
    n_images, n_labels = scores.shape
    size = n_labels // (GROUPS_A_RANK * k)
    best = scores[:, : size * GROUPS_A_RANK * k].reshape(n_images, size, -1).max(axis=1)
    rows, labels = np.divmod(np.flatnonzero(scores >= np.partition(best, -k, axis=1)[:, [-k]]), n_labels)
    n_of_row = np.bincount(rows, minlength=n_images)
    if n_of_row.max() > n_labels // 2:
        return _among_few(scores, k)  # nearly all scores of a row are the same
    places = np.arange(len(rows)) - np.repeat(n_of_row.cumsum() - n_of_row, n_of_row)
    kept = np.full((n_images, n_of_row.max()), -np.inf, dtype=scores.dtype)
    kept[rows, places] = scores[rows, labels]
    of_place = np.zeros(kept.shape, dtype=np.int64)
    of_place[rows, places] = labels  # ascending, so that ties keep the lower first
    return np.take_along_axis(of_place, _among_few(kept, k), axis=1)


def _among_few(scores: Scores, k: int) -> npt.NDArray[np.int64]:
    """The k best labels of each row, (n_images, k), best first, by the faster of two ways."""
    return _one_by_one(scores, k) if k <= FEW else _parted(scores, k)


def _one_by_one(scores: Scores, k: int) -> npt.NDArray[np.int64]:
    """The k best labels of each row, (n_images, k), best first: k times the first of the greatest scores that are left."""
    left, rows = np.array(scores, order="C"), np.arange(len(scores))
    labels = np.empty((len(scores), k), dtype=np.int64)
    for rank in range(k):
        best = labels[:, rank] = left.argmax(axis=1)
        bottomless = np.flatnonzero(left[rows, best] == -np.inf)  # there, a label that was taken looks like one that is left
        left[rows, best] = -np.inf
    if bottomless.size:
        labels[bottomless] = np.argsort(-scores[bottomless], axis=1, kind="stable")[:, :k]
    return labels


def _parted(scores: Scores, k: int) -> npt.NDArray[np.int64]:
    """The same, by parting the k best labels from the rest and sorting them alone."""
    labels = _best(scores, k) if k < scores.shape[1] else np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    order = np.argsort(-np.take_along_axis(scores, labels, axis=1), axis=1, kind="stable")  # labels ascend: ties keep the lower first
    return np.take_along_axis(labels, order, axis=1)


def _best(scores: Scores, k: int) -> npt.NDArray[np.int64]:
    """The labels of the k best scores of each row in ascending order, (n_images, k); of equals at the edge the lowest indices."""
    labels = np.sort(np.argpartition(scores, -k, axis=1)[:, -k:], axis=1)
    kept = np.take_along_axis(scores, labels, axis=1)
    edge = kept.min(axis=1, keepdims=True)
    undecided = np.flatnonzero((scores == edge).sum(axis=1) > (kept == edge).sum(axis=1))  # argpartition took any of the equals
    if undecided.size:
        labels[undecided] = np.sort(np.argsort(-scores[undecided], axis=1, kind="stable")[:, :k], axis=1)
    return labels


def is_held(ranked: npt.NDArray[np.int32], given: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each image's given label (n_images,) is among its ranked ones (n_images, k); a negative one, "none given", never is."""
    held: npt.NDArray[np.bool_] = (ranked == given[:, None]).any(axis=1)
    return held
