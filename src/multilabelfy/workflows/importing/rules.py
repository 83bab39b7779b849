"""What may be imported from where, and what a repeated import may not change."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import CommandOption, Problem, WayOut, of_option
from multilabelfy.formats.reading.pictures.image_folder import ImageFolder
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.shards.places import without_shards
from multilabelfy.plurals import counted
from multilabelfy.workflows.importing.request import ImportRequest

IMAGENET1K = CommandOption("labels", "imagenet1k")
OF_A_FILE = WayOut("{}", CommandOption("labels", "FILE"))
IN_WORDS: tuple[WayOut, ...] = (WayOut("{} to give them names", IMAGENET1K),)
NAMED: tuple[WayOut, ...] = (WayOut("{}", IMAGENET1K), OF_A_FILE)
"""How labels are named that came without names."""
NAME = re.compile(r"[^\W_][\w .()+-]{0,99}")


def name_problems(name: str) -> Iterator[Problem]:
    """Problems of a dataset's name, which appears in addresses and on the command line."""
    if not NAME.fullmatch(name) or name != name.strip():
        rule = "a name begins with a letter or digit and has up to 100 letters, digits, spaces and . _ - + ( )"
        yield Problem(f"the name '{name}'", rule)


def folder_problems(request: ImportRequest, workspace: Path) -> Iterator[Problem]:
    """Problems of nested folders, which would make the workspace's own pictures, or references, images of the dataset."""
    yield from _remote_problems(request)
    if isinstance(request.images_root, RemoteAddress):
        return
    images, reference, workspace = request.images_root.resolve(), request.reference, workspace.resolve()
    if workspace.is_relative_to(images):
        yield Problem(
            str(images),
            f"the workspace '{workspace}' lies in it",
            (WayOut("{} to name another workspace", CommandOption("workspace", "FOLDER")),),
        )
    if images.is_relative_to(workspace / "pictures"):
        yield Problem(str(images), "this is the workspace's own cache of pictures")
    if reference is None or isinstance(reference, RemoteAddress) or reference.resolve() == images:
        return
    if reference.resolve().is_relative_to(images):
        yield Problem(str(reference), "the reference pictures lie in the image folder, and would become images of the dataset")
    if images.is_relative_to(reference.resolve()):
        yield Problem(str(reference), "the images lie in the reference folder, and would be shown as references of each other")


def _remote_problems(request: ImportRequest) -> Iterator[Problem]:
    images, reference = request.images_root, request.reference
    if not isinstance(images, RemoteAddress) and request.names is not None:
        yield of_option("names", "the pictures of a folder are found by looking into it; names are for s3:// and https://")
    if isinstance(reference, RemoteAddress) and not reference.is_bucket:
        yield Problem(str(reference), "a web server does not list its files, so reference pictures lie in a folder or in a bucket")
    if isinstance(images, RemoteAddress) and isinstance(reference, RemoteAddress) and images != reference:
        above, below = sorted((f"{images}/", f"{reference}/"), key=len)
        if below.startswith(above):
            yield Problem(str(reference), "images and reference pictures lie one in the other, and would become each other")


def whole(root: Path | RemoteAddress) -> str:
    """A root as it is stored: a folder's path from the top, with links followed."""
    return str(root if isinstance(root, RemoteAddress) else root.resolve())


def change_problems(stored: StoredDataset, request: ImportRequest) -> Iterator[Problem]:
    """Problems of a repeated import: it adds new images, but everything else requested must equal what is stored."""
    images, reference, protocol = request.images_root, request.reference, request.protocol
    if not stored.has_pictures:
        way = f"run `multilabelfy relocate {shlex.quote(stored.name)} --images DIR` to give it its pictures, or choose another name"
        yield Problem(str(images), f"the dataset '{stored.name}' was imported without pictures: {way}")
    elif stored.images_root != whole(images):
        moved = (
            f"if they moved, run `multilabelfy relocate {shlex.quote(stored.name)} --images DIR`; choose another name for other pictures"
        )
        yield Problem(str(images), f"the dataset '{stored.name}' has its pictures in '{stored.images_root}': {moved}")
    if reference is not None and stored.reference_root not in (None, whole(reference)):
        yield Problem(str(reference), f"the dataset has its reference pictures in '{stored.reference_root}'")
    if protocol is not None and protocol != stored.protocol:
        yield of_option("protocol", f"the dataset follows '{stored.protocol.preset}' with {stored.protocol.overlap} annotators an image")
    if request.seed not in (None, stored.seed):
        yield of_option("seed", f"the dataset was drawn with the seed {stored.seed}")


def votes_problems(stored: StoredDataset, votes: Path) -> Iterator[Problem]:
    """The problem of votes for a dataset that has pictures: its answers are people's who saw them here."""
    if stored.has_pictures:
        yield Problem(
            str(votes), f"the dataset '{stored.name}' has pictures in '{stored.images_root}': choose another name for votes alone"
        )


def split_problems(folder: ImageFolder) -> Iterator[Problem]:
    """Problems of class folders beside folders of splits, which would make either of them something that it is not."""
    if folder.packed.has_tables:
        return
    splits = folder.splits()
    others = sorted({path.split("/", 1)[0] for path in map(without_shards, folder.paths) if "/" in path} - splits)
    if splits and others:
        reason = f"it has folders of splits ({', '.join(sorted(splits))}) and others beside them ({', '.join(others[:3])}"
        remedy = (
            WayOut("name the labels: {}", CommandOption("labels", "FILE"), "name the labels in a file"),
            WayOut("move the others out"),
        )
        yield Problem(str(folder.root), f"{reason}{', …' if len(others) > 3 else ''})", remedy)


def label_problems(stored: LabelSpace, requested: LabelSpace) -> Iterator[Problem]:
    """Problems of labels that differ from the stored ones: a dataset's labels never change."""
    theirs, ours = [label.key for label in requested.labels], [label.key for label in stored.labels]
    if theirs != ours:
        first = next((i for i, pair in enumerate(zip(theirs, ours, strict=False)) if pair[0] != pair[1]), min(len(theirs), len(ours)))
        yield of_option(
            "labels",
            f"the dataset has {counted(len(ours), 'label')} of '{stored.name}'; these {len(theirs)} differ from label {first} on",
        )
