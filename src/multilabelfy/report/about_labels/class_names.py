"""How findings about the class set name labels, and how WordNet relates two of them."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from multilabelfy.dataset.hierarchy import Hierarchy, Kinship
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.report.findings import Cell, CellKind

PAIR_COLUMNS = (("first", "first label", CellKind.TEXT), ("second", "second label", CellKind.TEXT), ("relation", "WordNet", CellKind.TEXT))


@dataclass(frozen=True)
class Names:
    """The names of labels and the relation between two of them; without a label space labels are numbers."""

    space: LabelSpace | None

    def of(self, label: int) -> str:
        """A name that is unique in the label space: labels of one name, in upper or lower case, carry their key."""
        if self.space is None:
            return f"label {label}"
        named = self.space[label]
        return f"{named.name} ({named.key})" if named.name.casefold() in self._shared else named.name

    def kinship(self, first: int, second: int) -> Kinship | None:
        """How the first label is related to the second, if at all."""
        return None if self.space is None else self._hierarchy.kinship(self.space[first].key, self.space[second].key)

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return Hierarchy.of(self.space or LabelSpace("", ()))

    @cached_property
    def _shared(self) -> frozenset[str]:
        times = Counter(label.name.casefold() for label in (self.space.labels if self.space else ()))
        return frozenset(name for name, n in times.items() if n > 1)


def pair_cells(first: int, second: int, names: Names) -> list[Cell]:
    """Two labels and their relation (None where none is known), for `PAIR_COLUMNS`."""
    kinship = names.kinship(first, second)
    return [names.of(first), names.of(second), kinship.value if kinship else None]
