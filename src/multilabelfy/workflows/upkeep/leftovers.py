"""Remove what killed processes left in a workspace: unfinished display sizes of pictures, files that a browser was downloading or
sending, and unfinished copies of the database. Pictures that had arrived whole and were being added to a folder are added.

Nothing that changed within a day is touched: another process may be writing it. All other temporary files lie beside the file that they
become, and are removed by whoever writes that file next (`formats/files/whole_files.py`).
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from multilabelfy.formats.files.whole_files import is_part, left_among, remove_left
from multilabelfy.pictures.cache_files import UNFINISHED
from multilabelfy.workflows.importing.uploads import complete_uploads, is_ready, uploads_of
from multilabelfy.workflows.workspace import KEPT, Workspace


def remove_leftovers(workspace: Workspace) -> int:
    """Remove them; returns their number."""
    complete_uploads(workspace)
    return remove_left(_temporary(workspace))


def left(workspace: Workspace) -> list[Path]:
    """Those that `remove_leftovers` would remove."""
    return left_among(_temporary(workspace))


def _temporary(workspace: Workspace) -> Iterator[Path]:
    """All temporary files of the workspace, also those that are being written."""
    for folder in (workspace.downloads, workspace.pictures / UNFINISHED):
        yield from _inside(folder)
    for folder in (workspace.folder, workspace.folder / KEPT):
        yield from (place for place in _inside(folder) if is_part(place))
    yield from (place for place in _inside(uploads_of(workspace)) if place.name.startswith(".") and not is_ready(place))


def _inside(folder: Path) -> Iterator[Path]:
    """What lies in a folder; nothing if it is missing."""
    with suppress(FileNotFoundError, NotADirectoryError):
        yield from folder.iterdir()
