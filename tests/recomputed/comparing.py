"""Hold what is printed against what was recomputed: cells of tables, and the numbers inside sentences.

Closed forms must be equal to the last digit. The end of a resampled interval must lie between the quantiles of our own resamples that are
three standard errors of a share of resamples to either side. Of many ends, one in 370 lies outside by chance, so that these are counted
(`beyond_chance`); none may be five errors off.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isclose, sqrt
from typing import Any

from scipy.stats import binom
from tests.recomputed.figures import N_RESAMPLES, AnyOf, End, Near, Resampled, Table

N_PRINTED = 1_000
ERROR = sqrt(0.025 * 0.975 * (1 / N_PRINTED + 1 / N_RESAMPLES))
"""The standard error of the share of resamples beyond an interval's end."""
NEAR, FAR = 3, 5
BY_CHANCE, HARDLY = 0.0027, 0.001
NUMBER = re.compile(r"(?<![\w.-])[+−-]?\d[\d,]*(?:\.\d+)?")
"""A number in a sentence, with its sign; "top-1" has none."""
QUOTED = re.compile("“[^”]*”")
ERASED = "⁂"
"""Stands for what was taken out of a text, so that nothing before and after it grows together."""
Reading = Sequence[Any]
"""The figures of a sentence, in the order in which it tells them."""


@dataclass(frozen=True)
class Difference:
    """Where something is printed that is not what was recomputed; `by_chance` might be the Monte Carlo error of a single end."""

    where: str
    what: str
    by_chance: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Cut:
    """A table that prints the first `most` of its rows, in descending order of these columns; equals may come in any order."""

    most: int
    by: tuple[str, ...]
    ascending: bool = False


def beyond_chance(differences: Sequence[Difference], n_ends: int) -> list[Difference]:
    """The differences, without the ends that are so few of all that chance explains them."""
    n_by_chance = sum(one.by_chance for one in differences)
    is_chance = n_by_chance <= binom.ppf(1 - HARDLY, n_ends, BY_CHANCE)
    return [one for one in differences if not (one.by_chance and is_chance)]


def ends_of(table: Table) -> int:
    """How many ends of resampled intervals a table has."""
    return sum(isinstance(cell, End) for row in table for cell in _flat(row).values())


def compared(printed: Table, ours: Table, key: Sequence[str] = (), cut: Cut | None = None) -> Iterator[Difference]:
    """Where a printed table differs from ours, row by row and cell by cell; what only one of the two has is a difference.

    The columns of `key`, by default our first, name a row.
    """
    names = tuple(key) or tuple(ours[0] if ours else ())[:1]
    by_name = {_name(row, names): _flat(row) for row in ours}
    yield from _rows_missing(printed, by_name, names, cut)
    for row in printed:
        mine = by_name.get(_name(row, names))
        if mine is None:
            yield Difference("its table", f"the row {_name(row, names)} is printed, and there should be none")
        else:
            yield from _of_row(str(_name(row, names)), row, mine)


def _rows_missing(printed: Table, ours: Mapping[Any, Any], names: Sequence[str], cut: Cut | None) -> Iterator[Difference]:
    if cut is None:
        yield from (Difference("its table", f"there is no row {name}") for name in ours.keys() - {_name(row, names) for row in printed})
        return
    expected = sorted(([value_of(row[column]) for column in cut.by] for row in ours.values()), reverse=not cut.ascending)[: cut.most]
    seen = [[row[column] for column in cut.by] for row in printed]
    if len(seen) != len(expected) or any(
        not isclose(a, b, rel_tol=1e-3) for x, y in zip(seen, expected, strict=True) for a, b in zip(x, y, strict=True)
    ):
        yield Difference("its table", f"the first rows have {cut.by} {seen}, and should have {expected}")


