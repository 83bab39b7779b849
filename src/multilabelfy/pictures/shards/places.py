"""Which part of a picture's path is a shard, and which the picture's name in it.

A shard is like a folder: `train-00.tar/cat/1.jpg` is the picture `cat/1.jpg` of the archive `train-00.tar`. A dataset's root may itself
be a shard; then paths are the names in it.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from multilabelfy.pictures.paths import inside

TAR, PARQUET = ".tar", ".parquet"
SHARDS = (TAR, PARQUET)
ON_THE_WAY = re.compile(r"[^/]+\.(?:tar|parquet/[0-9]{8,}(?=/)|parquet)/", re.IGNORECASE)


def is_shard(path: str | Path) -> bool:
    """Whether a file's name promises a shard.

    >>> is_shard("train-00.tar"), is_shard("train.tar.gz")
    (True, False)
    """
    return PurePosixPath(path).suffix.lower() in SHARDS


def is_table(name: str) -> bool:
    """Whether a shard's name promises a Parquet table, and no archive."""
    return PurePosixPath(name).suffix.lower() == PARQUET


def shards_on_the_way(relative: str) -> Iterator[tuple[str, str]]:
    """Each shard that a picture's path may lead through, and the picture's name in it. A folder may be called like a shard, too.

    >>> list(shards_on_the_way("val/0.tar/cat/1.jpg"))
    [('val/0.tar', 'cat/1.jpg')]
    """
    names = relative.split("/")
    return (("/".join(names[:n]), "/".join(names[n:])) for n, name in enumerate(names[:-1], start=1) if is_shard(name))


def in_shard(root: Path, relative: str) -> tuple[Path, str] | None:
    """The shard that holds a picture, and its name there; None for a picture that is a file. Raises ForbiddenPath as `inside` does."""
    if is_shard(root) and not root.is_dir():
        return root.resolve(), relative
    for path, name in shards_on_the_way(relative):
        if not (shard := inside(root, path)).is_dir():
            return shard, name
    return None


def without_shards(path: str) -> str:
    """A picture's path as if the shards on its way were folders that say nothing.

    >>> without_shards("val/part-0.tar/cat/1.jpg"), without_shards("part-0.parquet/00000017/1.jpg"), without_shards("cat/1.jpg")
    ('val/cat/1.jpg', '1.jpg', 'cat/1.jpg')
    """
    return ON_THE_WAY.sub("", path)
