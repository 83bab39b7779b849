"""What an import says of pictures with the same content."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopiedImage:
    """An image and the key of its given label, None where it has none."""

    image: str
    given_label: str | None


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """The first images of a group of copies, and how many it has."""

    contradicts: bool
    n_images: int
    images: tuple[CopiedImage, ...]


@dataclass(frozen=True, slots=True)
class ImportedCopies:
    """What an import says of copies: how many of the compared pictures have the content of another, in how many groups, and in how many
    of these given labels contradict, with the first groups. `n_not_compared` pictures were not looked at, for the reason `why_not`.
    """

    n_compared: int
    n_images: int
    n_groups: int
    n_contradicting: int
    n_not_compared: int
    why_not: str
    groups: tuple[ShownGroup, ...]


NOT_LOOKED_FOR = ImportedCopies(0, 0, 0, 0, 0, "", ())
