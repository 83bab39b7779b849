"""Pictures for pages: from an opaque address to a cached file, and from an image or a label's reference pictures to their address.

A strip's name carries the ids of the reference pictures it shows and a seal under the workspace's key, so that only strips that a page
named are ever made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path

from multilabelfy.dataset.model import DatasetId
from multilabelfy.dataset.stored import StoredExemplar
from multilabelfy.errors import UnknownImage
from multilabelfy.pictures.display import display, strip
from multilabelfy.pictures.paths import inside
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.workflows.workspace import Workspace

THUMB = 320
EDGES = (160, THUMB, 800)
STRIP_EDGES = (96, 224, 320)


@dataclass(frozen=True, slots=True)
class Strip:
    """Reference pictures of one label side by side: the strip's name in its address, and what it shows."""

    name: str
    exemplars: tuple[StoredExemplar, ...]


def strip_of(workspace: Workspace, dataset: DatasetId, label: int, shown: Sequence[StoredExemplar]) -> Strip | None:
    """The strip of these reference pictures, None where there are none."""
    if not shown:
        return None
    ids = ".".join(str(exemplar.id) for exemplar in shown)
    return Strip(f"{dataset}-{label}-{ids}-{_seal(workspace, dataset, label, ids)}", tuple(shown))


def picture_file(workspace: Workspace, token: str, edge: int) -> Path:
    """The file of an image's or a reference picture's display size. Raises UnknownImage, UnreadablePicture."""
    if edge not in (*EDGES, workspace.settings.picture_edge):
        raise UnknownImage("There is no picture of this size.")
    with workspace.store.reading() as c:
        path = _path_of(c, token)
    return display(path, workspace.pictures, token, edge, max_pixels=_max_pixels(workspace))


def strip_file(workspace: Workspace, name: str, edge: int) -> Path:
    """The file of a strip. Raises UnknownImage where no page named it, or its pictures are no longer there."""
    dataset, label, ids, seal = _parsed(name)
    if edge not in STRIP_EDGES or not compare_digest(seal, _seal(workspace, dataset, label, ids)):
        raise UnknownImage("There is no such strip of pictures.")
    with workspace.store.reading() as c:
        root = Path(datasets.get(c, dataset).reference_root or "")
        there = {str(exemplar.id): exemplar for exemplar in exemplars.of_labels(c, dataset, [label])[label]}
    wanted = ids.split(".")
    paths = [inside(root, there[one].path) for one in wanted if one in there]
    if not paths:
        raise UnknownImage("These reference pictures are no longer shown.")
    token = workspace.token("strip", name, str(len(paths)))
    return strip(paths, workspace.pictures, token, n=len(wanted), edge=edge, max_pixels=_max_pixels(workspace))


def _path_of(c: Connection, token: str) -> Path:
    try:
        image = images.by_token(c, token)
    except UnknownImage:
        dataset, exemplar = exemplars.by_token(c, token)
        return inside(Path(datasets.get(c, dataset).reference_root or ""), exemplar.path)
    return inside(Path(datasets.get(c, image.dataset).images_root), image.path)


def _parsed(name: str) -> tuple[DatasetId, int, str, str]:
    parts = name.split("-")
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() and len(part) < 18 for part in [*parts[:2], *parts[2].split(".")]):
        raise UnknownImage("There is no such strip of pictures.")
    return DatasetId(int(parts[0])), int(parts[1]), parts[2], parts[3]


def _seal(workspace: Workspace, dataset: DatasetId, label: int, ids: str) -> str:
    return workspace.token("strip", str(dataset), str(label), ids)


def _max_pixels(workspace: Workspace) -> int:
    return int(workspace.settings.max_megapixels * 1_000_000)
