"""The hierarchy above labels (WordNet's, if the label space has one): what lies below a concept, and where to start browsing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from multilabelfy.dataset.label_names import fold
from multilabelfy.dataset.model import Concept


@dataclass(frozen=True, slots=True)
class Found:
    """What a text matches: labels by index, best first, and keys of concepts whose labels are worth browsing."""

    labels: tuple[int, ...]
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelHierarchy:
    """The parents of the labels, by index, and the concepts above them, by key."""

    parents: Mapping[int, tuple[str, ...]]
    concepts: Mapping[str, Concept]

    def labels_below(self, key: str) -> tuple[int, ...]:
        """Every label below a concept, at any depth, by index."""
        return self._below.get(key, ())

    def nearest_below(self, key: str) -> Iterator[int]:
        """Every label below a concept, those right below it first, then a level deeper; within a level the lower index first."""
        level, seen = [key], {key}
        labels: set[int] = set()
        while level:
            here = {label for each in level for label in self._labels_right_below.get(each, ())} - labels
            labels |= here
            yield from sorted(here)
            level = list(dict.fromkeys(child for each in level for child in self._children.get(each, ()) if child not in seen))
            seen.update(level)

    def with_labels(self) -> Iterable[str]:
        """The concepts that have labels below them."""
        return self._below.keys()

    def children(self, key: str) -> Found:
        """What lies directly below a concept: its labels, and the concepts below it that have labels.

        Within a chain of concepts that say nothing new (one child, no label of its own) the last one is meant.
        """
        labels = tuple(sorted(self._labels_right_below.get(key, ())))
        concepts = dict.fromkeys(self._last_of_chain(child) for child in self._children.get(key, ()) if child in self._below)
        return Found(labels, self._by_first_name(concepts))

    def roots(self) -> Found:
        """Where to start browsing the hierarchy; empty if there is none.

        What has no parent, except that the children stand for a concept that holds more than two thirds of all labels ("entity").
        """
        labels = {index for key in self._passed_over for index in self.children(key).labels}
        concepts = (child for key in self._passed_over for child in self.children(key).concepts)
        starts = dict.fromkeys(key for key in (*self._tops, *concepts) if key not in self._passed_over)
        return Found(tuple(sorted(labels)), self._by_first_name(starts))

    def way_up(self, key: str) -> str | None:
        """The concept to go back to from this one: its first parent that says something new; None where the roots come next."""
        concept = self.concepts.get(key)
        for parent in concept.parents if concept else ():
            if parent not in self.concepts:
                continue
            if self._last_of_chain(parent) != parent:
                return self.way_up(parent)
            return None if parent in self._passed_over else parent
        return None

    def _by_first_name(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(keys, key=lambda key: (fold("".join(self.concepts[key].names[:1])), key)))

    def _last_of_chain(self, key: str) -> str:
        """The concept at which a chain of single children ends."""
        children = [child for child in self._children.get(key, ()) if child in self._below]
        if len(children) == 1 and self._below[children[0]] == self._below[key] and key not in self._labels_right_below:
            return self._last_of_chain(children[0])
        return key

    @cached_property
    def _tops(self) -> tuple[str, ...]:
        """What has no parent, each where it begins to say something."""
        tops = [key for key, concept in self.concepts.items() if key in self._below and not set(concept.parents) & self.concepts.keys()]
        return tuple(dict.fromkeys(self._last_of_chain(key) for key in tops))

    @cached_property
    def _passed_over(self) -> tuple[str, ...]:
        """The concepts at the top with so many labels that their children are more informative."""
        informative: list[str] = []
        waiting = list(self._tops)
        while waiting:
            key = waiting.pop()
            children = self.children(key).concepts
            if key not in informative and len(children) > 1 and len(self._below[key]) * 3 > len(self.parents) * 2:
                informative.append(key)
                waiting += children
        return tuple(informative)

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        children: dict[str, list[str]] = {}
        for key, concept in self.concepts.items():
            for parent in concept.parents:
                children.setdefault(parent, []).append(key)
        return children

    @cached_property
    def _labels_right_below(self) -> Mapping[str, list[int]]:
        labels: dict[str, list[int]] = {}
        for index, parents in self.parents.items():
            for key in parents:
                labels.setdefault(key, []).append(index)
        return labels

    @cached_property
    def _below(self) -> Mapping[str, tuple[int, ...]]:
        """The labels below each concept that has any."""
        below: dict[str, set[int]] = {}
        for index, parents in self.parents.items():
            for key in self._above(parents):
                below.setdefault(key, set()).add(index)
        return {key: tuple(sorted(labels)) for key, labels in below.items()}

    def _above(self, parents: Iterable[str]) -> set[str]:
        """These concepts and all above them; cycles are followed once."""
        closure: set[str] = set()
        waiting = [key for key in parents if key in self.concepts]
        while waiting:
            key = waiting.pop()
            if key not in closure:
                closure.add(key)
                waiting += [parent for parent in self.concepts[key].parents if parent in self.concepts]
        return closure
