"""Find labels while somebody types, what is most likely meant first: by name, by what stands above them, or in spite of a typo.

What ranks is general and knows no word: a label that is called so; a label that is a kind of it, by the hierarchy ("school bus" is below
"bus") and by English ("sports car" ends with "car"); then labels that only mention it ("car mirror"), and beginnings of names, since
somebody may still be typing. Each rank is looked for only where the better ones left room: 22,000 labels answer within milliseconds.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice

from multilabelfy.dataset.label_hierarchy import Found, LabelHierarchy
from multilabelfy.dataset.label_names import Name, NameIndex, Words, fold, in_the_other_number, names_text
from multilabelfy.dataset.model import Concept

NOT = 2
"""As a place: no name at all."""
KINDS = ((0, 0), (0, 1), (1, 0), (NOT, 0), (0, NOT), (1, 1), (NOT, 1), (1, NOT))
"""Which labels are a kind of what was typed, the surest first: by the place (0 preferred, 1 synonym) of the label's name that ends with it,
and of the name of a concept above that is called so. A hen is below "chicken"; a prairie chicken, which ends with it, is a grouse."""
VOWELS = frozenset("aeiouy")
LONGEST_SHORT = 4
"""Letters of an abbreviation, at most."""
FEW = 3
"""Where names found fewer labels than this, descriptions are read too."""


@dataclass(frozen=True)
class Descriptions:
    """The descriptions by label."""

    texts: Mapping[int, str]

    def mentioning(self, text: str) -> Iterator[int]:
        """The labels whose description contains this text as whole words, those that mention it earliest first."""
        earliest: dict[int, int] = {}
        for place in self._places(text):
            line = bisect_right(self._starts, place) - 1
            earliest.setdefault(line, place - self._starts[line])
        labels = list(self.texts) if earliest else []
        yield from (labels[line] for line in sorted(earliest, key=lambda line: (earliest[line], labels[line])))

    def _places(self, text: str) -> Iterator[int]:
        """The positions of the text as whole words; many times faster than a regular expression."""
        place = self._joined.find(text)
        while place >= 0:
            around = self._joined[max(place - 1, 0) : place], self._joined[place + len(text) : place + len(text) + 1]
            if not any(letter.isalnum() for letter in around):
                yield place
            place = self._joined.find(text, place + 1)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(text.replace("\n", " ") for text in self.texts.values()).casefold()

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._joined))]


@dataclass(frozen=True)
class LabelIndex:
    """The names of labels, by index, as `names_text` with the preferred name first; and the hierarchy above them."""

    names: Sequence[tuple[int, str]]
    parents: Mapping[int, tuple[str, ...]]
    concepts: Mapping[str, Concept]
    definitions: Mapping[int, str] = field(default_factory=dict)

    def find(self, text: str, limit: int) -> Found:
        """The labels and concepts that the text fits, whatever its case and accents; an empty text finds nothing.

        First the labels of which a name is the text, the preferred one before a synonym; then those that are a kind of it (`KINDS`), the
        nearest below the concept first; where nothing is called so, the same for the other number ("wolves"). Then the labels of which the
        preferred name has its words, or begins with it; those of which a synonym does; those below a concept whose name ends with it; those
        in which each word is a word (the last may be begun) or names a concept above; those that it abbreviates. Where that is few, those
        whose description mentions it; then those that contain its words somewhere. Where all that finds nothing, those that fit if one
        letter is left out, added, changed or swapped with the next one (in words of four letters or more). Within each the lower index
        first.
        """
        words = tuple(fold(text).split())
        if not words:
            return Found(())
        concepts = self._concepts_called(words)
        named = _first(self._named(words, limit), limit)
        described = self._descriptions.mentioning(" ".join(words)) if len(named) < FEW else ()
        labels = _first(chain(named, described, self._containing(words)), limit)
        return Found(labels if labels or concepts else _first(self._in_spite_of_typos(words), limit), concepts)

    def labels_below(self, key: str) -> tuple[int, ...]:
        """Every label below a concept, at any depth, by index."""
        return self._hierarchy.labels_below(key)

    def children(self, key: str) -> Found:
        """What stands right below a concept: see `LabelHierarchy.children`."""
        return self._hierarchy.children(key)

    def roots(self) -> Found:
        """Where to start browsing the hierarchy; empty if there is none."""
        return self._hierarchy.roots()

    def way_up(self, key: str) -> str | None:
        """The concept to go back to from this one; None where the roots come next."""
        return self._hierarchy.way_up(key)

    def _named(self, words: Words, limit: int) -> Iterator[int]:
        """Labels, best first; one that matches in several ways comes several times."""
        for reading in (words, *in_the_other_number(words)):
            yield from _labels(self._names.called(reading))
            yield from self._kinds_of(reading, limit)
            if self._is_called(reading):
                break
        mentioned = sorted(self._names.with_words(words), key=lambda name: (name.words[: len(words)] != words, name.label))
        begun = list(self._names.beginning_with(" ".join(words)))
        yield from (name.label for name in mentioned if name.place == 0)
        yield from sorted(name.label for name in begun if name.place == 0)
        yield from (name.label for name in mentioned if name.place > 0)
        yield from (name.label for name in sorted(begun, key=lambda name: (name.place, name.label)))
        for key in self._keys(self._concept_names.ending_with(words)):
            yield from self._hierarchy.nearest_below(key)
        yield from self._by_each(words)
        if len(words) == 1 and len(words[0]) <= LONGEST_SHORT and VOWELS.isdisjoint(words[0]):
            yield from _labels(self._names.shortened_to(words[0]))

    def _containing(self, words: Words) -> Iterator[int]:
        first, *others = sorted(words, key=len, reverse=True)  # the longest word leaves the fewest labels to the others
        matches = self._names.labels_containing(first)
        for word in others:
            matches = matches and matches & self._names.labels_containing(word)
        yield from sorted(matches)

    def _is_called(self, words: Words) -> bool:
        """Whether a label, or a concept above some, is called so."""
        return any(True for index in (self._names, self._concept_names) for _ in index.called(words))

    def _kinds_of(self, words: Words, limit: int) -> Iterator[int]:
        """The labels that are a kind of it, by `KINDS`; within those the larger sense first, and the nearer below it."""
        kinds: list[tuple[int, int, int, int]] = []
        senses = self._senses(words)
        below = [set(self.labels_below(key)) for key, _ in senses]
        for name in self._names.ending_with(words):
            sense = next((i for i, labels in enumerate(below) if name.label in labels), None)
            if sense is not None or name.ends_with(words):
                kind = min(name.place, 1), NOT if sense is None else senses[sense][1]
                kinds.append((KINDS.index(kind), sense or 0, name.label, name.label))
        for sense, (key, place) in enumerate(senses):
            nearest = islice(self._hierarchy.nearest_below(key), limit)
            kinds += [(KINDS.index((NOT, place)), sense, order, label) for order, label in enumerate(nearest)]
        return (label for *_, label in sorted(kinds))

    def _senses(self, words: Words) -> list[tuple[str, int]]:
        """The concepts that are called so, each with 0 where it is its preferred name and 1 where it is a synonym: the largest first."""
        places = {
            self._keys_of[name.label]: min(name.place, 1) for name in sorted(self._concept_names.called(words), key=lambda x: -x.place)
        }
        return sorted(places.items(), key=lambda sense: (sense[1], -len(self.labels_below(sense[0])), sense[0]))

    def _concepts_called(self, words: Words) -> tuple[str, ...]:
        """The concepts with labels that are called so, then those of which a name begins with it: the smallest ones first."""
        beginning = self._keys(self._concept_names.beginning_with(" ".join(words)))
        return tuple(dict.fromkeys((*self._keys(self._concept_names.called(words)), *beginning)))

    def _keys(self, names: Iterable[Name]) -> list[str]:
        return sorted({self._keys_of[name.label] for name in names}, key=lambda key: (len(self.labels_below(key)), key))

    def _by_each(self, words: Words) -> Iterator[int]:
        """The labels in which each word is one of a name, or names a concept above; the last may be a beginning only."""
        *whole, last = words
        matches = self._names.labels_with_word_beginning(last) | self._below_called(last)
        for word in whole:
            matches &= {name.label for name in self._names.with_words((word,))} | self._below_called(word)
        yield from sorted(matches)

    def _below_called(self, word: str) -> set[int]:
        return {label for key, _ in self._senses((word,)) for label in self.labels_below(key)}

    def _in_spite_of_typos(self, words: Words) -> Iterator[int]:
        """First by whole names, then by the names of concepts, then word by word; a letter too many inside a word at last ("fridge")."""
        yield from _labels(self._names.near(words))
        for key in self._keys(self._concept_names.near(words)):
            yield from self._hierarchy.nearest_below(key)
        yield from sorted(set.intersection(*map(self._names.labels_containing_nearly, words)))
        yield from sorted(set.intersection(*map(self._names.labels_near, words)))

    @cached_property
    def _hierarchy(self) -> LabelHierarchy:
        return LabelHierarchy(self.parents, self.concepts)

    @cached_property
    def _descriptions(self) -> Descriptions:
        return Descriptions(self.definitions)

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self.names)

    @cached_property
    def _keys_of(self) -> list[str]:
        """The concepts with labels, by their number in `_concept_names`."""
        return list(self._hierarchy.with_labels())

    @cached_property
    def _concept_names(self) -> NameIndex:
        return NameIndex([(number, names_text(self.concepts[key].names)) for number, key in enumerate(self._keys_of)])


def _labels(names: Iterable[Name]) -> list[int]:
    """The labels of these names, those of a preferred name first."""
    return [name.label for name in sorted(names, key=lambda name: (name.place > 0, name.label))]


def _first(labels: Iterable[int], limit: int) -> tuple[int, ...]:
    """The first distinct labels; reads no further than needed."""
    distinct: dict[int, None] = {}
    for label in labels:
        distinct[label] = None
        if len(distinct) >= limit:
            break
    return tuple(distinct)
