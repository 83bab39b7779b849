"""Search a dataset's labels beside the image that is judged: by text, or by looking through the hierarchy above them."""

from collections.abc import Iterable
from dataclasses import dataclass

from multilabelfy.dataset.label_index import LabelIndex
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.store.dataset import labels
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.at_work import OpenDataset

TOP = ""
"""As `below`: where the hierarchy begins."""
MOST_BELOW = 200
MOST_BRANCHES = 4


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept that can be opened, with the number of labels below it at any depth."""

    key: str
    names: tuple[str, ...]
    n_labels: int


@dataclass(frozen=True, slots=True)
class FoundLabels:
    """Labels, the best first, and concepts to open. `here` is the open concept, `up` the key of the one above it."""

    options: tuple[Option, ...]
    branches: tuple[Branch, ...] = ()
    here: Branch | None = None
    up: str = TOP
    maybe_allowed: bool = False


def find_labels(at: OpenDataset, image: StoredImage, text: str, limit: int = 12) -> FoundLabels:
    """The labels that match a text, with reference pictures that may be shown beside this image."""
    index = labels.label_index(at.c, at.dataset.id)
    matches = index.find(text, limit)
    branches = tuple(branch_of(index, key) for key in matches.concepts[:MOST_BRANCHES])
    return FoundLabels(_options(at, image, matches.labels), branches, maybe_allowed=at.dataset.protocol.maybe_allowed)


def look_into(at: OpenDataset, image: StoredImage, key: str) -> FoundLabels:
    """The labels and concepts right below a concept; the top of the hierarchy for `TOP` or an unknown key."""
    index = labels.label_index(at.c, at.dataset.id)
    here = branch_of(index, key) if index.labels_below(key) else None
    below = index.children(key) if here else index.roots()
    return FoundLabels(
        _options(at, image, below.labels[:MOST_BELOW]),
        tuple(branch_of(index, child) for child in below.concepts),
        here,
        (index.way_up(key) or TOP) if here else TOP,
        at.dataset.protocol.maybe_allowed,
    )


def branch_of(index: LabelIndex, key: str) -> Branch:
    """A concept with its names and the number of labels below it."""
    return Branch(key, index.concepts[key].names or (key,), len(index.labels_below(key)))


def _options(at: OpenDataset, image: StoredImage, indices: Iterable[int]) -> tuple[Option, ...]:
    wanted = list(indices)
    offered = options(at, wanted, beside=image, keep=False)
    return tuple(offered[index] for index in wanted if index in offered)
