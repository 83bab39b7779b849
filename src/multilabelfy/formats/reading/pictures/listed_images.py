"""The pictures of a place that is no folder of this machine: those that a bucket lists, or that a file names (`import --names`)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from os.path import splitext
from pathlib import Path

from multilabelfy.errors import ForbiddenPath, InvalidInput, Problem
from multilabelfy.formats.files.read_tables import SUFFIXES as TABLES
from multilabelfy.formats.files.read_tables import read_table
from multilabelfy.formats.files.text_files import read_text
from multilabelfy.formats.inputs import IMAGE_NAMES
from multilabelfy.formats.reading.pictures.file_names import SUFFIXES
from multilabelfy.formats.reading.pictures.image_folder import ImageFolder
from multilabelfy.pictures.remote.addresses import RemoteAddress

ATTEMPT = "Cannot read the names of the pictures"


def listed_images(root: RemoteAddress, listed: Iterable[str]) -> ImageFolder:
    """The pictures among what a bucket lists, by their suffix as in a folder; hidden files and folders are skipped."""
    paths, others, problems = [], Counter[str](), []
    for name in listed:
        suffix = splitext(name)[1].lower()  # noqa: PTH122 – as in a folder
        if any(part.startswith(".") and part not in (".", "..") for part in name.split("/")):
            continue
        if suffix not in SUFFIXES:
            others[suffix or "(no suffix)"] += 1
        elif problem := _problem(root, name):
            problems.append(Problem(name, problem))
        else:
            paths.append(name)
    return ImageFolder(root, tuple(sorted(paths)), tuple(problems), dict(others.most_common()))


def named_images(root: RemoteAddress, file: Path) -> ImageFolder:
    """The pictures that a file names, whatever their suffix: one name a line, or a table with the column image.

    Raises InvalidInput with every name that is written twice or leads out of the root.
    """
    named = _names(file)
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for where, name in named:
        if name in first:
            problems.append(Problem(where, f"'{name}' is named twice (first at {first[name]})"))
        elif problem := _problem(root, name):
            problems.append(Problem(where, problem))
        first.setdefault(name, where)
    if not named:
        problems.append(Problem(str(file), "it names no picture"))
    if problems:
        raise InvalidInput(ATTEMPT, problems, IMAGE_NAMES.forms)
    return ImageFolder(root, tuple(sorted(first)))


def _names(file: Path) -> Sequence[tuple[str, str]]:
    """Each name with its file and line."""
    if file.suffix.lower() not in IMAGE_NAMES.suffixes:
        raise InvalidInput(ATTEMPT, [Problem(str(file), f"files of the kind '{file.suffix}' are not read")], IMAGE_NAMES.forms)
    if file.suffix.lower() not in TABLES:
        lines = enumerate(read_text(file, ATTEMPT).splitlines(), start=1)
        return [(f"{file}:{line}", name.strip()) for line, name in lines if name.strip()]
    table = read_table(file, ("image",), ATTEMPT)
    if table.problems:
        raise InvalidInput(ATTEMPT, table.problems, IMAGE_NAMES.forms)
    pairs = zip(table.rows, table.cells("image"), strict=True)
    return [(f"{file}:{row.line}", name if isinstance(name, str) else "") for row, name in pairs]


def _problem(root: RemoteAddress, name: str) -> str:
    try:
        root.key(name)
    except ForbiddenPath as error:
        return str(error)
    return ""
