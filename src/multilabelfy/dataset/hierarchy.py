"""How two labels are related above them (WordNet's hierarchy, where a label space has one)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.dataset.model import LabelSpace


class Kinship(StrEnum):
    """The nearest relation of two labels, from the nearest on."""

    KIND_OF = "one is a kind of the other"
    SAME_PARENT = "same parent"
    SAME_GRANDPARENT = "same grandparent"


@dataclass(frozen=True)
class Hierarchy:
    """The parents of labels and concepts by key."""

    parents: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, space: LabelSpace) -> "Hierarchy":
        """Collect the parents of a label space; empty where it has none."""
        parents = {label.key: label.parents for label in space.labels}
        return cls(parents | {concept.key: concept.parents for concept in space.concepts})

    def kinship(self, one: str, other: str) -> Kinship | None:
        """How two keys are related; None where they are not, or only from further up.

        A grandparent may be reached at any of two steps on either side: a parent of the one that is a grandparent of the other counts.
        """
        if one in self._above(other) or other in self._above(one):
            return Kinship.KIND_OF
        parents = set(self.parents.get(one, ())), set(self.parents.get(other, ()))
        if parents[0] & parents[1]:
            return Kinship.SAME_PARENT
        grand = parents[0] | self._parents_of(parents[0]), parents[1] | self._parents_of(parents[1])
        return Kinship.SAME_GRANDPARENT if grand[0] & grand[1] else None

    def _parents_of(self, keys: set[str]) -> set[str]:
        return {parent for key in keys for parent in self.parents.get(key, ())}

    def _above(self, key: str) -> set[str]:
        found: set[str] = set()
        level = set(self.parents.get(key, ()))
        while level - found:
            found |= level
            level = self._parents_of(level)
        return found
