"""Look into all shards of a dataset, and find everything that is wrong with any of them at once."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from multilabelfy.errors import InvalidInput, PicturesUnreachable, Problem
from multilabelfy.formats.inputs import SHARDS
from multilabelfy.formats.reading.pictures.packed import Packed
from multilabelfy.formats.reading.pictures.parquet_pictures import read_parquet
from multilabelfy.formats.reading.pictures.tar_pictures import read_tar
from multilabelfy.pictures.shards.files import ShardFile
from multilabelfy.pictures.shards.places import is_shard, is_table

CLASS_LISTS = ("classes.txt", "classnames.txt")
"""Beside the shards, the labels' names by number: one a line, the first of number 0."""
AT_ONCE = 8
"""So many shards are looked into at a time: those of a bucket are waited for."""
COMPRESSED = re.compile(r".*\.(tar\.[a-z0-9]+|tgz|tbz2?|txz|tzst)", re.IGNORECASE)

Progress = Callable[[int, int], None]
"""Called with the number of shards that are done, and of all."""


def silent(done: int, total: int) -> None:
    """Report no progress."""


def is_compressed(name: str) -> bool:
    """Whether a file's name promises a compressed archive, out of whose middle nothing can be read.

    >>> is_compressed("pets.tar.gz"), is_compressed("pets.tar")
    (True, False)
    """
    return COMPRESSED.fullmatch(name) is not None


def is_packed(name: str) -> bool:
    """Whether a file's name promises a shard, even one that is refused."""
    return is_shard(name) or is_compressed(name)


def read_shards(shards: Mapping[str, ShardFile], classes: Sequence[str], attempt: str, progress: Progress = silent) -> Packed:
    """What is in the shards, by what stands before the names of their pictures. `classes` are the labels' names by number, if listed.
    `progress` is told after each shard.

    Raises InvalidInput with every shard that cannot be read, PicturesUnreachable where none can, and ExtraMissing.
    """
    each: list[tuple[str, ShardFile, Packed]] = []
    problems = []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for (prefix, shard), read in zip(shards.items(), threads.map(lambda shard: _read(shard, classes), shards.values()), strict=True):
            if isinstance(read, Problem):
                problems.append(read)
            else:
                each.append((prefix, shard, read))
            progress(len(each) + len(problems), len(shards))
    if problems:
        raise InvalidInput(attempt, problems, SHARDS.forms)
    return _joined(each)


def listed_classes(text: str) -> tuple[str, ...]:
    """The classes of a list of them, a line each."""
    return tuple(line.strip() for line in text.rstrip().splitlines())


def _read(shard: ShardFile, classes: Sequence[str]) -> Packed | Problem:
    try:
        return read_parquet(shard, classes) if is_table(shard.name) else read_tar(shard, classes)
    except PicturesUnreachable as error:
        if error.is_of_a_shard:
            return Problem(str(shard), error.why)
        raise


def _joined(each: list[tuple[str, ShardFile, Packed]]) -> Packed:
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
