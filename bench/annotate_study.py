"""The studies that bench_annotate measures: real photos first in the queue, then as many other images as are wanted."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import DatasetId, Exemplar, Image
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.pictures.roots import Folder
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, exemplars, images, proposals
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.showing.inspecting import fingerprints_of
from multilabelfy.workflows.showing.references_beside import as_text
from multilabelfy.workflows.workspace import Workspace, open_workspace

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
K = 20
CHUNK = 5_000


def workspace_in(folder: Path) -> Workspace:
    """An empty workspace."""
    return open_workspace(load_settings(folder / "workspace"), create=True)


def photos_in(folder: Path, n: int) -> list[str]:
    """n photos under names of their own, in `folder`: those beside the project, each as often as it takes."""
    photos = sorted(DATA.glob("photos/*/*.JPEG"))
    if not photos:
        raise SystemExit("There are no photos beside the project (shared/data/photos): this bench measures with real ones.")
    folder.mkdir(parents=True)
    names = [f"{i:04}.jpg" for i in range(n)]
    for i, name in enumerate(names):
        shutil.copyfile(photos[i % len(photos)], folder / name)
    return names


def make_study(workspace: Workspace, name: str, photos: Path, first: list[str], n_images: int) -> DatasetId:
    """A study of `n_images`: the photos stand first in the queue; the rest has no file, since nobody gets that far."""
    labels, now = imagenet1k(), datetime.now(UTC)
    with workspace.store.writing() as c:
        roots = {"images_root": str(photos), "reference_root": str(DATA / "reference")}
        dataset = datasets.add(c, name=name, **roots, labels=labels, protocol=PAPER, seed=0, now=now)
        rest = (f"rest/{i:07}.jpg" for i in range(len(first), n_images))
        every = (Image(path, i % len(labels)) for i, path in enumerate((*first, *rest)))
        places = {path: place for place, path in enumerate(first)}
        images.add_many(
            c, dataset, every, token=lambda path: workspace.token("image", name, path), queue_place=lambda path: places.get(path, n_images)
        )
        shown = (Exemplar(label.index, f"{label.key}/0001.jpg") for label in labels.labels)
        exemplars.add_many(c, dataset, shown, token=lambda path: workspace.token("exemplar", name, path))
    propose(workspace, dataset, len(labels), now)
    look(workspace, dataset, photos, first)
    return dataset


def look(workspace: Workspace, dataset: DatasetId, photos: Path, first: list[str]) -> None:
    """Keep what the pictures look like, as an import and `propose` do."""
    of_images = fingerprints_of(Folder(photos), first, workspace.settings)
    references = [f"{label.key}/0001.jpg" for label in imagenet1k().labels]
    of_references = fingerprints_of(Folder(DATA / "reference"), references, workspace.settings)
    with workspace.store.writing() as c:
        for image in images.iterate(c, dataset):
            if image.path not in of_images:
                break  # the photos come first
            fingerprints.set_of_image(c, image.id, as_text(of_images[image.path]))
        for shown in exemplars.of_labels(c, dataset, range(len(references))).values():
            for exemplar in shown:
                fingerprints.set_of_exemplar(c, exemplar.id, as_text(of_references[exemplar.path]))


def propose(workspace: Workspace, dataset: DatasetId, n_labels: int, now: datetime) -> None:
    """Twenty labels for each image, its given one among them."""
    random = np.random.default_rng(0)
    with workspace.store.writing() as c:
        run = proposals.start_run(c, dataset, "bench", K, now)
    with workspace.store.reading() as c:
        stored = [(image.id, image.given_label or 0) for image in images.iterate(c, dataset)]
    scores = np.linspace(0.5, 0.01, K, dtype=np.float32)
    for start in range(0, len(stored), CHUNK):
        some = stored[start : start + CHUNK]
        ranked = (random.integers(1, n_labels // K, (len(some), K)) + np.arange(K) * (n_labels // K)).astype(np.int32)
        given = np.array([label for _, label in some], dtype=np.int32)
        ranked[~(ranked == given[:, None]).any(axis=1), 0] = given[~(ranked == given[:, None]).any(axis=1)]
        with workspace.store.writing() as c:
            proposals.add_chunk(c, run, [image for image, _ in some], ranked, np.tile(scores, (len(some), 1)))
    with workspace.store.writing() as c:
        proposals.finish_run(c, run, now)
