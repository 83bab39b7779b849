"""Tell a dataset where its pictures are after they were moved, once their fingerprints show that they are the same pictures."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.pictures.likeness import is_nearly
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.pictures import RemoteRoot
from multilabelfy.pictures.roots import root_at
from multilabelfy.pictures.shards.places import is_shard
from multilabelfy.plurals import counted
from multilabelfy.settings import Settings
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.importing.rules import whole
from multilabelfy.workflows.showing.inspecting import Progress, Unreadable, fingerprints_of, root_of, silent, unreadable_pictures
from multilabelfy.workflows.showing.references_beside import UNREADABLE
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """A folder in which a dataset's pictures are looked for, and whether it is there now."""

    folder: str
    is_there: bool


Known = Mapping[str, str | None]
"""Paths with their stored fingerprints; None for a picture that has none yet."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Relocated:
    """How many pictures were compared by fingerprint, and how many have none yet and were only found and opened."""

    name: str
    images_root: str
    reference_root: str | None
    n_compared: int
    n_opened: int


def relocate(
    workspace: Workspace,
    name: str,
    images_root: Path | RemoteAddress,
    reference: Path | RemoteAddress | None = None,
    *,
    progress: Progress = silent,
) -> Relocated:
    """Use these folders from now on; a dataset without pictures gets them so.

    Nothing changes unless every picture is in its place and is the same picture as before.

    Raises InvalidInput with the pictures that are missing or are others, UnknownDataset, PicturesUnreachable.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        known = _known_images(c, dataset)
        of_references = {} if reference is None else _known_references(c, dataset)
    problems = [*_problems(images_root, known, workspace.settings, progress)]
    if reference is not None:
        problems += _problems(reference, of_references, workspace.settings, progress)
    if problems:
        more = [Problem("and", f"{counted(len(problems) - SHOWN, 'more picture')}")] if len(problems) > SHOWN else []
        raise InvalidInput(f"Cannot relocate '{name}'; nothing was changed", [*problems[:SHOWN], *more], "Name the folder they are in now.")
    with workspace.store.writing() as c:
        datasets.set_images_root(c, dataset.id, whole(images_root))
        if reference is not None:
            datasets.set_reference_root(c, dataset.id, whole(reference))
        after = datasets.get(c, dataset.id)
    every = [*known.values(), *of_references.values()]
    n_compared = sum(look not in (None, UNREADABLE) for look in every)
    return Relocated(after.name, after.images_root, after.reference_root, n_compared, len(every) - n_compared)


def places_of(workspace: Workspace, name: str) -> tuple[PicturePlace, ...]:
    """Where the images of a dataset are, then its reference pictures if it has any. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
    roots = [root for root in (dataset.images_root, dataset.reference_root) if root]
    return tuple(PicturePlace(root, _is_there(root)) for root in roots)


def _is_there(written: str) -> bool:
    """Whether pictures can be read there; a remote root is not asked, which a page would wait for: it says how its last picture went."""
    root = root_at(written)
    return not root.why_left_alone() if isinstance(root, RemoteRoot) else Path(written).exists()


def command_to_relocate(workspace: Workspace, name: str) -> str:
    """What to type on the machine of the workspace where pictures have moved; DIR stands for the folder in which they are now."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
    references = " --reference DIR" if dataset.reference_root else ""
    at = shlex.quote(str(workspace.folder.resolve()))
    return f"multilabelfy relocate {shlex.quote(name)} --images DIR{references} --workspace {at}"


def _known_images(c: Connection, dataset: StoredDataset) -> Known:
    """The images whose files could be read before."""
    unread = {path for path, _ in images.unreadable(c, dataset.id)}
    ids = {path: ImageId(image) for path, image in images.ids_by_path(c, dataset.id).items() if path not in unread}
    looks = fingerprints.of_images(c, ids.values())
    return {path: looks.get(image) for path, image in ids.items()}


def _known_references(c: Connection, dataset: StoredDataset) -> Known:
    every = exemplars.all_of(c, dataset.id)
    looks = fingerprints.of_exemplars(c, [exemplar.id for exemplar in every])
    return {exemplar.path: looks.get(exemplar.id) for exemplar in every if looks.get(exemplar.id) != UNREADABLE}


def _problems(place: Path | RemoteAddress, known: Known, settings: Settings, progress: Progress) -> Sequence[Problem]:
    if isinstance(place, Path) and not (place.is_dir() or (is_shard(place) and place.is_file())):
        return [Problem(str(place), "there is no such folder")]
    root = root_of(settings, place)
    stored = {path: look for path, look in known.items() if look not in (None, UNREADABLE)}
    now = fingerprints_of(root, list(stored), settings, progress)
    unlike = {path: why for path, look in stored.items() if look and (why := _why_unlike(look, now[path]))}
    unread = unreadable_pictures(root, [path for path, look in known.items() if look is None], settings=settings)
    return [Problem(path, why) for path, why in {**unlike, **unread}.items()]


def _why_unlike(before: str, now: int | Unreadable) -> str:
    if isinstance(now, Unreadable):
        return now.why
    return "" if is_nearly(int(before, 16), now) else "it is another picture than the one that people were asked about"
