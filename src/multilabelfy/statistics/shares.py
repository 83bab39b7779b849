"""A share with its counts, and with the cases that are missing from it. Counts add up over people and datasets; shares do not."""

from dataclasses import dataclass

from multilabelfy.statistics.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Share:
    """`n_of` out of `n` known cases; how `n_missing` further ones are is not known, or not yet."""

    n_of: int = 0
    n: int = 0
    n_missing: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.n_of + other.n_of, self.n + other.n, self.n_missing + other.n_missing)

    @property
    def n_all(self) -> int:
        """All cases, known or not."""
        return self.n + self.n_missing

    @property
    def value(self) -> float | None:
        """Of the known cases, from 0 to 1; None of nothing."""
        return self.n_of / self.n if self.n else None

    @property
    def bounds(self) -> Interval | None:
        """The share of all cases if no missing case is so, and if all are (Horowitz & Manski 1995): no assumption; None of nothing.

        >>> Share(0, 5, 2).bounds
        Interval(low=0.0, high=0.2857142857142857)
        """
        return Interval(self.n_of / self.n_all, (self.n_of + self.n_missing) / self.n_all) if self.n_all else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval at 95%, from the lower end if no missing case is so to the upper end if all are; None of nothing.

        >>> round(Share(0, 5).interval.high, 2), round(Share(0, 5, 2).interval.high, 2)
        (0.43, 0.64)
        """
        least, most = wilson(self.n_of, self.n_all), wilson(self.n_of + self.n_missing, self.n_all)
        return Interval(least.low, most.high) if least and most else None
