"""The names of labels, made ready to be searched: as wholes, by their words, by their beginnings, and a letter away from them.

Every name is folded: small letters, no accents, words separated by one space. The first name of a label is its preferred one. The same
index serves the names of concepts.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

SHORTEST_TYPO = 4
"""A word of fewer letters is taken as it is: too many words are one letter away from it."""

IRREGULAR = {
    "children": "child", "feet": "foot", "geese": "goose", "men": "man", "mice": "mouse", "oxen": "ox", "teeth": "tooth", "women": "woman",
}  # fmt: skip
"""Irregular English plurals."""

SHORTEST_PART = 3
"""A word of fewer letters has no other number, and is not looked for inside longer words."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a label (or of a concept, by its number); `place` 0 is the preferred one."""

    label: int
    place: int
    words: Words

    def ends_with(self, words: Words) -> bool:
        """Whether these are its last words: in English the last word of a compound says what it is (a sports car is a car)."""
        return self.words[-len(words) :] == words


@dataclass(frozen=True)
class NameIndex:
    """Names by what they consist of; `texts` are labels with their `names_text`."""

    texts: Sequence[tuple[int, str]]

    def called(self, words: Words) -> Iterator[Name]:
        """The names that are these words, written together or apart ("race car" is "racecar")."""
        yield from self._by_letters.get("".join(words), ())

    def with_words(self, words: Words) -> Iterator[Name]:
        """The names that have each of these words as a whole word, in any order."""
        rarest = min((self._by_word.get(word, []) for word in words), key=len)
        wanted = set(words)
        yield from (name for name in rarest if wanted <= set(name.words))

    def ending_with(self, words: Words) -> Iterator[Name]:
        """The names whose last words these are; where it is one word, also those that are written in one with it ("speedboat")."""
        yield from (name for name in self._by_word.get(words[-1], ()) if name.ends_with(words))
        if len(words) == 1 and len(words[0]) >= SHORTEST_PART:
            for word in self._words_containing(words[0]):
                if word != words[0] and word.endswith(words[0]):
                    yield from (name for name in self._by_word[word] if name.words[-1] == word)

    def beginning_with(self, text: str) -> Iterator[Name]:
        """The names that begin with this text, as if it were still being typed; alphabetically."""
        first = bisect_left(self._sorted, text, key=lambda each: each[0])
        for place in range(first, len(self._sorted)):
            spelt, name = self._sorted[place]
            if not spelt.startswith(text):
                return
            yield name

    def labels_with_word_beginning(self, start: str) -> set[int]:
        """The labels with a word in any name that begins so."""
        return self._labels_of(self._words_beginning(start))

    def labels_containing(self, part: str) -> set[int]:
        """The labels with a word in any name that contains these letters; fewer than `SHORTEST_PART` only at its beginning."""
        return self._labels_of(self._words_containing(part) if len(part) >= SHORTEST_PART else self._words_beginning(part))

    def labels_containing_nearly(self, part: str) -> set[int]:
        """The same with one letter of it left out, not the first."""
        parts = {part[:place] + part[place + 1 :] for place in range(1, len(part))} if len(part) > SHORTEST_TYPO else ()
        return {label for each in parts for label in self.labels_containing(each)}

    def shortened_to(self, letters: str) -> Iterator[Name]:
        """The names that these letters abbreviate: initials of the words ("rv"), or letters of one word in their order ("tv")."""
        yield from self._by_initials.get(letters, ())
        spread = re.compile(".*".join(letters))
        for word in self._words_beginning(letters[0]):
            if spread.match(word):
                yield from (name for name in self._by_word[word] if len(name.words) == 1)

    def labels_near(self, word: str) -> set[int]:
        """The labels with a word that begins with this one, or with one that is a letter away from it."""
        tries = {word} if len(word) < SHORTEST_TYPO else {word, *one_letter_away(word, self._alphabet)}
        return self._labels_of(near for each in tries for near in self._words_beginning(each))

    def near(self, words: Words) -> Iterator[Name]:
        """The names that are these words with one letter wrong: not the first one, which people seldom miss (Yannakoudakis 1983)."""
        letters = "".join(words)
        for each in sorted(set(one_letter_away(letters, self._alphabet))) if len(letters) >= SHORTEST_TYPO else ():
            if each[:1] == letters[0]:
                yield from self._by_letters.get(each, ())

    def _labels_of(self, words: Iterable[str]) -> set[int]:
        return {name.label for word in words for name in self._by_word[word]}

    def _words_beginning(self, start: str) -> Iterator[str]:
        for place in range(bisect_left(self._words, start), len(self._words)):
            if not self._words[place].startswith(start):
                return
            yield self._words[place]

    def _words_containing(self, part: str) -> Iterator[str]:
        at = self._joined.find(part)
        while at >= 0:
            end = self._joined.index("\n", at)
            yield self._joined[self._joined.rindex("\n", 0, at) + 1 : end]
            at = self._joined.find(part, end)

    @cached_property
    def _names(self) -> tuple[Name, ...]:
        once: dict[str, str] = {}  # a word that many names have is held once
        return tuple(
            Name(label, place, tuple(once.setdefault(word, word) for word in words))
            for label, text in self.texts
            for place, words in enumerate(map(str.split, text.strip("\n").split("\n")))
            if words
        )

    @cached_property
    def _by_letters(self) -> Mapping[str, list[Name]]:
        names: dict[str, list[Name]] = {}
        for name in self._names:
            names.setdefault("".join(name.words), []).append(name)
        return names

    @cached_property
    def _by_initials(self) -> Mapping[str, list[Name]]:
        names: dict[str, list[Name]] = {}
        for name in self._names:
            if len(name.words) > 1:
                names.setdefault("".join(word[0] for word in name.words), []).append(name)
        return names

    @cached_property
    def _by_word(self) -> Mapping[str, list[Name]]:
        labels: dict[str, list[Name]] = {}
        for name in self._names:
            for word in dict.fromkeys(name.words):
                labels.setdefault(word, []).append(name)
        return labels

    @cached_property
    def _sorted(self) -> list[tuple[str, Name]]:
        return sorted(((" ".join(name.words), name) for name in self._names), key=lambda each: each[0])

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self._by_word)

    @cached_property
    def _joined(self) -> str:
        return "\n" + "".join(f"{word}\n" for word in self._words)

    @cached_property
    def _alphabet(self) -> str:
        return "".join(sorted(set().union(*self._words)))


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


