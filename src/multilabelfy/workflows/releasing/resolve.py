"""Write a release: the final labels of every image that is resolved, with where each set comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.errors import UnknownRelease
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.refinement.resolution import agreed_labels
from multilabelfy.refinement.verdict import final_by_experts
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.dataset.datasets import StoredDataset
from multilabelfy.store.decisions import refinements, releases
from multilabelfy.store.decisions.releases import Release
from multilabelfy.workflows.workspace import Workspace

RESOLVED = (ImageState.AGREED, ImageState.REFINED, ImageState.IMPORTED)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An image that has no final labels yet, and why: its state."""

    path: str
    state: ImageState


def resolve(workspace: Workspace, name: str, now: datetime) -> Release:
    """Write the next numbered release. Images that wait for answers or an expert are left out of it, never written as empty.

    A release in which nothing changed is written all the same: it says when that was so. Raises UnknownDataset.
    """
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        finals = final_labels_of(c, dataset)
        n_unresolved = sum(images.counts(c, dataset.id).values()) - len(finals)
        return releases.add(c, dataset.id, finals, n_unresolved, now)


def final_labels_of(c: Connection, dataset: StoredDataset) -> list[FinalLabels]:
    """The final labels as they stand now, one an image that is resolved, in the order of the import."""
    agreed, refined, imported = _agreed(c, dataset), _refined(c, dataset), _imported(c, dataset)
    source = {ImageState.AGREED: agreed, ImageState.REFINED: refined, ImageState.IMPORTED: imported}
    found = (source[image.state].get(image.id) for image in images.iterate(c, dataset.id) if image.state in RESOLVED)
    return [final for final in found if final is not None]


def unresolved(workspace: Workspace, name: str) -> list[Unresolved]:
    """The images that have no final labels yet, in the order of the import. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return [Unresolved(image.path, image.state) for image in images.iterate(c, dataset.id) if image.state not in RESOLVED]


def is_released(workspace: Workspace, name: str) -> bool:
    """Whether the dataset has a release. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return bool(releases.all_releases(c, datasets.find(c, name).id))


def _agreed(c: Connection, dataset: StoredDataset) -> dict[ImageId, FinalLabels]:
    by_image = groupby(annotations.iterate_latest(c, dataset.id), key=lambda annotation: annotation.image)
    finals = ((image, agreed_labels(list(said))) for image, said in by_image)
    return {image: final for image, final in finals if final is not None}


def _refined(c: Connection, dataset: StoredDataset) -> dict[ImageId, FinalLabels]:
    finals = (final_by_experts(decisions) for _, decisions in refinements.iterate_standing(c, dataset.id))
    return {final.image: final for final in finals if final is not None}


def _imported(c: Connection, dataset: StoredDataset) -> dict[ImageId, FinalLabels]:
    return {final.image: final for final in _newest_release(c, dataset)}


def _newest_release(c: Connection, dataset: StoredDataset) -> Iterator[FinalLabels]:
    try:
        number = releases.latest(c, dataset.id).number
    except UnknownRelease:
        return
    yield from (final for _, final in releases.labels_of(c, dataset.id, number))
