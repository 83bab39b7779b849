"""The descriptions of labels, searched for a word: what no name says, a description often does ("sink": washbasin)."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property


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
