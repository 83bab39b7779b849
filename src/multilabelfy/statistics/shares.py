"""A share with its counts. Counts add up over people and datasets; shares do not."""

from dataclasses import dataclass

from multilabelfy.statistics.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Share:
    """`n_of` out of `n`."""

    n_of: int = 0
    n: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.n_of + other.n_of, self.n + other.n)

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.n_of / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval at 95%; None of nothing."""
        return wilson(self.n_of, self.n)
