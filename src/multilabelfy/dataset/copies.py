"""Groups of images that are copies of each other, and whether their given labels contradict."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Two and more images that are copies of each other, in the order of the import, with the given label of each (None: it has none)."""

    images: tuple[str, ...]
    given: tuple[int | None, ...]

    @property
    def labels(self) -> tuple[int, ...]:
        """The different given labels, in ascending order."""
        return tuple(sorted({label for label in self.given if label is not None}))

    @property
    def contradicts(self) -> bool:
        """Whether two of its images have different given labels: at least one of them is wrong, or both are valid."""
        return len(self.labels) > 1


@dataclass(frozen=True, slots=True)
class Copies:
    """All groups among `n_compared` images: those whose given labels contradict first, then the larger ones, then as they came.

    `most_apart` is in how many of their 64 bits the fingerprints of near copies may differ; None where files have the same content.
    """

    groups: tuple[CopyGroup, ...]
    n_compared: int
    most_apart: int | None = None

    @property
    def n_images(self) -> int:
        """How many images are a copy of another one."""
        return sum(len(group.images) for group in self.groups)

    @property
    def n_contradicting(self) -> int:
        """In how many groups given labels contradict."""
        return sum(group.contradicts for group in self.groups)

    @property
    def n_images_contradicting(self) -> int:
        """How many images these groups have."""
        return sum(len(group.images) for group in self.groups if group.contradicts)


def copies_of(groups: Iterable[CopyGroup], n_compared: int, most_apart: int | None = None) -> Copies:
    """The groups in their order; they come in that of their first images."""
    ordered = sorted(groups, key=lambda group: (not group.contradicts, -len(group.images)))
    return Copies(tuple(ordered), n_compared, most_apart)
