"""Import a folder of pictures as a dataset, or the new pictures in it; every problem is found before anything is stored.

Pictures stay where they are. Images are stored in pieces, so that annotators need not wait for a large import; an interrupted import
resumes where it stopped when it is run again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, Image, ImageId, ImageState
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.errors import UnknownRelease
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.refinement.model import FinalLabels, LabelSource
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.importing.imported_copies import ImportedCopies
from multilabelfy.workflows.importing.request import ImportRequest, Survey
from multilabelfy.workflows.importing.survey import survey
from multilabelfy.workflows.showing.inspecting import Progress, silent
from multilabelfy.workflows.showing.references_beside import as_text
from multilabelfy.workflows.workspace import Workspace

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The result of an import. `n_images` counts the new images, `n_known` the earlier ones; `notes` is what the user should know."""

    name: str
    is_new: bool
    images_root: str
    label_space: str
    n_labels: int
    n_images: int
    n_known: int
    n_unreadable: int
    n_repaired: int
    n_given: int
    n_exemplars: int
    n_final: int
    release: int | None
    protocol: str
    overlap: int
    seed: int
    unreadable: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    copies: ImportedCopies

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values; each unreadable picture has its reason."""
        return {**asdict(self), "unreadable": [{"image": path, "why": why} for path, why in self.unreadable]}


def import_dataset(workspace: Workspace, request: ImportRequest, *, progress: Progress = silent, now: datetime) -> ImportSummary:
    """Import what the request names. Raises InvalidInput with all problems, and then stores nothing.

    To an existing dataset, new images are added; nothing else changes.
    """
    stored = _stored(workspace, request.name)
    surveyed = survey(workspace, request, stored, progress)
    dataset = stored or _add_dataset(workspace, request, surveyed, now)
    n_exemplars = _add_references(workspace, dataset, surveyed)
    _add_images(workspace, dataset, surveyed)
    release = _add_release(workspace, dataset, surveyed, now)
    return _summary(surveyed, dataset, is_new=stored is None, n_exemplars=n_exemplars, release=release)


def _stored(workspace: Workspace, name: str) -> StoredDataset | None:
    with workspace.store.reading() as c:
        return datasets.named(c, name)


def _add_dataset(workspace: Workspace, request: ImportRequest, surveyed: Survey, now: datetime) -> StoredDataset:
    with workspace.store.writing() as c:
        dataset = datasets.add(
            c,
            name=request.name,
            images_root=str(surveyed.root),
            reference_root=None if surveyed.reference_root is None else str(surveyed.reference_root),
            labels=surveyed.labels,
            protocol=request.protocol or PAPER,
            seed=surveyed.seed,
            now=now,
        )
        return datasets.get(c, dataset)


def _add_references(workspace: Workspace, dataset: StoredDataset, surveyed: Survey) -> int:
    """Store the reference pictures; returns how many are new."""
    if surveyed.reference_root is None:
        return 0
    with workspace.store.writing() as c:
        if dataset.reference_root is None:
            datasets.set_reference_root(c, dataset.id, str(surveyed.reference_root))
        chosen = surveyed.references.exemplars
        n_new = exemplars.add_many(c, dataset.id, chosen, token=lambda path: _token(workspace, "exemplar", dataset, path))
        stored = exemplars.of_labels(c, dataset.id, {exemplar.label for exemplar in chosen})
        seen = surveyed.references.fingerprints
        shown = (reference for of_label in stored.values() for reference in of_label if reference.path in seen)
        fingerprints.set_of_exemplars(c, {exemplar.id: as_text(seen[exemplar.path]) for exemplar in shown})
        return n_new


def _add_images(workspace: Workspace, dataset: StoredDataset, surveyed: Survey) -> None:
    """Store the new images: those with final labels first, in the order of their file, so that an export keeps that order."""
    final = surveyed.finals.keys()
    first = [image for image in surveyed.new_images if image.path in final]
    rest = [image for image in surveyed.new_images if image.path not in final]
    _add(workspace, dataset, (image for image in first if image.path not in surveyed.unreadable), ImageState.IMPORTED)
    _add(workspace, dataset, (image for image in rest if image.path not in surveyed.unreadable), ImageState.UNPROPOSED)
    _add_unreadable(workspace, dataset, [image for image in surveyed.new_images if image.path in surveyed.unreadable], surveyed)
    for path in surveyed.repaired:
        with workspace.store.writing() as c:
            images.set_state(c, images.by_path(c, dataset.id, path).id, ImageState.UNPROPOSED)


def _add(workspace: Workspace, dataset: StoredDataset, new: Iterable[Image], state: ImageState) -> None:
    for chunk in chunked(new, CHUNK):
        with workspace.store.writing() as c:
            _add_chunk(c, workspace, dataset, chunk, state)


def _add_chunk(c: Connection, workspace: Workspace, dataset: StoredDataset, chunk: Sequence[Image], state: ImageState) -> None:
    images.add_many(
        c,
        dataset.id,
        chunk,
        token=lambda path: _token(workspace, "image", dataset, path),
        queue_place=lambda path: queue_place(path, dataset.seed),
        state=state,
    )


def _token(workspace: Workspace, kind: str, dataset: StoredDataset, path: str) -> str:
    """The opaque name of a picture. Its dataset's number and time keep it apart from one that had the same name before."""
    return workspace.token(kind, str(dataset.id), dataset.created_at.isoformat(), path)


