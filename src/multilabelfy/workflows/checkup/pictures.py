"""Check that the pictures are where they are expected, and are still the pictures that people were asked about."""

import random
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import ExtraMissing, MultilabelfyError, PicturesUnreachable
from multilabelfy.pictures.likeness import is_nearly
from multilabelfy.pictures.remote.pictures import RemoteRoot
from multilabelfy.pictures.roots import PictureRoot, missing_among
from multilabelfy.plurals import counted
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.checkup.item import CheckupItem, Severity, fine
from multilabelfy.workflows.showing.inspecting import Unreadable, fingerprints_of, root_of
from multilabelfy.workflows.showing.references_beside import UNREADABLE
from multilabelfy.workflows.workspace import Workspace

SAMPLE = 50
"""How many pictures of a dataset are opened and compared by their fingerprints; always the same ones."""


def pictures(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Those of each dataset: missing, changed and unreadable ones."""
    with workspace.store.reading() as c:
        stored = [
            (dataset, images.paths(c, dataset.id), images.unreadable(c, dataset.id), _sample(c, dataset))
            for dataset in datasets.all_datasets(c)
        ]
    for dataset, paths, unreadable, sample in stored:
        what = f"pictures of {dataset.name}"
        if not dataset.has_pictures:
            yield _without_pictures(what, len(paths), dataset.name)
            continue
        root = root_of(workspace.settings, dataset.images_root)
        try:
            missing = missing_among(root, paths)
            yield _missing(what, len(paths), missing, dataset.name) if missing else fine(what, _in_place(root, len(paths)))
            yield from _changed(workspace, root, {path: look for path, look in sample.items() if path not in missing}, dataset.name)
        except (PicturesUnreachable, ExtraMissing) as error:
            yield _unreachable(what, error)
        if unreadable:
            yield CheckupItem(
                f"unreadable pictures of {dataset.name}",
                Severity.NOTE,
                f"{counted(len(unreadable), 'picture')}, the first '{unreadable[0][0]}': {unreadable[0][1]}",
                "Nobody is asked about them, and they have no final labels.",
                "Put readable files in their place and import the folder again, or leave them out.",
            )


def references(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """The reference pictures of each dataset that has some."""
    with workspace.store.reading() as c:
        stored = [(dataset, [each.path for each in exemplars.all_of(c, dataset.id)]) for dataset in datasets.all_datasets(c)]
    for dataset, paths in stored:
        if paths and dataset.reference_root is not None:
            what, root = f"reference pictures of {dataset.name}", root_of(workspace.settings, dataset.reference_root)
            try:
                missing = missing_among(root, paths)
            except (PicturesUnreachable, ExtraMissing) as error:
                yield _unreachable(what, error)
                continue
            yield _missing(what, len(paths), missing, dataset.name) if missing else fine(what, f"{len(paths)} where expected")


def _missing(what: str, n: int, missing: Sequence[str], name: str) -> CheckupItem:
    way_out = f"put them back, or run `multilabelfy relocate {shlex.quote(name)} --images DIR` if they were moved"
    detail = f"{len(missing)} of {n} are gone, the first '{missing[0]}': {way_out}"
    return CheckupItem(what, Severity.PROBLEM, detail, "Whoever is given such a picture sees none. No answer is lost.", way_out)


def _without_pictures(what: str, n: int, name: str) -> CheckupItem:
    detail = f"none, as {counted(n, 'image')} came with votes alone"
    way_out = f"`multilabelfy relocate {shlex.quote(name)} --images DIR` gives the dataset its pictures, if a folder has all of them."
    return CheckupItem(what, Severity.NOTE, detail, "Nobody can be asked about them; the votes can be looked at.", way_out)


def _in_place(root: PictureRoot, n: int) -> str:
    if isinstance(root, RemoteRoot) and not root.address.is_bucket:
        return f"{counted(n, 'picture')} on a web server, which lists none: a sample is opened"
    return f"{counted(n, 'picture')} in place"


def _unreachable(what: str, error: MultilabelfyError) -> CheckupItem:
    happens = "Pictures that were never shown cannot be shown now, and `propose` stops. No answer is lost."
    return CheckupItem(what, Severity.PROBLEM, str(error), happens, "Mend the way to it, then run `multilabelfy doctor` again.")


def _changed(workspace: Workspace, root: PictureRoot, sample: dict[str, str], name: str) -> Iterator[CheckupItem]:
    """Those of a sample that are no longer what their stored fingerprint says."""
    now = fingerprints_of(root, list(sample), workspace.settings)
    changed = [path for path, look in sample.items() if not _is_like(look, now[path])]
    if not changed:
        return
    yield CheckupItem(
        f"changed pictures of {name}",
        Severity.PROBLEM,
        f"{len(changed)} of a sample of {len(sample)}, the first '{changed[0]}'",
        "These files are not what people were asked about, or cannot be read any more: answers and pictures do not match.",
        "Put the original files back. `multilabelfy relocate` compares all of them.",
    )


def _is_like(before: str, now: int | Unreadable) -> bool:
    return not isinstance(now, Unreadable) and is_nearly(int(before, 16), now)


def _sample(c: Connection, dataset: StoredDataset) -> dict[str, str]:
    """Some images that have a fingerprint, with it, drawn by the dataset's seed."""
    by_path = images.ids_by_path(c, dataset.id)
    drawn = random.Random(dataset.seed).sample(sorted(by_path), min(SAMPLE, len(by_path)))
    looks = fingerprints.of_images(c, [ImageId(by_path[path]) for path in drawn])
    known = {path: looks.get(ImageId(by_path[path])) for path in drawn}
    return {path: look for path, look in known.items() if look is not None and look != UNREADABLE}
