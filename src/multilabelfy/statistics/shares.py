"""A share with its counts: what it is of, and of how many. Counts add up over people and datasets; shares do not."""

from dataclasses import dataclass


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
