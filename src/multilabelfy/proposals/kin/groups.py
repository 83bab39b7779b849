"""Put images that look alike one after another in the annotators' queue: whole groups, drawn by the seed, among images that come singly.

A group takes the place that one of its images, drawn by the seed, has by the draw: groups stand among single images as these do among each
other, so that classes come mixed, and both kinds of images are met at the same times.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.queue_place import drawn, queue_place

KIN_POLICY = "kin"
"""What an image of a group, and an assignment to it, names as the policy of its place."""
STEP = 2.0**-51
"""From one image of a group to the next: so little that no image that is drawn singly, in steps of 2⁻⁴⁸, comes between."""


@dataclass(frozen=True, slots=True)
class KinGroup:
    """A group that is put in order: `images` are places among those that were given, in their order, and `queue_places` where they come."""

    images: tuple[int, ...]
    queue_places: tuple[float, ...]


def kin_groups(paths: Sequence[str], vectors: npt.NDArray[np.floating], seed: int, share: float) -> list[KinGroup]:
    """The share of the groups of these images (n paths, vectors (n, width)) that is drawn to be put in order, by their places in the queue.

    `share` is from 0 to 1; of n groups, n × share are drawn, rounded. Only pictures, paths and the seed decide. An image that looks like no
    other is in a group all the same; a group of one is left out.
    """
    groups = [group for group in groups_of_alike(vectors) if len(group) > 1]
    leaders = [min(group.tolist(), key=lambda place: (drawn("leader", paths[place], seed), place)) for group in groups]
    by_lot = sorted(range(len(groups)), key=lambda number: (drawn("kin", paths[leaders[number]], seed), leaders[number]))
    chosen = [_in_order(groups[number], leaders[number], paths, vectors, seed) for number in by_lot[: round(share * len(groups))]]
    return sorted(chosen, key=lambda group: group.queue_places)


def _in_order(group: npt.NDArray[np.int64], leader: int, paths: Sequence[str], vectors: npt.NDArray[np.floating], seed: int) -> KinGroup:
    begins = queue_place(paths[leader], seed)
    order = chain(vectors[group], group.tolist().index(leader))
    return KinGroup(tuple(int(group[place]) for place in order), tuple(begins + number * STEP for number in range(len(order))))


Vectors = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

AT_MOST = 8
"""So many images are in a group at most."""
DIRECTION_FROM = 64
"""The direction is found from so many images, evenly out of all in their order."""
ROWS_AT_ONCE = 8192
N_STEPS = 30
TINY = 1e-30


def groups_of_alike(vectors: Vectors, at_most: int = AT_MOST) -> list[Ints]:
    """The places of (n, width) vectors in groups of at most `at_most`, none of less than half as many unless all are; in each ascending.

    The same vectors give the same groups. Equals along a direction are split by their places.

    >>> [group.tolist() for group in groups_of_alike(np.array([[1.0, 0], [0, 1], [0.9, 0.1], [0.1, 0.9]]), 2)]
    [[1, 3], [0, 2]]

    All images are split in two at the median along the direction in which they differ most (the first principal one), and each half
    again, until a half is small: a principal direction tree (Verma, Kpotufe & Dasgupta, "Which spatial partition trees are adaptive to
    intrinsic dimension?", UAI 2009), which needs no distance between all pairs.

    The products are many and small, so that they are left to one thread (`einsum`): several would mostly wait for each other.
    """
    waiting, groups = [np.arange(len(vectors), dtype=np.int64)] if len(vectors) else [], []
    while waiting:
        places = waiting.pop()
        if len(places) <= at_most:
            groups.append(places)
            continue
        along = _along(vectors, places, _direction(vectors, places))
        order = np.argsort(along, kind="stable")
        middle = len(places) // 2
        waiting += [np.sort(places[order[middle:]]), np.sort(places[order[:middle]])]
    return groups


def chain(vectors: Vectors, first: int) -> list[int]:
    """The order of a group's vectors (n, width) in which each is followed by the nearest that is left, from `first` on; of equals the
    lower place.

    >>> chain(np.array([[1.0, 0], [0, 1], [0.8, 0.6]]), 0)
    [0, 2, 1]
    """
    left, order = [place for place in range(len(vectors)) if place != first], [first]
    cosines = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    while left:
        nearest = max(left, key=lambda place: (cosines[order[-1], place], -place))
        left.remove(nearest)
        order.append(nearest)
    return order


def _direction(vectors: Vectors, places: Ints) -> npt.NDArray[np.float32]:
    """The direction (width,) in which these vectors differ most; its largest component is positive."""
    some = places[np.linspace(0, len(places) - 1, min(len(places), DIRECTION_FROM)).astype(np.int64)]
    sample = vectors[some].astype(np.float64)
    sample -= sample.mean(axis=0)
    products = np.einsum("ik,jk->ij", sample, sample)
    of_each = products[products.diagonal().argmax()]
    for _ in range(N_STEPS):  # of the power method
        of_each = np.einsum("ij,j->i", products, of_each / max(float(np.abs(of_each).max()), TINY))
    direction = np.einsum("ik,i->k", sample, of_each)
    return np.asarray(direction * np.sign(direction[np.abs(direction).argmax()]), dtype=np.float32)


def _along(vectors: Vectors, places: Ints, direction: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How far each of these vectors lies along a direction (n,), of a part of them at once."""
    parts = (places[start : start + ROWS_AT_ONCE] for start in range(0, len(places), ROWS_AT_ONCE))
    return np.concatenate([np.einsum("ik,k->i", vectors[part].astype(np.float32), direction) for part in parts])
