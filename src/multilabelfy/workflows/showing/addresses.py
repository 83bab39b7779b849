"""Pictures for pages: find the cached file of an opaque address, and the address of an image or of a label's reference pictures.

A strip's name contains the numbers of its reference pictures, masked with the workspace's key: it tells its reader nothing, and only strips
that a page named are ever made.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from itertools import count
from pathlib import Path, PurePosixPath

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.dataset.stored import StoredExemplar, StoredImage
from multilabelfy.errors import UnknownImage
from multilabelfy.pictures.display import display, strip
from multilabelfy.pictures.roots import StoredPicture
from multilabelfy.settings import Settings
from multilabelfy.store import members
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.store.decisions import withheld
from multilabelfy.workflows.showing.inspecting import max_pixels, root_of
from multilabelfy.workflows.team.people import RANK
from multilabelfy.workflows.workspace import Workspace

THUMB = 320
UNKNOWN = "There is no such picture."
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

    Raises UnknownImage, also for a picture that is withheld, UnreadablePicture, PicturesUnreachable.
    """
    with workspace.store.reading() as c:
        path = _picture_of(c, workspace.settings, token, person)
    return _displayed(workspace, path, token, edge)


def picture_to_judge(workspace: Workspace, token: str, edge: int, person: Annotator) -> Path:
    """The same of an image, withheld or not, for an expert or an owner of its dataset: they decide about it.

    Raises UnknownImage, UnreadablePicture, PicturesUnreachable.
    """
    with workspace.store.reading() as c:
        image = images.by_token(c, token)
        if not _decides(c, image, person):
            raise UnknownImage(UNKNOWN)
        path = _path_of(c, workspace.settings, image)
    return _displayed(workspace, path, token, edge)


def withheld_on_pages(workspace: Workspace, shown: Iterable[StoredImage]) -> frozenset[ImageId]:
    """Those of these images whose pictures pages for experts and owners withhold now."""
    with workspace.store.reading() as c:
        return withheld.on_pages(c, images.get_many(c, [image.id for image in shown]).values())


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
        of = datasets.get(c, DatasetId(dataset))
        root = root_of(workspace.settings, of.reference_root or "")
        stored = {exemplar.id: exemplar for exemplar in exemplars.of_labels(c, of.id, [label])[label]}
        chosen = _to_show(c, of, [stored[number] for number in wanted if number in stored])
    if not chosen:
        raise UnknownImage("These reference pictures are no longer shown.")
    paths = [root.picture(exemplar.path) for exemplar in chosen]
    token = workspace.token("strip", name, *(str(exemplar.id) for exemplar in chosen))
    return strip(paths, workspace.pictures, token, n=len(wanted), edge=edge, **_limits(workspace.settings))


def _limits(settings: Settings) -> dict[str, int]:
    return {"max_pixels": max_pixels(settings), "most_bytes": int(settings.picture_cache_gigabytes * 1_000_000_000)}


def _check_team(c: Connection, dataset: DatasetId, person: Annotator | None) -> None:
    if person is not None and members.role_in(c, dataset, person) is None:
        raise UnknownImage(UNKNOWN)


def _displayed(workspace: Workspace, path: StoredPicture, token: str, edge: int) -> Path:
    if edge not in (*EDGES, workspace.settings.picture_edge):
        raise UnknownImage("There is no picture of this size.")
    return display(path, workspace.pictures, token, edge, **_limits(workspace.settings))


def _decides(c: Connection, image: StoredImage, person: Annotator | None) -> bool:
    """Whether this person may decide about an image."""
    role = None if person is None else members.role_in(c, image.dataset, person)
    return role is not None and RANK[role] >= RANK[Role.EXPERT]


def _is_withheld(c: Connection, image: StoredImage, person: Annotator | None) -> bool:
    """Whether this person, or a file that is made, is refused the picture."""
    return bool(withheld.on_pages(c, [image]) if _decides(c, image, person) else withheld.among(c, [image.id]))


def _to_show(c: Connection, dataset: StoredDataset, chosen: Sequence[StoredExemplar]) -> list[StoredExemplar]:
    """The reference pictures that are not withheld images of the dataset themselves, of which the same files serve as both."""
    paths = {exemplar.id: as_image(dataset, exemplar.path) for exemplar in chosen}
    of_paths = images.by_paths(c, dataset.id, [path for path in paths.values() if path is not None])
    not_shown = withheld.among(c, [image.id for image in of_paths.values()])
    return [exemplar for exemplar in chosen if (image := of_paths.get(paths[exemplar.id] or "")) is None or image.id not in not_shown]


def as_image(dataset: StoredDataset, reference: str) -> str | None:
    """The path that a reference picture has among the dataset's images; None where it lies elsewhere."""
    where, root = PurePosixPath(dataset.reference_root or "", reference), PurePosixPath(dataset.images_root)
    return str(where.relative_to(root)) if where.is_relative_to(root) else None


def _path_of(c: Connection, settings: Settings, image: StoredImage) -> StoredPicture:
    return root_of(settings, datasets.get(c, image.dataset).images_root).picture(image.path)


def _picture_of(c: Connection, settings: Settings, token: str, person: Annotator | None) -> StoredPicture:
    try:
        image = images.by_token(c, token)
    except UnknownImage:
        dataset, exemplar = exemplars.by_token(c, token)
        _check_team(c, dataset, person)
        of = datasets.get(c, dataset)
        if not _to_show(c, of, [exemplar]):
            raise UnknownImage(UNKNOWN) from None
        return root_of(settings, of.reference_root or "").picture(exemplar.path)
    _check_team(c, image.dataset, person)
    if _is_withheld(c, image, person):
        raise UnknownImage(UNKNOWN)
    return _path_of(c, settings, image)


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
