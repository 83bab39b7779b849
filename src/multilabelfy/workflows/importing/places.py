"""List the folders that owners may import from a page: uploaded ones, and those below the configured root.

Owners of the workspace may choose every one. Others own a dataset alone: a folder that holds another dataset's pictures is not theirs, and
an upload is theirs only if their dataset's pictures lie in it. What is not theirs is answered as what is not there.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.annotation.model import Annotator
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.importing.uploads import uploads_of
from multilabelfy.workflows.workspace import Workspace

ATTEMPT = "Cannot import from there"
UPLOADED = "uploaded"
ON_SERVER = "server"
MOST = 1000
"""How many folders of each kind are listed; others are named by hand."""


@dataclass(frozen=True, slots=True)
class Places:
    """The names of folders: `uploaded` ones, and those directly below the configured root; None where none is configured."""

    uploaded: tuple[str, ...]
    on_server: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Lying:
    """The folders in which a dataset's pictures lie, and those in which other datasets' do."""

    own: tuple[Path, ...]
    others: tuple[Path, ...]

    def may_choose(self, kind: str, folder: Path) -> bool:
        """Whether the dataset's owner may choose this folder, of uploads or of the server: always where or below where its pictures lie."""
        if any(folder.is_relative_to(root) for root in self.own):
            return True
        return not _touches(folder, self.others) and (kind == ON_SERVER or _touches(folder, self.own))


def places(workspace: Workspace, person: Annotator, dataset: str = "") -> Places:
    """What this person can choose on a page, by name, for this dataset; for a new one without a name."""
    root, lying = workspace.settings.import_root, _lying(workspace, person, dataset)

    def offered(kind: str, parent: Path) -> tuple[str, ...]:
        return tuple(name for name in _folders(parent) if lying is None or lying.may_choose(kind, _real(parent / name)))[:MOST]

    return Places(offered(UPLOADED, uploads_of(workspace)), None if root is None else offered(ON_SERVER, root))


def folder_at(workspace: Workspace, person: Annotator, place: str, inside: str = "", *, dataset: str = "") -> Path:
    """The folder of `place` (`uploaded/NAME`, `server/NAME`, or `server/` for the root), or the one `inside` it.

    Raises InvalidInput if there is none, or if it lies elsewhere: links and `..` that lead out are not followed.
    """
    kind, _, name = place.partition("/")
    root = {UPLOADED: uploads_of(workspace), ON_SERVER: workspace.settings.import_root}.get(kind)
    if root is None or (kind == UPLOADED and not name) or "\0" in place + inside:
        raise InvalidInput(ATTEMPT, [Problem(place or "folder", "choose one of the listed folders")])
    folder = _real(root / name / inside.strip().strip("/"))
    if not folder.is_relative_to(_real(root)):
        raise InvalidInput(ATTEMPT, [Problem(inside or name, "it lies outside of the folders that may be imported")])
    lying = _lying(workspace, person, dataset)
    if not folder.is_dir() or (lying is not None and not lying.may_choose(kind, folder)):
        raise InvalidInput(ATTEMPT, [Problem(inside or name, "there is no such folder")])
    return folder


def _lying(workspace: Workspace, person: Annotator, dataset: str) -> Lying | None:
    """Where pictures lie, for the owner of one dataset; None for owners of the workspace, who may choose everything."""
    if person.owns_workspace:
        return None
    with workspace.store.reading() as c:
        every = datasets.all_datasets(c)
    roots = [
        (stored.name == dataset, _real(Path(root))) for stored in every for root in (stored.images_root, stored.reference_root) if root
    ]
    return Lying(tuple(root for is_own, root in roots if is_own), tuple(root for is_own, root in roots if not is_own))


def _touches(folder: Path, roots: tuple[Path, ...]) -> bool:
    """Whether one of them is this folder, lies in it or holds it."""
    return any(root.is_relative_to(folder) or folder.is_relative_to(root) for root in roots)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _folders(root: Path) -> Iterator[str]:
    try:
        with os.scandir(root) as entries:
            yield from sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."))
    except OSError:
        return
