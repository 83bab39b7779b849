"""A small study that is ready to be annotated: tiny pictures, labels with synonyms, reference pictures and proposals, in a workspace.

The folders and files have telling names (`CLASS_FOLDER`, `FILE_STEM`), so that a test can look for them where they must not be.
"""

import hashlib
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw
from sqlalchemy import make_url
from tests.databases import place_tables

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.annotation.study.protocol import PAPER, AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import Concept, DatasetId, Exemplar, Image, ImageId, Label, LabelSpace
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.pictures.likeness import fingerprint
from multilabelfy.pictures.opening import open_picture
from multilabelfy.settings import load_settings
from multilabelfy.store import people
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.dataset import datasets, exemplars, images, proposals
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.showing.references_beside import as_text
from multilabelfy.workflows.team import people as inviting
from multilabelfy.workflows.workspace import KEY_FILE, Workspace, open_workspace
from multilabelfy.workflows.workspace_database import DATABASE_FILE

NAME = "pilot"
SOURCE = "a-secret-model"
CLASS_FOLDER = "secretclass"
FILE_STEM = "secretfile"
KEY = hashlib.sha256(b"the key of every ready study").hexdigest()
NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)
WORDS = (
    "tabby, tabby cat", "tiger cat", "Egyptian cat", "lynx, catamount", "remote control, remote", "mouse, computer mouse",
    "computer keyboard, keypad", "desk", "monitor", "screen, CRT screen", "tennis ball", "golden retriever", "laptop, laptop computer",
    "notebook, notebook computer", "space bar", "maillot, tank suit", "sunglass", "sunglasses, dark glasses, shades",
    "church, church building",
    "bell cote, bell cot", "window screen", "window shade", "wall clock", "analog clock", "coffee mug", "cup", "espresso", "soup bowl",
    "plate", "dining table, board",
)  # fmt: skip
HIERARCHY = (
    Concept("feline", ("feline", "felid"), ("all",)), Concept("thing", ("artifact",), ("all",)), Concept("all", ("entity",)),
)  # fmt: skip
COLOURS = ("#d9822b", "#2b6cb0", "#2f855a", "#9b2c2c", "#6b46c1", "#b7791f", "#285e61", "#702459")

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Study:
    """An open workspace with one dataset, `pilot`, whose images wait for answers."""

    workspace: Workspace
    dataset: StoredDataset
    images: tuple[StoredImage, ...]
    links: dict[tuple[str, Role], str] = field(default_factory=dict, compare=False)

    def invite(self, name: str, role: Role = Role.ANNOTATOR, now: datetime = NOW) -> str:
        """The path of an invitation link for this person."""
        link = inviting.invite(self.workspace, name, role, now).link
        return link[link.index("/sign-in/") :]

    def link(self, name: str, role: Role = Role.ANNOTATOR, now: datetime = NOW) -> str:
        """The same for one more session, where a new link would end the others: an annotator's link serves again, others work once."""
        if (name, role) not in self.links:
            self.links[name, role] = self.invite(name, role, now)
        elif role is not Role.ANNOTATOR:
            link = inviting.link_for_once(self.workspace, name, now).link
            return link[link.index("/sign-in/") :]
        return self.links[name, role]

    def person(self, name: str) -> Annotator:
        """The person of this name."""
        with self.workspace.store.reading() as c:
            return people.find(c, name)

    def named(self, name: str) -> list[Annotator]:
        """Everybody of this name, the first who came first."""
        with self.workspace.store.reading() as c:
            return people.named(c, name)


def label_space(n_labels: int = len(WORDS), concepts: Sequence[Concept] = ()) -> LabelSpace:
    """`n_labels` labels with the names of WORDS, then numbered ones; below the first concept cats, below the second everything else."""
    names = [tuple(words.split(", ")) for words in WORDS] + [(f"thing {i}", f"object {i}") for i in range(len(WORDS), n_labels)]
    above = [(concepts[0 if i < 4 else 1].key,) if concepts else () for i in range(n_labels)]
    labels = (Label(i, f"k{i:05}", names[i], f"the thing called {names[i][0]}", above[i]) for i in range(n_labels))
    return LabelSpace("words", tuple(labels), tuple(concepts))


