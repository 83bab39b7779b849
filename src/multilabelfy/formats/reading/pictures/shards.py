"""Look into all shards of a dataset, and find everything that is wrong with any of them at once."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from multilabelfy.errors import InvalidInput, PicturesUnreachable, Problem
from multilabelfy.formats.files.text_files import read_text
from multilabelfy.formats.inputs import SHARDS
from multilabelfy.formats.reading.pictures.packed import Packed
from multilabelfy.formats.reading.pictures.parquet_pictures import read_parquet
from multilabelfy.formats.reading.pictures.tar_pictures import read_tar
from multilabelfy.pictures.shards.places import PARQUET

CLASS_LISTS = ("classes.txt", "classnames.txt")
"""Beside the shards, the labels' names by number: one a line, the first of number 0."""
COMPRESSED = re.compile(r".*\.(tar\.[a-z0-9]+|tgz|tbz2?|txz|tzst)", re.IGNORECASE)


def is_compressed(name: str) -> bool:
    """Whether a file's name promises a compressed archive, out of whose middle nothing can be read.

    >>> is_compressed("pets.tar.gz"), is_compressed("pets.tar")
    (True, False)
    """
    return COMPRESSED.fullmatch(name) is not None


def read_shards(folder: Path, shards: Mapping[str, Path], attempt: str) -> Packed:
    """What is in the shards, by what stands before the names of their pictures; a list of classes lies in `folder`.

    Raises InvalidInput with every shard that cannot be read, and ExtraMissing.
    """
    listed = _classes_beside(folder, attempt)
    each: list[tuple[str, Path, Packed]] = []
    problems = []
    for prefix, shard in shards.items():
        try:
            each.append((prefix, shard, _read(shard, listed)))
        except PicturesUnreachable as error:
            problems.append(Problem(str(shard), error.why))
    if problems:
        raise InvalidInput(attempt, problems, SHARDS.forms)
    return _joined(each)


def _read(shard: Path, classes: tuple[str, ...]) -> Packed:
    return read_parquet(shard, classes) if shard.suffix.lower() == PARQUET else read_tar(shard, classes)


def _classes_beside(folder: Path, attempt: str) -> tuple[str, ...]:
    file = next((folder / name for name in CLASS_LISTS if (folder / name).is_file()), None)
    return () if file is None else tuple(line.strip() for line in read_text(file, attempt).rstrip().splitlines())


def _joined(each: list[tuple[str, Path, Packed]]) -> Packed:
    by_classes = {packed.classes: shard for _, shard, packed in reversed(each)}
    differing = [
        Problem(str(shard), f"it names other labels than '{each[0][1].name}', or in another order")
        for classes, shard in by_classes.items()
        if classes != each[0][2].classes
    ]
    return Packed(
        paths=tuple(sorted(f"{prefix}{path}" for prefix, _, packed in each for path in packed.paths)),
        given={f"{prefix}{path}": label for prefix, _, packed in each for path, label in packed.given.items()},
        classes=each[0][2].classes,
        label_problems=(*differing, *(problem for _, _, packed in each for problem in packed.label_problems)),
        skippable=tuple(problem for _, _, packed in each for problem in packed.skippable),
        others=sum((packed.others for _, _, packed in each), Counter()),
        n_shards=len(each),
        has_tables=any(packed.has_tables for _, _, packed in each),
    )