def _name(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    """What tells a row from the others; numbers but for rounding."""
    cells = tuple(round(row[name], 9) if isinstance(row[name], float) else row[name] for name in names)
    return cells[0] if len(cells) == 1 else cells


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A resampled figure takes three columns: its value and the two ends of its interval."""
    flat: dict[str, Any] = {}
    for name, cell in row.items():
        if isinstance(cell, Resampled):
            flat |= dict(zip((name, f"{name}_low", f"{name}_high"), (cell.value, *cell.interval), strict=True))
        else:
            flat[name] = cell
    return flat


def _of_row(where: str, printed: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Difference]:
    for name, cell in printed.items():
        if name in ours:
            yield from _of_cell(f"{where}, {name}", cell, ours[name])
        elif cell is not None:
            yield Difference(where, f"{name} is printed as {cell}, and nobody recomputes it")
    yield from (Difference(where, f"there is no column {name}") for name in ours.keys() - printed.keys())


def _of_cell(where: str, printed: Any, ours: Any) -> Iterator[Difference]:
    if isinstance(ours, End):
        if printed is None or not _ends_at(printed, ours, NEAR):
            low, high = ours.range(NEAR * ERROR)
            what = f"an interval is printed to end at {printed}, and should between {low} and {high}"
            yield Difference(where, what, by_chance=printed is not None and _ends_at(printed, ours, FAR))
    elif not _is_equal(printed, ours):
        yield Difference(where, f"it is printed as {printed}, and is {value_of(ours)}")


def _ends_at(printed: float, ours: End, errors: int, half: float = 1e-9) -> bool:
    low, high = ours.range(errors * ERROR)
    return low - half <= printed <= high + half


def _is_equal(printed: Any, ours: Any) -> bool:
    """Closed forms agree to the last digit that a double holds, but for the order of sums."""
    if isinstance(ours, AnyOf):
        return printed in ours.values
    within = ours.within if isinstance(ours, Near) else 1e-12
    value = value_of(ours)
    are_numbers = isinstance(printed, int | float) and isinstance(value, int | float)
    return isclose(printed, value, rel_tol=1e-9, abs_tol=within) if are_numbers else bool(printed == value)


def value_of(cell: Any) -> Any:
    if isinstance(cell, Near | Resampled):
        return cell.value
    return sum(cell.range(0.0)) / 2 if isinstance(cell, End) else cell


# sentences


def percent(figure: Any) -> Any:
    """A share as sentences print it."""
    return scaled(figure, 100.0)


def scaled(figure: Any, by: float) -> Any:
    """A figure in another unit."""
    if isinstance(figure, End):
        return End(figure.drawn * by, figure.share)
    if isinstance(figure, Near):
        return Near(figure.value * by, abs(figure.within * by))
    return None if figure is None else figure * by


def of_share(row: Mapping[str, Any], name: str = "share") -> list[Reading]:
    """The ways to tell a share: by its value, or by its interval where that is wide."""
    cells = _flat(row)
    low, high = cells.get(f"{name}_low"), cells.get(f"{name}_high")
    return [[percent(cells[name])], *([[percent(low), percent(high)]] if low is not None else [])]


def one_after_another(*parts: Iterable[Reading]) -> list[Reading]:
    """The ways to tell all of these in one sentence."""
    return [[figure for part in way for figure in part] for way in product(*parts)]


def misread(text: str, readings: Sequence[Reading], names: Iterable[str] = ()) -> Iterator[Difference]:
    """Why a sentence is none of its readings; its names, and what stands in quotation marks, hold no figures."""
    numbers = NUMBER.findall(QUOTED.sub("", without(names, text)))
    if not any(len(reading) == len(numbers) and all(map(reads, numbers, reading)) for reading in readings):
        expected = [list(map(value_of, reading)) for reading in readings]
        yield Difference(f"“{text}”", f"it tells {numbers}, and should tell one of {expected}")


def without(names: Iterable[str], text: str) -> str:
    """The text without these, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, ERASED)
    return text


def reads(number: str, figure: Any) -> bool:
    """Whether a number is this figure, rounded to its digits; its sign is a minus, and never a hyphen."""
    if number.startswith("-"):
        return False
    digits = number.replace(",", "").replace("−", "-")
    half = 0.5 * 10 ** -len(digits.partition(".")[2]) + 1e-9
    if isinstance(figure, End):
        return _ends_at(float(digits), figure, FAR, half)
    within = figure.within if isinstance(figure, Near) else 0.0
    return bool(abs(float(digits) - float(value_of(figure))) <= half + within)


def stepped_down(p: Sequence[float]) -> list[bool]:
    """Which of these tests reject at 5% after Holm: the smallest below 5% of n, and so on until one does not."""
    sure = [False] * len(p)
    for rank, place in enumerate(sorted(range(len(p)), key=lambda at: p[at])):
        if p[place] * (len(p) - rank) > 0.05:
            break
        sure[place] = True
    return sure
