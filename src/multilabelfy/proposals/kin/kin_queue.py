"""Put images that look alike one after another in the annotators' queue: whole groups, drawn by the seed, among images that come singly.

A group takes the place that one of its images, drawn by the seed, has by the draw: groups stand among single images as these do among each
other, so that classes come mixed, and both kinds of images are met at the same times.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.queue_place import drawn, queue_place
from multilabelfy.proposals.kin.alike import chain, groups_of_alike

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