def in_the_other_number(words: Words) -> Iterator[Words]:
    """The same words with the last one as a singular or a plural, by the rules of English; what is not a word finds nothing anyway.

    >>> list(in_the_other_number(("running", "shoes")))
    [('running', 'shoe')]
    >>> list(in_the_other_number(("wolves",)))
    [('wolve',), ('wolf',), ('wolfe',)]
    >>> list(in_the_other_number(("cow",)))
    [('cows',)]
    """
    *before, last = words
    yield from ((*before, other) for other in _other_number(last))


def _other_number(word: str) -> Iterator[str]:
    if len(word) < SHORTEST_PART:
        return
    if word in IRREGULAR:
        yield IRREGULAR[word]
    elif not word.endswith("s"):
        yield word + ("es" if word.endswith(("x", "z", "ch", "sh")) else "s")
    elif word.endswith("ss"):
        yield f"{word}es"
    else:
        yield word[:-1]
        if word.endswith(("ses", "xes", "zes", "ches", "shes")):
            yield word[:-2]
        if word.endswith("ies"):
            yield f"{word[:-3]}y"
        if word.endswith("ves"):
            yield f"{word[:-3]}f"
            yield f"{word[:-3]}fe"


def one_letter_away(word: str, alphabet: str) -> Iterator[str]:
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
