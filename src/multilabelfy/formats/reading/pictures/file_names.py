"""By which names files promise to be pictures, and which are passed over."""

from pathlib import PurePosixPath

SUFFIXES = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".gif", ".bmp", ".webp", ".avif", ".tif", ".tiff"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".j2k", ".jpx"),
    )
)
"""These names promise pictures; only the content shows whether they are."""


def is_picture(path: str) -> bool:
    """Whether a file's name promises a picture."""
    return PurePosixPath(path).suffix.lower() in SUFFIXES


def is_hidden(path: str) -> bool:
    """Whether a file, or a folder above it, is hidden, or is what macOS adds to an archive."""
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in path.split("/"))
