"""Find labels while somebody types: by any of their names, by what stands above them (WordNet's hierarchy), or in spite of a typo.

Each label has one folded text: a line for its key and for each of its names, in small letters, without accents, words separated by one
space. Every word in it follows a space, and every name a line break, so that "begins with" is a plain `in`. An index of 22,000 labels
answers within milliseconds.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from multilabelfy.dataset.model import Concept

SHORTEST_TYPO = 4
"""A word of fewer letters is taken as it is: too many words are one letter away from it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a text fits: labels by index, the best first, and concepts by key whose labels are worth looking through."""

    labels: tuple[int, ...]
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelIndex:
    """The folded names of labels, by index, and the hierarchy above them; `parents` are those of the labels, by index."""

    names: Sequence[tuple[int, str]]
    parents: Mapping[int, tuple[str, ...]]
    concepts: Mapping[str, Concept]

    def find(self, text: str, limit: int) -> Found:
        """The labels and concepts that the text fits, whatever its case and accents; an empty text finds nothing.

        First the labels that are called exactly so, then those of which a name begins with it, those in which every word begins a word,
        and those that contain every word somewhere; then the labels below a concept that is called so. Where all that finds nothing, those
        that fit if one letter in each word is left out, added, changed or swapped with the next one (words of four letters or more).
        Within each the lower index first.
        """
        folded = fold(text)
        if not folded:
            return Found(())
        called_so, concepts = self._concepts_called(folded)
        found = dict.fromkeys(self._by_name(folded))
        for key in called_so:
            found.update(dict.fromkeys(self.labels_below(key)))
        labels = tuple(found) if found or concepts else self._in_spite_of_typos(folded.split())
        return Found(labels[:limit], concepts)

    def labels_below(self, key: str) -> tuple[int, ...]:
        """Every label below a concept, at any depth, by index."""
        return self._below.get(key, ())

    def children(self, key: str) -> Found:
        """What stands right below a concept: its labels, and the concepts below it that have labels.

        Within a chain of concepts that say nothing new (one child, no label of its own) the last one is meant.
        """
        labels = tuple(sorted(index for index, parents in self.parents.items() if key in parents))
        concepts = dict.fromkeys(self._last_of_chain(child) for child in self._children.get(key, ()) if child in self._below)
        return Found(labels, self._by_first_name(concepts))

    def roots(self) -> Found:
        """Where to begin to look through the hierarchy; empty where there is none.

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

    def _by_name(self, folded: str) -> list[int]:
        words = sorted(folded.split(), key=len, reverse=True)  # the longest word leaves the fewest labels to the others
        fitting: Sequence[tuple[int, str]] = self.names
        for word in words:
            fitting = [label for label in fitting if word in label[1]]
        return [index for index, _ in sorted(fitting, key=_rank_of(folded, words))]

    def _concepts_called(self, folded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The concepts with labels that are called so; and they with those of which a name begins with it: the smallest ones first."""
        fitting = [key for key, names in self._concept_names.items() if f"\n {folded}" in names]
        fitting.sort(key=lambda key: (len(self._below[key]), key))
        exactly = tuple(key for key in fitting if f"\n {folded} \n" in self._concept_names[key])
        return exactly, tuple(dict.fromkeys((*exactly, *fitting)))

    def _in_spite_of_typos(self, words: Sequence[str]) -> tuple[int, ...]:
        fitting: set[int] | None = None
        for word in words:
            labels = {index for near in self._near(word) for index in self._by_word[near]}
            fitting = labels if fitting is None else fitting & labels
        return tuple(sorted(fitting or ()))

    def _near(self, word: str) -> set[str]:
        """The words that begin with this one, or with one that is a letter away from it."""
        tries = {word} if len(word) < SHORTEST_TYPO else {word, *_one_letter_away(word, self._alphabet)}
        return {near for each in tries for near in self._beginning_with(each)}

    def _beginning_with(self, start: str) -> Iterator[str]:
        for place in range(bisect_left(self._words, start), len(self._words)):
            if not self._words[place].startswith(start):
                return
            yield self._words[place]

    def _last_of_chain(self, key: str) -> str:
        """The concept at which a chain of single children ends."""
        children = [child for child in self._children.get(key, ()) if child in self._below]
        if len(children) == 1 and self._below[children[0]] == self._below[key] and not any(key in above for above in self.parents.values()):
            return self._last_of_chain(children[0])
        return key

    @cached_property
    def _tops(self) -> tuple[str, ...]:
        """What has no parent, each where it begins to say something."""
        tops = [key for key, concept in self.concepts.items() if key in self._below and not set(concept.parents) & self.concepts.keys()]
        return tuple(dict.fromkeys(self._last_of_chain(key) for key in tops))

    @cached_property
    def _passed_over(self) -> tuple[str, ...]:
        """The concepts at the top that hold so many labels that their children say more."""
        found: list[str] = []
        waiting = list(self._tops)
        while waiting:
            key = waiting.pop()
            children = self.children(key).concepts
            if key not in found and len(children) > 1 and len(self._below[key]) * 3 > len(self.names) * 2:
                found.append(key)
                waiting += children
        return tuple(found)

    @cached_property
    def _by_word(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, names in self.names:
            for word in dict.fromkeys(names.split()):
                found.setdefault(word, []).append(index)
        return found

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self._by_word)

    @cached_property
    def _alphabet(self) -> str:
        return "".join(sorted(set().union(*self._words)))

    @cached_property
    def _concept_names(self) -> Mapping[str, str]:
        return {key: names_text(self.concepts[key].names) for key in self._below}

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, concept in self.concepts.items():
            for parent in concept.parents:
                found.setdefault(parent, []).append(key)
        return found

    @cached_property
    def _below(self) -> Mapping[str, tuple[int, ...]]:
        """The labels below each concept that has any."""
        found: dict[str, set[int]] = {}
        for index, parents in self.parents.items():
            for key in self._above(parents):
                found.setdefault(key, set()).add(index)
        return {key: tuple(sorted(labels)) for key, labels in found.items()}

    def _above(self, parents: Iterable[str]) -> set[str]:
        """These concepts and all above them; a circle in the hierarchy ends where it closes."""
        found: set[str] = set()
        waiting = [key for key in parents if key in self.concepts]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += [parent for parent in self.concepts[key].parents if parent in self.concepts]
        return found


def fold(text: str) -> str:
    """Small letters without accents, everything that is neither letter nor digit as one space.

    >>> fold("Crème brûlée (100%)")
    'creme brulee 100'
    """
    plain = "".join(x for x in unicodedata.normalize("NFKD", text) if not unicodedata.combining(x))
    return " ".join(re.sub(r"[\W_]+", " ", plain.casefold()).split())


def names_text(names: Iterable[str]) -> str:
    """The folded text of these names.

    >>> names_text(("tabby", "tabby cat"))
    '\\n tabby \\n tabby cat \\n'
    """
    return "\n" + "".join(f" {fold(name)} \n" for name in names)


def _one_letter_away(word: str, alphabet: str) -> Iterator[str]:
    """The word with one letter left out, two swapped, one changed or one added (Damerau 1964)."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in alphabet:
            if after:
                yield before + letter + after[1:]
            yield before + letter + after


def _rank_of(folded: str, words: list[str]) -> Callable[[tuple[int, str]], int]:
    """How well names that contain every word fit, from 0; a stable sort keeps the order of the labels within a rank."""
    exactly, at_the_start, at_word_starts = f"\n {folded} \n", f"\n {folded}", [f" {word}" for word in words]

    def rank(label: tuple[int, str]) -> int:
        names = label[1]
        if at_the_start in names:
            return 0 if exactly in names else 1
        return 2 if all(word in names for word in at_word_starts) else 3

    return rank
