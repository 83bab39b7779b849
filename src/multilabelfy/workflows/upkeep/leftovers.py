"""Remove what killed processes left in a workspace: unfinished display sizes of pictures, and files that a browser was downloading.

Nothing that changed within a day is touched: another process may be writing it. All other temporary files lie beside the file that they
become, and are removed by whoever writes that file next (`formats/files/whole_files.py`).
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from multilabelfy.formats.files.whole_files import remove_left
from multilabelfy.pictures.display import UNFINISHED
from multilabelfy.workflows.workspace import Workspace


def remove_leftovers(workspace: Workspace) -> int:
    """Remove them; returns their number."""
    return remove_left(place for folder in (workspace.downloads, workspace.pictures / UNFINISHED) for place in _inside(folder))


def _inside(folder: Path) -> Iterator[Path]:
    """What lies in a folder; nothing if it is missing."""
    with suppress(FileNotFoundError):
        yield from folder.iterdir()
