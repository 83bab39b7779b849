"""The one function that turns a stored relative path into a file to open: whatever leads out of its folder is refused.

Elsewhere several places built paths, and one of them forgot (CVE-2026-47682); a text comparison took `/data-x` for a part of `/data`
(GHSA-q9m2-fhv9-3jcf). Here resolved paths are compared part by part, and links are followed before they are judged.
"""

from pathlib import Path, PurePosixPath

from multilabelfy.errors import ForbiddenPath


def inside(root: Path, relative: str) -> Path:
    """The resolved file of a POSIX path below `root`. Raises ForbiddenPath where it is absolute, or leads out by `..` or by a link."""
    if not relative or "\0" in relative or PurePosixPath(relative).is_absolute():
        raise ForbiddenPath(f"Cannot open {relative!r}: a picture's path must be relative to its folder.")
    folder = root.resolve()
    path = (folder / relative).resolve()
    if path == folder or not path.is_relative_to(folder):
        raise ForbiddenPath(f"Cannot open {relative!r}: it leads out of the folder that its dataset was imported from.")
    return path
