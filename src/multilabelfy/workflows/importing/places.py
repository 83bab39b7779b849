"""List the folders that owners may import from a page: uploaded ones, and those below the configured root."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
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


def places(workspace: Workspace) -> Places:
    """What can be imported from a page, by name."""
    root = workspace.settings.import_root
    return Places(tuple(_folders(uploads_of(workspace))), None if root is None else tuple(_folders(root)))


def folder_at(workspace: Workspace, place: str, inside: str = "") -> Path:
    """The folder of `place` (`uploaded/NAME`, `server/NAME`, or `server/` for the root), or the one `inside` it.

    Raises InvalidInput if there is none, or if it lies elsewhere: links and `..` that lead out are not followed.
    """
    kind, _, name = place.partition("/")
    root = {UPLOADED: uploads_of(workspace), ON_SERVER: workspace.settings.import_root}.get(kind)
    if root is None or (kind == UPLOADED and not name) or "\0" in place + inside:
        raise InvalidInput(ATTEMPT, [Problem(place or "folder", "choose one of the listed folders")])
    folder = Path(os.path.realpath(root / name / inside.strip().strip("/")))
    if not folder.is_relative_to(os.path.realpath(root)):
        raise InvalidInput(ATTEMPT, [Problem(inside or name, "it lies outside of the folders that may be imported")])
    if not folder.is_dir():
        raise InvalidInput(ATTEMPT, [Problem(inside or name, "there is no such folder")])
    return folder


def _folders(root: Path) -> Iterator[str]:
    try:
        with os.scandir(root) as entries:
            yield from sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."))[
                :MOST
            ]
    except OSError:
        return