def ready_study(
    folder: Path,
    *,
    protocol: AnnotationProtocol = PAPER,
    n_images: int = 6,
    n_labels: int = len(WORDS),
    n_exemplars: int = 4,
    size: tuple[int, int] = (240, 160),
    sizes: Sequence[tuple[int, int]] = (),
    labels: LabelSpace | None = None,
    unpictured: Collection[int] = (),
    proposed: bool = True,
    concepts: Sequence[Concept] = (),
    database_url: str | None = None,
    now: datetime = NOW,
) -> Study:
    """A study in `folder`; image i has the given label i and, as proposals, the labels i, i+1, … in this order (wrapping).

    The first images may have `sizes` of their own, and the labels of these numbers may go `unpictured`: without reference pictures.
    Studies of the same kind show the same picture files, which no test may change.
    """
    space = labels or label_space(n_labels, concepts)
    pictures = _pictures(
        n_images, tuple(sizes), size, tuple(i for i in range(min(n_labels, len(WORDS))) if i not in unpictured), n_exemplars
    )
    kind = _Kind(protocol, n_images, n_labels, space, pictures, proposed, now)
    workspace = folder / "workspace"
    workspace.mkdir(parents=True, exist_ok=True)
    (workspace / KEY_FILE).write_text(KEY)
    settings = load_settings(workspace, database_url=database_url) if database_url else load_settings(workspace)
    address = make_url(settings.database_url or sqlite_url(workspace / DATABASE_FILE))
    if address.get_backend_name() != "sqlite":
        return _fill(open_workspace(settings, create=True), kind)
    filled = _filled(kind)
    Path(address.database or "").write_bytes(filled.database)
    return Study(open_workspace(settings), filled.dataset, filled.images)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the rows of a ready study depend on."""

    protocol: AnnotationProtocol
    n_images: int
    n_labels: int
    labels: LabelSpace
    pictures: "_Pictures"
    proposed: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class _Filled:
    """A ready study's database as a file's content: a copy is much faster made than the rows are."""

    database: bytes
    dataset: StoredDataset
    images: tuple[StoredImage, ...]


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The folders of a study's pictures and reference pictures, and what lies in them."""

    root: Path
    reference_root: Path
    paths: tuple[str, ...]
    exemplars: tuple[Exemplar, ...]


@cache
def _filled(kind: _Kind) -> _Filled:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        (workspace / KEY_FILE).write_text(KEY)
        place_tables(workspace / DATABASE_FILE)
        study = _fill(open_workspace(load_settings(workspace)), kind)
        study.workspace.close()
        return _Filled((workspace / DATABASE_FILE).read_bytes(), study.dataset, study.images)


def _fill(workspace: Workspace, kind: _Kind) -> Study:
    pictures = kind.pictures
    with workspace.store.writing() as c:
        roots = {"images_root": str(pictures.root), "reference_root": str(pictures.reference_root)}
        dataset = datasets.add(c, name=NAME, **roots, labels=kind.labels, protocol=kind.protocol, seed=7, now=kind.now)
        pairs = [Image(path, given_label=i % kind.n_labels) for i, path in enumerate(pictures.paths)]
        images.add_many(
            c, dataset, pairs, token=lambda path: workspace.token("image", NAME, path), queue_place=lambda path: pictures.paths.index(path)
        )
        exemplars.add_many(c, dataset, pictures.exemplars, token=lambda path: workspace.token("exemplar", NAME, path))
    if kind.proposed:
        propose(workspace, pictures.paths, kind.n_labels, kind.now)
    with workspace.store.writing() as c:
        _look(c, dataset, pictures)
    with workspace.store.reading() as c:
        stored = tuple(images.iterate(c, dataset))
        return Study(workspace, datasets.get(c, dataset), stored)


