"""Choose the reference pictures of a label by a seed, so that everybody sees the same ones on every run and machine."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from multilabelfy.dataset.model import Exemplar


def ranked(paths: Iterable[str], seed: int) -> list[str]:
    """The paths in an order drawn by the seed. Each path's place is drawn for itself: a picture more or less moves no other."""
    return sorted(paths, key=lambda path: (_draw(path, seed), path))


def choose(paths_by_label: Mapping[int, Iterable[str]], n: int, seed: int) -> tuple[Exemplar, ...]:
    """At most `n` reference pictures for each label, labels ascending, each label's in the order in which they are shown."""
    return tuple(_first(paths_by_label, n, seed))


def _first(paths_by_label: Mapping[int, Iterable[str]], n: int, seed: int) -> Iterator[Exemplar]:
    for label in sorted(paths_by_label):
        for path in ranked(paths_by_label[label], seed)[:n]:
            yield Exemplar(label, path)


def _draw(path: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{path}".encode(errors="surrogateescape")).digest()
