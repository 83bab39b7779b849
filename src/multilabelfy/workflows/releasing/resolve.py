"""Write a release: the final labels of every resolved image, with the source of each set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import IN_STUDY, RESOLVED, FinalBy, n_in
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
from multilabelfy.refinement.final_labels.final import final_labels
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.refinement.model import FinalLabels, LabelSource
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import refinements, releases
from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted, fitted_before, with_posterior
from multilabelfy.workflows.workspace import Workspace

CHUNK = 500
"""So many images are looked at together."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An image without final labels, and its state, which tells why."""

    path: str
    state: ImageState


@dataclass(frozen=True, slots=True)
class Resolved:
    """The newest release, None if there is none, and whether it was made now; and how many images of the study have no final labels.

    By the posterior, `by_posterior` says what was settled now and what was left, also where nothing was released, and `warnings` what to
    know of its chances. Without it, `n_dropped` counts images that the release before had settled by it and that have no labels now.
    """

    release: Release | None
    is_new: bool
    n_unresolved: int
    by_posterior: ByPosterior | None = None
    warnings: tuple[str, ...] = ()
    n_dropped: int = 0


def resolve(workspace: Workspace, name: str, now: datetime, posterior: PosteriorWanted | None = None, *, by_rule: bool = False) -> Resolved:
    """Write the next numbered release. Images that wait for answers are left out, never written as empty, and so are those that wait for
    an expert, unless the `posterior` settles them. What people decided or agreed on stays: the posterior is not asked about it.

    It is asked if it is wanted here or by the dataset's protocol, and never `by_rule`.

    Where nothing changed since the last release, or no image has final labels yet, there is nothing to release: a number stands for labels
    that differ from those of the number before. Raises UnknownDataset, and InvalidInput for a cut that settles nothing.
    """
    fitted = None if by_rule else fitted_before(workspace, name, posterior)
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        finals = final_labels_of(c, dataset)
        if fitted is None:
            return _released(c, dataset, finals, None, now)
        chances = fitted.still(c, dataset)
        finals, made_by = with_posterior(c, dataset, finals, chances, fitted.cut)
        return replace(_released(c, dataset, finals, made_by, now), warnings=chances.warnings)


def _released(c: Connection, dataset: StoredDataset, finals: Sequence[FinalLabels], made_by: ByPosterior | None, now: datetime) -> Resolved:
    n_unresolved = n_in(images.counts(c, dataset.id), IN_STUDY) - len(finals)
    newest = releases.newest(c, dataset.id)
    if not releases.changes_to(c, dataset.id, finals):
        return Resolved(newest, is_new=False, n_unresolved=n_unresolved, by_posterior=made_by)
    n_dropped = 0 if made_by or newest is None or not newest.by_posterior else _n_dropped(c, dataset, newest, finals)
    release = releases.add(c, dataset.id, finals, n_unresolved, now, made_by)
    return Resolved(release, is_new=True, n_unresolved=n_unresolved, by_posterior=made_by, n_dropped=n_dropped)


def _n_dropped(c: Connection, dataset: StoredDataset, before: Release, finals: Sequence[FinalLabels]) -> int:
    now = {final.image for final in finals}
    settled = (final for _, final in releases.labels_of(c, dataset.id, before.number) if final.source is LabelSource.POSTERIOR)
    return sum(final.image not in now for final in settled)


def final_labels_of(c: Connection, dataset: StoredDataset) -> list[FinalLabels]:
    """The final labels as they stand now, one an image that is resolved, in the order of the import."""
    imported = {final.image: final for final in _newest_release(c, dataset)}
    finals = (final for chunk in chunked(images.iterate(c, dataset.id), CHUNK) for final in _finals(c, chunk, imported))
    return [final for final in finals if final is not None]


def unresolved(workspace: Workspace, name: str) -> list[Unresolved]:
    """The images without final labels, in import order. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return [Unresolved(image.path, image.state) for image in images.iterate(c, dataset.id) if image.state not in RESOLVED]


def is_released(workspace: Workspace, name: str) -> bool:
    """Whether the dataset has a release. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return bool(releases.all_releases(c, datasets.find(c, name).id))


def _finals(c: Connection, chunk: Sequence[StoredImage], imported: Mapping[ImageId, FinalLabels]) -> Iterator[FinalLabels | None]:
    answers = annotations.latest_of_images(c, _final_by(FinalBy.ANNOTATORS, chunk))
    decided = refinements.standing_of_images(c, _final_by(FinalBy.EXPERTS, chunk))
    for image in chunk:
        yield final_labels(image.state, answers.get(image.id, ()), decided.get(image.id, ()), imported.get(image.id))


def _final_by(whom: FinalBy, chunk: Sequence[StoredImage]) -> list[ImageId]:
    return [image.id for image in chunk if image.state.meaning.final_by is whom]


def _newest_release(c: Connection, dataset: StoredDataset) -> Iterator[FinalLabels]:
    newest = releases.newest(c, dataset.id)
    if newest is not None:
        yield from (final for _, final in releases.labels_of(c, dataset.id, newest.number))