def _look(c: Connection, dataset: DatasetId, pictures: _Pictures) -> None:
    """Store the fingerprints that an import and a proposing model compute."""
    stored = list(images.iterate(c, dataset))
    fingerprints.set_of_images(c, {image.id: _fingerprint(pictures.root / image.path) for image in stored})
    of_labels = exemplars.of_labels(c, dataset, {exemplar.label for exemplar in pictures.exemplars})
    shown = [exemplar for of_label in of_labels.values() for exemplar in of_label]
    fingerprints.set_of_exemplars(c, {exemplar.id: _fingerprint(pictures.reference_root / exemplar.path) for exemplar in shown})


@cache
def _fingerprint(picture: Path) -> str:
    return as_text(fingerprint(open_picture(picture, max_pixels=10**9)))


@cache
def _pictures(
    n_images: int, sizes: tuple[tuple[int, int], ...], size: tuple[int, int], pictured: tuple[int, ...], n_exemplars: int
) -> _Pictures:
    """Drawn once for all studies of this process."""
    folder = Path(_scratch().name) / str(next(_numbers))
    paths = tuple(f"{CLASS_FOLDER}_{i}/{FILE_STEM}_{i}.png" for i in range(n_images))
    for i, path in enumerate(paths):
        draw(folder / "pictures" / path, f"picture {i}", COLOURS[i % len(COLOURS)], sizes[i] if i < len(sizes) else size)
    shown = tuple(Exemplar(label, f"{CLASS_FOLDER}_{label}/{j}.png") for label in pictured for j in range(n_exemplars))
    for exemplar in shown:
        draw(folder / "references" / exemplar.path, f"{exemplar.label}", COLOURS[exemplar.label % len(COLOURS)], (64, 64))
    return _Pictures(folder / "pictures", folder / "references", paths, shown)


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """Removed when this process ends."""
    return tempfile.TemporaryDirectory(prefix="studies-")


def propose(workspace: Workspace, paths: Sequence[str], n_labels: int, now: datetime) -> None:
    """Image i is proposed the labels i, i+1, … with falling scores."""
    k = min(n_labels, 60)
    with workspace.store.writing() as c:
        dataset = datasets.find(c, NAME)
        run = proposals.start_run(c, dataset.id, SOURCE, k, now)
        ids = images.ids_by_path(c, dataset.id)
        labels = np.array([[(i + j) % n_labels for j in range(k)] for i in range(len(paths))], dtype=np.int32)
        scores = np.tile((0.5 ** np.arange(1, k + 1)).astype(np.float32), (len(paths), 1))
        proposals.add_chunk(c, run, [ImageId(ids[path]) for path in paths], labels, scores)
        proposals.finish_run(c, run, now)


def draw(path: Path, text: str, colour: str, size: tuple[int, int]) -> None:
    """A picture like no other: soft blots seeded by its text and file, tinted, with the text on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn(text, path.name, colour, size))


@cache
def drawn(text: str, file: str, colour: str, size: tuple[int, int]) -> bytes:
    """The same as a file's content: most studies show the same pictures."""
    blots = np.random.default_rng(list(f"{text}/{file}".encode())).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    picture = Pillow.blend(Pillow.fromarray(blots).resize(size, Pillow.Resampling.BICUBIC), Pillow.new("RGB", size, colour), 0.35)
    ImageDraw.Draw(picture).text((size[0] // 6, size[1] // 3), text, fill="white", font_size=max(size[1] // 6, 8))
    content = BytesIO()
    picture.save(content, "PNG", compress_level=1)
    return content.getvalue()


def look_at_all(study: Study) -> None:
    """Keep what every picture looks like, as an import and `propose` do; no two look alike."""
    with study.workspace.store.writing() as c:
        of_labels = exemplars.of_labels(c, study.dataset.id, range(len(WORDS)))
        shown = [exemplar.id for of_label in of_labels.values() for exemplar in of_label]
        for number, exemplar in enumerate(shown):
            fingerprints.set_of_exemplar(c, exemplar, f"{0x9E3779B97F4A7C15 * (number + 1) % 2**64:016x}")
        for number, image in enumerate(study.images):
            fingerprints.set_of_image(c, image.id, f"{0xC2B2AE3D27D4EB4F * (number + 1) % 2**64:016x}")