def _add_unreadable(workspace: Workspace, dataset: StoredDataset, new: Sequence[Image], surveyed: Survey) -> None:
    for chunk in chunked(new, CHUNK):
        with workspace.store.writing() as c:
            _add_chunk(c, workspace, dataset, chunk, ImageState.UNREADABLE)
            for image in chunk:
                images.set_unreadable(c, images.by_path(c, dataset.id, image.path).id, surveyed.unreadable[image.path])


def _add_release(workspace: Workspace, dataset: StoredDataset, surveyed: Survey, now: datetime) -> Release | None:
    """Write the next release: the last one's sets, and those that came with this import."""
    if not surveyed.finals:
        return None
    with workspace.store.writing() as c:
        ids = images.ids_by_path(c, dataset.id)
        before = {} if (last := _last(c, dataset.id)) is None else dict(releases.labels_of(c, dataset.id, last.number))
        imported = {
            path: FinalLabels(ImageId(ids[path]), row.labels, LabelSource.IMPORTED, reason=row.reason)
            for path, row in surveyed.finals.items()
        }
        finals = list((before | imported).values())
        return releases.add(c, dataset.id, finals, len(ids) - len(finals), now)


def _last(c: Connection, dataset: DatasetId) -> Release | None:
    try:
        return releases.latest(c, dataset)
    except UnknownRelease:
        return None


def _summary(surveyed: Survey, dataset: StoredDataset, *, is_new: bool, n_exemplars: int, release: Release | None) -> ImportSummary:
    return ImportSummary(
        name=dataset.name,
        is_new=is_new,
        images_root=str(surveyed.root),
        label_space=surveyed.labels.name,
        n_labels=len(surveyed.labels),
        n_images=len(surveyed.new_images),
        n_known=surveyed.n_known,
        n_unreadable=len(surveyed.unreadable),
        n_repaired=len(surveyed.repaired),
        n_given=sum(image.given_label is not None for image in surveyed.new_images),
        n_exemplars=n_exemplars,
        n_final=len(surveyed.finals),
        release=None if release is None else release.number,
        protocol=dataset.protocol.preset,
        overlap=dataset.protocol.overlap,
        seed=dataset.seed,
        unreadable=tuple(surveyed.unreadable.items()),
        notes=surveyed.notes,
        copies=surveyed.copies,
    )
