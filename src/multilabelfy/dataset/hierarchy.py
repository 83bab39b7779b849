"""How two labels are related in the hierarchy above them (WordNet's, if the label space has one)."""

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

    def kinship(self, first: str, second: str) -> Kinship | None:
        """How two keys are related; None if they are not, or only further up.

        A shared grandparent may be one or two steps above either key: a parent of one that is a grandparent of the other counts.
        """
        if first in self._above(second) or second in self._above(first):
            return Kinship.KIND_OF
        parents = set(self.parents.get(first, ())), set(self.parents.get(second, ()))
        if parents[0] & parents[1]:
            return Kinship.SAME_PARENT
        grand = parents[0] | self._parents_of(parents[0]), parents[1] | self._parents_of(parents[1])
        return Kinship.SAME_GRANDPARENT if grand[0] & grand[1] else None

    def _parents_of(self, keys: set[str]) -> set[str]:
        return {parent for key in keys for parent in self.parents.get(key, ())}

    def _above(self, key: str) -> set[str]:
        ancestors: set[str] = set()
        level = set(self.parents.get(key, ()))
        while level - ancestors:
            ancestors |= level
            level = self._parents_of(level)
        return ancestors
