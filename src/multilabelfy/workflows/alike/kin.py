"""Work out for each image which others look most alike to the model that last left embeddings, and keep these as the image's kin.

Read, work out, write: nobody waits while it is worked out. What is written comes in parts, each in a short transaction of its own: first
everything that was known is forgotten, and only then new kin are added. So an image has its old kin, none, or its new kin, and never does
one image have old kin while another has new ones. A run that was killed has left fewer; it is begun anew.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import SHOWN, n_in
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.inference.faiss import nearest_by_faiss, require_faiss
from multilabelfy.proposals.kin.groups import kin_groups
from multilabelfy.proposals.kin.nearest import Advance, Nearest, nearest_by_cosine
from multilabelfy.proposals.runs import Run
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset.looks import embeddings
from multilabelfy.store.dataset.looks import kin as stored_kin
from multilabelfy.store.handing_out import kin_order
from multilabelfy.store.handing_out.kin_order import WaitingImage
from multilabelfy.workflows.workspace import Workspace

N_KIN = 12
"""So many kin of an image are kept."""
N_EXACTLY = 100_000
"""Up to so many images every pair is looked at: beyond, an approximate search is several times as fast."""
AT_ONCE = 500
"""So many images are written in one transaction: answers wait no longer than for these."""


@dataclass(frozen=True)
class Embedded:
    """The embeddings of a run: `ids` ascending, with their `vectors` (n, width) of unit length, float16."""

    run: Run
    ids: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class KinFound:
    """By which model kin were worked out, of how many images, how many of each, and how many readable images have no embedding."""

    model: str
    n_images: int
    n_kin: int
    n_without: int
    is_exact: bool


def find_kin(workspace: Workspace, name: str, advance: Advance | None = None) -> KinFound:
    """Work out the kin of every image with an embedding, from the newest run that has some; equals come by image id.

    Raises UnknownDataset; InvalidInput without embeddings, or where another run writes kin meanwhile; ExtraMissing for a dataset beyond
    N_EXACTLY images without faiss.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        run = embedded_run(c, dataset)
        n = embeddings.n_of(c, run.id)
        if n > N_EXACTLY:
            require_faiss(n, N_EXACTLY)
        embedded = read_embeddings(c, run)
        n_readable = n_in(images.counts(c, dataset.id), SHOWN)
    nearest = (nearest_by_cosine if n <= N_EXACTLY else nearest_by_faiss)(embedded.vectors, N_KIN, advance)
    _store(workspace, dataset, embedded, nearest)
    return KinFound(run.source, n, nearest.places.shape[1], max(0, n_readable - n), is_exact=n <= N_EXACTLY)


def embedded_run(c: Connection, dataset: StoredDataset) -> Run:
    """The newest run with embeddings. Raises InvalidInput where none has any."""
    newest = embeddings.newest_run(c, dataset.id)
    if newest is None:
        way_out = f"Run `multilabelfy propose {shlex.quote(dataset.name)} --model SPEC --embeddings` first."
        problem = Problem("embeddings", "no model has left any, and by these it is told which images look alike")
        raise InvalidInput(f"Cannot find images that look alike in '{dataset.name}'", [problem], way_out)
    return next(run for run in proposals.runs(c, dataset.id) if run.id == newest)


def read_embeddings(c: Connection, run: Run) -> Embedded:
    """All embeddings of a run, in an open transaction."""
    n = embeddings.n_of(c, run.id)
    ids, vectors, start = np.zeros(n, dtype=np.int64), np.zeros((0, 0), dtype=np.float16), 0
    for image_ids, part in embeddings.iterate(c, run.id):
        if not start:
            vectors = np.zeros((n, part.shape[1]), dtype=np.float16)
        ids[start : start + len(part)], vectors[start : start + len(part)] = image_ids, part
        start += len(part)
    return Embedded(run, ids, vectors)


def _store(workspace: Workspace, dataset: StoredDataset, embedded: Embedded, nearest: Nearest) -> None:
    n_forgotten = AT_ONCE
    while n_forgotten == AT_ONCE:
        with workspace.store.writing() as c:
            n_forgotten = stored_kin.forget_some(c, dataset.id, AT_ONCE)
    for places in chunked(range(len(embedded.ids)), AT_ONCE):
        with workspace.store.writing() as c:
            _add(c, dataset, embedded, nearest, slice(places[0], places[-1] + 1))


def _add(c: Connection, dataset: StoredDataset, embedded: Embedded, nearest: Nearest, part: slice) -> None:
    """Add the kin of these images. Raises InvalidInput where they are being written by another run, or by another model's embeddings."""
    image_ids = [ImageId(image) for image in embedded.ids[part].tolist()]
    if embeddings.newest_run(c, dataset.id) != embedded.run.id or stored_kin.n_among(c, image_ids):
        problem = Problem(dataset.name, "another command worked out its kin, or left newer embeddings, while this one did")
        raise InvalidInput(
            "Cannot keep the kin", [problem], f"Run `multilabelfy copies {shlex.quote(dataset.name)} --alike` once nothing else does."
        )
    _add_rows(c, dataset.id, image_ids, embedded.ids[nearest.places[part]], nearest.cosines[part], nearest.places[part] >= 0)


def _add_rows(
    c: Connection,
    dataset: DatasetId,
    image_ids: list[ImageId],
    kin_ids: npt.NDArray[np.int64],
    cosines: npt.NDArray[np.float32],
    is_kin: npt.NDArray[np.bool_],
) -> None:
    """Rows of one length are stored together: an approximate search may have found fewer for some."""
    n_of_each = is_kin.sum(axis=1)
    for n in np.unique(n_of_each).tolist():
        rows = np.flatnonzero(n_of_each == n)
        stored_kin.add_chunk(c, dataset, [image_ids[row] for row in rows.tolist()], kin_ids[rows, :n], cosines[rows, :n])


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
