"""What is really in a picture: known only for made-up datasets, and what simulated people look at."""

from collections.abc import Iterable
from dataclasses import dataclass

from multilabelfy.annotation.model import Relation


@dataclass(frozen=True, slots=True)
class TrueObject:
    """One object: every label that is valid for it, and how much it strikes the eye, from 0 (hardly) to 1 (at once)."""

    labels: tuple[int, ...]
    conspicuity: float = 1.0


@dataclass(frozen=True, slots=True)
class Truth:
    """The objects of a picture that carry a label; in an unusable picture nobody can tell what there is."""

    objects: tuple[TrueObject, ...]
    is_unusable: bool = False

    def valid(self) -> frozenset[int]:
        """Every valid label; none in an unusable picture."""
        return frozenset() if self.is_unusable else frozenset(label for thing in self.objects for label in thing.labels)


def relation_between(truth: Truth, chosen: Iterable[int]) -> Relation | None:
    """How the chosen labels relate, as someone sees it who knows the truth; None for fewer than two labels.

    Labels that one object carries together are several names; labels of different objects, and wrong ones, are several objects.
    """
    labels = frozenset(chosen)
    if len(labels) < 2:
        return None
    shared = {label for thing in truth.objects if len(labels & set(thing.labels)) > 1 for label in labels & set(thing.labels)}
    groups = {labels & set(thing.labels) for thing in truth.objects} - {frozenset()}
    apart = len(groups) + len(labels - truth.valid())
    if not shared:
        return Relation.SEVERAL_OBJECTS
    return Relation.BOTH if apart > 1 else Relation.SEVERAL_NAMES
