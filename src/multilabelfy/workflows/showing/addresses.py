"""Pictures for pages: find the cached file of an opaque address, and the address of an image or of a label's reference pictures.

A strip's name contains the numbers of its reference pictures, masked with the workspace's key: it tells its reader nothing, and only strips
that a page named are ever made.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from itertools import count
from pathlib import Path

from multilabelfy.annotation.model import Annotator
from multilabelfy.dataset.model import DatasetId
from multilabelfy.dataset.stored import StoredExemplar
from multilabelfy.errors import UnknownImage
from multilabelfy.pictures.display import display, strip
from multilabelfy.pictures.roots import StoredPicture
from multilabelfy.settings import Settings
from multilabelfy.store import members
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.workflows.showing.inspecting import max_pixels, root_of
from multilabelfy.workflows.workspace import Workspace

THUMB = 320
EDGES = (160, THUMB, 800)
STRIP_EDGES = (96, 224, 320)
NAME = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8}){3,40}")


@dataclass(frozen=True, slots=True)
class Strip:
    """Reference pictures of one label side by side: the strip's name in its address, and what it shows."""

    name: str
    exemplars: tuple[StoredExemplar, ...]
    numbers: str
    """The numbers of the pictures, with dots between them."""


def strip_of(workspace: Workspace, dataset: DatasetId, label: int, shown: Sequence[StoredExemplar]) -> Strip | None:
    """The strip of these reference pictures; None if there are none."""
    if not shown:
        return None
    numbers = [exemplar.id for exemplar in shown]
    return Strip(_covered(workspace, (dataset, label, *numbers)), tuple(shown), ".".join(map(str, numbers)))


def picture_file(workspace: Workspace, token: str, edge: int, person: Annotator | None = None) -> Path:
    """The file of an image's or a reference picture's display size, for anybody or for a person who is in its dataset's team.

    Raises UnknownImage, UnreadablePicture, PicturesUnreachable.
    """
    if edge not in (*EDGES, workspace.settings.picture_edge):
        raise UnknownImage("There is no picture of this size.")
    with workspace.store.reading() as c:
        path = _picture_of(c, workspace.settings, token, person)
    return display(path, workspace.pictures, token, edge, **_limits(workspace.settings))


def has_pictures(workspace: Workspace, dataset: str) -> bool:
    """Whether a dataset has pictures to show. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return datasets.find(c, dataset).has_pictures


def picture_names(workspace: Workspace, dataset: str) -> dict[str, str]:
    """The opaque name of each image's picture, by the image's path. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return {image.path: image.token for image in images.iterate(c, datasets.find(c, dataset).id)}


def strip_file(workspace: Workspace, name: str, edge: int, person: Annotator | None = None) -> Path:
    """The file of a strip. Raises UnknownImage if no page named it, its pictures are gone, or the person is not in its dataset's team."""
    dataset, label, *wanted = _uncovered(workspace, name)
    if edge not in STRIP_EDGES:
        raise UnknownImage("There is no such strip of pictures.")
    with workspace.store.reading() as c:
        _check_team(c, DatasetId(dataset), person)
        root = root_of(workspace.settings, datasets.get(c, DatasetId(dataset)).reference_root or "")
        stored = {exemplar.id: exemplar for exemplar in exemplars.of_labels(c, DatasetId(dataset), [label])[label]}
    paths = [root.picture(stored[number].path) for number in wanted if number in stored]
    if not paths:
        raise UnknownImage("These reference pictures are no longer shown.")
    token = workspace.token("strip", name, str(len(paths)))
    return strip(paths, workspace.pictures, token, n=len(wanted), edge=edge, **_limits(workspace.settings))


def _limits(settings: Settings) -> dict[str, int]:
    return {"max_pixels": max_pixels(settings), "most_bytes": int(settings.picture_cache_gigabytes * 1_000_000_000)}


def _check_team(c: Connection, dataset: DatasetId, person: Annotator | None) -> None:
    if person is not None and members.role_in(c, dataset, person) is None:
        raise UnknownImage("There is no such picture.")


def _picture_of(c: Connection, settings: Settings, token: str, person: Annotator | None) -> StoredPicture:
    try:
        image = images.by_token(c, token)
    except UnknownImage:
        dataset, exemplar = exemplars.by_token(c, token)
        _check_team(c, dataset, person)
        return root_of(settings, datasets.get(c, dataset).reference_root or "").picture(exemplar.path)
    _check_team(c, image.dataset, person)
    return root_of(settings, datasets.get(c, image.dataset).images_root).picture(image.path)


def _covered(workspace: Workspace, numbers: Sequence[int]) -> str:
    """The numbers, masked by their own seal, and the seal: the same numbers always give the same name, and nobody can forge one."""
    seal = workspace.token("strip", *map(str, numbers))
    return seal + "".join(f"{number ^ cover:08x}" for number, cover in zip(numbers, _cover(workspace, seal), strict=False))


def _uncovered(workspace: Workspace, name: str) -> list[int]:
    """The numbers of a strip's name. Raises UnknownImage for one that no page named."""
    if not NAME.fullmatch(name):
        raise UnknownImage("There is no such strip of pictures.")
    seal, rest = name[:32], name[32:]
    covered = [int(rest[start : start + 8], 16) for start in range(0, len(rest), 8)]
    numbers = [number ^ cover for number, cover in zip(covered, _cover(workspace, seal), strict=False)]
    if not compare_digest(_covered(workspace, numbers), name):
        raise UnknownImage("There is no such strip of pictures.")
    return numbers


def _cover(workspace: Workspace, seal: str) -> Iterator[int]:
    """Endless numbers of 32 bits, four from each token."""
    for part in count():
        token = workspace.token("strip-cover", seal, str(part))
        yield from (int(token[start : start + 8], 16) for start in range(0, 32, 8))
