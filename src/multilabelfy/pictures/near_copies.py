"""Group pictures that are near copies of each other by their fingerprints (see `likeness`).

A group is a connected component: each of its pictures is a near copy of another one in it, and the ends of a chain of versions may be
further apart. Pictures without any contrast, say of one colour, all have the same fingerprint, 0.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from multilabelfy.pictures.likeness import MOST_BITS_APART
from multilabelfy.pictures.near_pairs import Codes, NearPairs, Places, near_pairs

PAIRS_AT_ONCE = 1_000_000


def near_copies(codes: Codes, most_apart: int = MOST_BITS_APART) -> list[Places]:
    """The groups of two and more, each as ascending places in `codes`, (n,), ordered by their first place."""
    distinct, which = np.unique(codes, return_inverse=True)
    component = np.arange(len(distinct))
    for pairs in _collected(near_pairs(distinct, most_apart)):
        component = _joined(component, pairs)
    return _groups(component[which])


def _collected(pieces: Iterator[NearPairs]) -> Iterator[NearPairs]:
    """The pairs in pieces of about PAIRS_AT_ONCE: joining costs a pass over all components each time."""
    waiting: list[NearPairs] = []
    n_waiting = 0
    for piece in pieces:
        waiting.append(piece)
        n_waiting += len(piece.first)
        if n_waiting >= PAIRS_AT_ONCE:
            yield _together(waiting)
            waiting, n_waiting = [], 0
    if waiting:
        yield _together(waiting)


def _together(pieces: Sequence[NearPairs]) -> NearPairs:
    return NearPairs(np.concatenate([pairs.first for pairs in pieces]), np.concatenate([pairs.second for pairs in pieces]))


def _joined(component: Places, pairs: NearPairs) -> Places:
    """The components, (n,), once these pairs are joined."""
    n = int(component.max()) + 1
    ones = np.ones(len(pairs.first), dtype=bool)
    graph = coo_matrix((ones, (component[pairs.first], component[pairs.second])), shape=(n, n))
    _, joined = connected_components(graph, directed=False)
    merged: Places = joined.astype(np.int64)[component]
    return merged


def _groups(component: Places) -> list[Places]:
    """The places of each component of two and more."""
    sizes = np.bincount(component)
    places = np.flatnonzero(sizes[component] > 1) if len(component) else component
    order = places[np.argsort(component[places], kind="stable")]
    ends = np.flatnonzero(np.diff(component[order])) + 1
    return sorted(np.split(order, ends), key=lambda group: int(group[0])) if len(order) else []
