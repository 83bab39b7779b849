"""Hold a text against what it must tell: words with gaps, and a figure for each gap. Other numbers in it are recomputed by nobody.

`NOT_RESULTS` lists the phrases whose numbers are no results of a study: levels of confidence, formulas, scales, and the years of sources.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.recomputed.comparing import ERASED, NUMBER, QUOTED, Difference, reads, value_of, without

GAP = f"({NUMBER.pattern})"
NOT_RESULTS = (
    *("95% interval", "at 95%", "95% bootstrap interval", "in 95% of the resamples", "false discovery rate of 5%"),
    *("f₁(f₁ − 1) / (4 (f₂ + 1))", "1 − (drop in ReaL) / (drop in top-1)", "(0 or 1)", "(1 for a yes)", "1 minus the Jaccard"),
    *("1 is best", "a tau of 1 or −1", "(1 = always)", "0% or 100%"),
    *("Beyer et al. 2020", "Shankar et al. 2020", "Vasudevan et al. (2022,", "Horowitz & Manski 1995", "Zou & Donner 2008"),
    *("Chao’s lower bound, 1987", "Passonneau 2006", "Benjamini & Hochberg 1995", "Westfall & Young 1993", "Efron & Morris 1975"),
    *("Simonsohn, Simmons & Nelson (2020)", "Cormack, Clarke & Büttcher 2009", "1 / (60 + rank)", "Guo et al. 2017"),
    *("rejects at 5% after Holm’s correction (1979)",),
    *("Zauner 2010", "Hájek 1971", "Kish 1965", "Korn & Graubard 1998"),
)


@dataclass(frozen=True)
class Told:
    """Words of a text, with a figure for each gap, `{}`; "(s)" may be there or not, and of "(is/are)" one is."""

    words: str
    figures: tuple[Any, ...]

    @property
    def pattern(self) -> str:
        """Its words as they are, any number in each gap."""
        either = re.sub(r"\\\((\w+)/(\w+)\\\)", r"(?:\1|\2)", re.escape(self.words))
        return either.replace(r"\{\}", GAP).replace(r"\(s\)", "s?")


Texts = list[Told]


def told(words: str, *figures: Any) -> Told:
    """What a text must tell: these words, and in their gaps these figures."""
    assert words.count("{}") == len(figures)
    return Told(words, figures)


def untold(text: str, parts: Sequence[Told], names: Iterable[str] = ()) -> Iterator[Difference]:
    """What a text does not tell and should, and each number that it tells and nobody recomputes; `names` may hold digits."""
    rest = text
    for part in parts:
        matches = list(re.finditer(part.pattern, rest))
        right = next((match for match in matches if all(map(reads, match.groups(), part.figures))), None)
        if right is None:
            yield Difference("below its title", _missing(part, [match.groups() for match in matches]))
        match = right or next(iter(matches), None)
        rest = rest if match is None else f"{rest[: match.start()]}{ERASED}{rest[match.end() :]}"
    rest = QUOTED.sub(ERASED, without((*NOT_RESULTS, *names), rest))
    for match in NUMBER.finditer(rest):
        around = rest[max(0, match.start() - 30) : match.end() + 30]
        yield Difference("below its title", f"nobody recomputes {match[0]} in “{around.strip()}”")


def _missing(part: Told, seen: Sequence[tuple[str, ...]]) -> str:
    figures = [value_of(figure) for figure in part.figures]
    if seen:
        return f"in “{part.words}” it tells {list(seen[0])}, and should tell {figures}"
    return f"it does not say “{part.words}” with {figures}"
