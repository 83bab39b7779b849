"""A small study that is ready to be annotated: tiny pictures, labels with synonyms, reference pictures and proposals, in a workspace.

The folders and files have telling names (`CLASS_FOLDER`, `FILE_STEM`), so that a test can look for them where they must not be.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw
from tests.databases import place_tables

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.annotation.protocol import PAPER, AnnotationProtocol
from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.dataset.model import Concept, Exemplar, Image, ImageId, Label, LabelSpace
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.settings import load_settings
from multilabelfy.store import people
from multilabelfy.store.dataset import datasets, exemplars, images, proposals
from multilabelfy.workflows.upkeep import people as inviting
from multilabelfy.workflows.workspace import DATABASE_FILE, Workspace, open_workspace

NAME = "pilot"
SOURCE = "a-secret-model"
CLASS_FOLDER = "secretclass"
FILE_STEM = "secretfile"
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


@dataclass(frozen=True, slots=True)
class Study:
    """An open workspace with one dataset, `pilot`, whose images wait for answers."""

    workspace: Workspace
    dataset: StoredDataset
    images: tuple[StoredImage, ...]

    def invite(self, name: str, role: Role = Role.ANNOTATOR, now: datetime = NOW) -> str:
        """The path of an invitation link for this person."""
        link = inviting.invite(self.workspace, name, role, now).link
        return link[link.index("/sign-in/") :]

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
    """
    pictures, references = folder / "pictures", folder / "references"
    paths = [f"{CLASS_FOLDER}_{i}/{FILE_STEM}_{i}.png" for i in range(n_images)]
    for i, path in enumerate(paths):
        draw(pictures / path, f"picture {i}", COLOURS[i % len(COLOURS)], sizes[i] if i < len(sizes) else size)
    pictured = [label for label in range(min(n_labels, len(WORDS))) if label not in unpictured]
    shown = [Exemplar(label, f"{CLASS_FOLDER}_{label}/{j}.png") for label in pictured for j in range(n_exemplars)]
    for exemplar in shown:
        draw(references / exemplar.path, f"{exemplar.label}", COLOURS[exemplar.label % len(COLOURS)], (64, 64))
    if database_url is None:
        place_tables(folder / "workspace" / DATABASE_FILE)
    workspace = open_workspace(load_settings(folder / "workspace", database_url=database_url), create=True)
    with workspace.store.writing() as c:
        roots = {"images_root": str(pictures), "reference_root": str(references)}
        dataset = datasets.add(c, name=NAME, **roots, labels=labels or label_space(n_labels, concepts), protocol=protocol, seed=7, now=now)
        pairs = [Image(path, given_label=i % n_labels) for i, path in enumerate(paths)]
        images.add_many(
            c, dataset, pairs, token=lambda path: workspace.token("image", NAME, path), queue_place=lambda path: paths.index(path)
        )
        exemplars.add_many(c, dataset, shown, token=lambda path: workspace.token("exemplar", NAME, path))
    if proposed:
        propose(workspace, paths, n_labels, now)
    with workspace.store.reading() as c:
        stored = tuple(images.iterate(c, dataset))
        return Study(workspace, datasets.get(c, dataset), stored)


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
