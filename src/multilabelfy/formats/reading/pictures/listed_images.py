"""The pictures of a place that is no folder of this machine: those that a bucket lists, or that a file names (`import --names`)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from os.path import splitext
from pathlib import Path

from multilabelfy.errors import ForbiddenPath, InvalidInput, Problem
from multilabelfy.formats.files.read_tables import SUFFIXES as TABLES
from multilabelfy.formats.files.read_tables import read_table
from multilabelfy.formats.files.text_files import read_text, text_of
from multilabelfy.formats.inputs import IMAGE_NAMES
from multilabelfy.formats.reading.pictures.file_names import SUFFIXES
from multilabelfy.formats.reading.pictures.image_folder import ImageFolder, folder_of_shards
from multilabelfy.formats.reading.pictures.shards import CLASS_LISTS, Progress, is_packed, listed_classes, silent
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.pictures import RemoteRoot

ATTEMPT = "Cannot read the names of the pictures"


@dataclass(slots=True)
class _Listing:
    """What lies below a root: pictures and shards with their sizes in bytes, and lists of classes, by name; and the number of other files
    by suffix."""

    paths: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    shards: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def listed_images(root: RemoteRoot, attempt: str, progress: Progress = silent) -> ImageFolder:
    """The pictures among what a bucket lists, by their suffix as in a folder; hidden files and folders are skipped. Where there is none,
    those in the shards that it lists, of which `progress` is told; or those of a root that is a shard.

    Raises InvalidInput with all that is wrong with any shard, PicturesUnreachable and ExtraMissing.
    """
    listing = _listing(root)
    if listing.shards and not listing.paths:
        return _of_shards(root, listing, attempt, progress)
    if not listing.paths and is_packed(root.address.name) and root.file().is_there():
        return folder_of_shards(root.address, {"": root.file()}, _classes_beside(root, attempt), attempt)
    listing.others.update(splitext(name)[1].lower() for name in listing.shards)  # noqa: PTH122 – as in a folder
    others = dict(listing.others.most_common())
    return ImageFolder(root.address, tuple(sorted(listing.paths)), tuple(listing.problems), others, sizes=listing.sizes)


def _listing(root: RemoteRoot) -> _Listing:
    listing = _Listing()
    for name, n_bytes in root.listed() if root.address.is_bucket else ():
        suffix = splitext(name)[1].lower()  # noqa: PTH122 – as in a folder
        if any(part.startswith(".") and part not in (".", "..") for part in name.split("/")):
            continue
        if name in CLASS_LISTS:
            listing.lists.append(name)
        elif suffix not in SUFFIXES and not is_packed(name):
            listing.others[suffix or "(no suffix)"] += 1
        elif problem := _problem(root.address, name):
            listing.problems.append(Problem(name, problem))
        else:
            (listing.shards if is_packed(name) else listing.paths).append(name)
            listing.sizes[name] = n_bytes
    return listing


def named_images(root: RemoteRoot, file: Path, progress: Progress = silent) -> ImageFolder:
    """The pictures that a file names, whatever their suffix: one name a line, or a table with the column image. Where it names shards
    alone, with or without a list of their classes, the pictures in these.

    Raises InvalidInput with every name that is written twice or leads out of the root, and as `listed_images`.
    """
    written = _names(file)
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for where, name in written:
        if name in first:
            problems.append(Problem(where, f"'{name}' is named twice (first at {first[name]})"))
        elif problem := _problem(root.address, name):
            problems.append(Problem(where, problem))
        first.setdefault(name, where)
    if not written:
        problems.append(Problem(str(file), "it names no picture"))
    if problems:
        raise InvalidInput(ATTEMPT, problems, IMAGE_NAMES.forms)
    shards = [name for name in first if is_packed(name)]
    lists = [name for name in first if name in CLASS_LISTS]
    if shards and len(shards) + len(lists) == len(first):
        return _of_shards(root, _Listing(shards=shards, lists=lists), ATTEMPT, progress)
    return ImageFolder(root.address, tuple(sorted(first)))


def _of_shards(root: RemoteRoot, listing: _Listing, attempt: str, progress: Progress) -> ImageFolder:
    classes = _classes(root, next((name for name in CLASS_LISTS if name in listing.lists), ""), attempt)
    files = {f"{name}/": root.file(name) for name in sorted(listing.shards)}
    return folder_of_shards(root.address, files, classes, attempt, listing.others, listing.problems, progress)


def _classes_beside(root: RemoteRoot, attempt: str) -> tuple[str, ...]:
    """Those of a list beside a root that is a shard in a bucket; a web server may answer with a page about what is not there."""
    if not root.address.is_bucket:
        return ()
    beside = replace(root, address=replace(root.address, folder=root.address.folder[:-1]))
    return next(filter(None, (_classes(beside, name, attempt) for name in CLASS_LISTS)), ())


def _classes(root: RemoteRoot, name: str, attempt: str) -> tuple[str, ...]:
    content = root.whole(name) if name else None
    return () if content is None else listed_classes(text_of(content, f"{root}/{name}", attempt))


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
