"""Let annotators meet images that look alike one after another: put groups of kin together in their queue, or go back to the draw.

The order is worked out before anything is written. Then images go back to the places that were drawn for them, where they stand among other
kin than they should, and after that whole groups take their new places, some groups in each short transaction. Whenever it is killed, every
image that is said to stand among its kin stands in the place of its group, and every other where it was drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.proposals.kin.kin_queue import kin_groups
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets
from multilabelfy.store.handing_out import kin_order
from multilabelfy.store.handing_out.kin_order import WaitingImage
from multilabelfy.workflows.alike.kin import Embedded, embedded_run, read_embeddings
from multilabelfy.workflows.workspace import Workspace

GROUPS_AT_ONCE = 25
IMAGES_AT_ONCE = 200
"""So many groups or images are moved in one transaction: answers wait no longer than for these."""
DEFAULT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class KinTogether:
    """By which model images stand among their kin, in how many groups and how many images; of all that wait for annotators."""

    model: str
    n_groups: int
    n_together: int
    n_waiting: int


def put_kin_together(workspace: Workspace, name: str, share: float = DEFAULT_SHARE) -> KinTogether:
    """Put this share of the groups of images that wait for annotators together in the queue; all other images stand where they were drawn.

    The dataset's seed draws the groups, and where they stand. Images that another policy has moved stay. Only pictures and paths decide.
    Raises UnknownDataset, and InvalidInput without embeddings.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        run = embedded_run(c, dataset)
        waiting, embedded = kin_order.waiting_images(c, dataset.id), read_embeddings(c, run)
    groups = _groups(dataset, waiting, embedded, share)
    _back_to_the_draw(workspace, dataset, waiting, {image: place for group in groups for image, place in group.items()})
    now = {image.image: image.queue_place for image in waiting if image.is_among_kin}
    new = [group for group in groups if any(now.get(image) != place for image, place in group.items())]
    for chunk in chunked(new, GROUPS_AT_ONCE):
        with workspace.store.writing() as c:
            kin_order.place_among_kin(c, dataset.id, {image: place for group in chunk for image, place in group.items()})
    return KinTogether(run.source, len(groups), sum(map(len, groups)), len(waiting))


def put_as_drawn(workspace: Workspace, name: str) -> int:
    """Let every image that waits among its kin stand where it was drawn again; returns how many there were. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        waiting = kin_order.waiting_images(c, dataset.id)
    return _back_to_the_draw(workspace, dataset, waiting, {})


def _groups(dataset: StoredDataset, waiting: Sequence[WaitingImage], embedded: Embedded, share: float) -> list[dict[ImageId, float]]:
    """Each group that is to be together: its images with their places."""
    by_id = {image.image: image for image in waiting}
    known = np.flatnonzero(np.isin(embedded.ids, np.fromiter(by_id, dtype=np.int64, count=len(by_id))))
    ids = [ImageId(image) for image in embedded.ids[known].tolist()]
    groups = kin_groups([by_id[image].path for image in ids], embedded.vectors[known], dataset.seed, share)
    return [{ids[image]: place for image, place in zip(group.images, group.queue_places, strict=True)} for group in groups]


def _back_to_the_draw(workspace: Workspace, dataset: StoredDataset, waiting: Sequence[WaitingImage], stays: Mapping[ImageId, float]) -> int:
    """Move those that stand among kin, but not at their place of `stays`, to where they were drawn; returns how many."""
    moved = sorted((image for image in waiting if image.is_among_kin and stays.get(image.image) != image.queue_place), key=_by_place)
    for chunk in chunked(moved, IMAGES_AT_ONCE):
        with workspace.store.writing() as c:
            kin_order.place_as_drawn(c, dataset.id, {image.image: queue_place(image.path, dataset.seed) for image in chunk})
    return len(moved)


def _by_place(image: WaitingImage) -> float:
    return image.queue_place
