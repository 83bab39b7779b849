"""The inset of a scatter plot: a crowd of points enlarged in the lower right corner, in the coordinates of the whole figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from multilabelfy.report.figures.marks import Record, crowd

Range = tuple[float, float]

LEFT, RIGHT, BOTTOM, TOP = 0.5, 0.99, 0.1, 0.5
"""The corner, as parts of the figure."""
MARGIN = 0.06
"""Around the crowd, as a part of its range."""
STEPS = (0.01, 0.02, 0.05, 0.1)
MOST_TICKS = 5
MOST_OUTSIDE = 12
"""Points that stretch an axis are few; many are a trend of their own."""
MEASURES = ("top1", "real")


@dataclass(frozen=True, slots=True)
class Inset:
    """The points of the crowd, the part of the figure where they lie (`of`) and the one where they are drawn again (`box`).

    Both are corners by `top1`, `x2`, `real` and `y2`.
    """

    inside: tuple[Record, ...]
    of: Record
    box: Record

    def moved(self, record: Record) -> Record:
        """The same point where it is enlarged, with its fit and its intervals."""
        across = {name: self._x(record[name]) for name in ("top1", "top1_low", "top1_high") if record.get(name) is not None}
        along = {name: self._y(record[name]) for name in ("real", "real_low", "real_high", "fitted") if record.get(name) is not None}
        return {**record, **across, **along}

    @property
    def ticks_below(self) -> list[Record]:
        """Values of the first measure below the box."""
        return [{"top1": self._x(at), "real": self.box["real"], "text": f"{at:.0%}"} for at in _ticks(self.of["top1"], self.of["x2"])]

    @property
    def ticks_beside(self) -> list[Record]:
        """Values of the second measure left of the box."""
        return [{"top1": self.box["top1"], "real": self._y(at), "text": f"{at:.0%}"} for at in _ticks(self.of["real"], self.of["y2"])]

    @property
    def caption(self) -> Record:
        """What the box is, in its upper left corner."""
        return {"top1": self.box["top1"], "real": self.box["y2"], "text": f"{len(self.inside)} models, enlarged"}

    def _x(self, value: float) -> float:
        return _mapped(value, (self.of["top1"], self.of["x2"]), (self.box["top1"], self.box["x2"]))

    def _y(self, value: float) -> float:
        return _mapped(value, (self.of["real"], self.of["y2"]), (self.box["real"], self.box["y2"]))


def inset_of(records: Sequence[Record], xs: Range, ys: Range) -> Inset | None:
    """The inset where a few points stretch the axes; None without a crowd, or if a point lies where it would."""
    within = crowd([record["top1"] for record in records])
    if within is None:
        return None
    inside = tuple(record for record in records if within[0] <= record["top1"] <= within[1])
    if len(records) - len(inside) > MOST_OUTSIDE:
        return None
    box = _corners(_part(xs, LEFT, RIGHT), _part(ys, BOTTOM, TOP))
    if any(record["top1"] > box["top1"] and record["real"] < box["y2"] for record in records):
        return None
    ranges = [_padded([record[end] for record in inside for end in (name, f"{name}_low", f"{name}_high")]) for name in MEASURES]
    return Inset(inside, _corners(*ranges), box)


def _corners(x: Range, y: Range) -> Record:
    return {"top1": x[0], "x2": x[1], "real": y[0], "y2": y[1]}


def _part(of: Range, start: float, end: float) -> Range:
    return of[0] + start * (of[1] - of[0]), of[0] + end * (of[1] - of[0])


def _padded(values: Sequence[float | None]) -> Range:
    known = [value for value in values if value is not None]
    margin = MARGIN * (max(known) - min(known))
    return min(known) - margin, max(known) + margin


def _mapped(value: float, of: Range, to: Range) -> float:
    return to[0] + (value - of[0]) / (of[1] - of[0]) * (to[1] - to[0])


def _ticks(low: float, high: float) -> list[float]:
    """Round values between two, at most five.

    >>> _ticks(0.553, 0.731)
    [0.6, 0.65, 0.7]
    """
    step = next((step for step in STEPS if floor(high / step) - ceil(low / step) < MOST_TICKS), STEPS[-1])
    return [round(step * place, 4) for place in range(ceil(low / step), floor(high / step) + 1)]
