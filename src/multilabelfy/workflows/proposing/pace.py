"""How fast a model proposes: from its first pictures on, people know what a run will take, and what holds it back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from multilabelfy.inference.running.batches import Spent


class RunPart(StrEnum):
    """Where the time of a run goes."""

    OPENING = "opening pictures"
    SCORING = "the model"
    STORING = "the database"


@dataclass(frozen=True, slots=True)
class RunPace:
    """One model's work so far: `n_done` of `n_total` images in `seconds` by the clock. The other seconds are summed over threads.

    `remark` is what its scorer says of how it scores, once it knows.
    """

    source: str
    n_total: int
    n_done: int = 0
    seconds: float = 0.0
    opening: float = 0.0
    scoring: float = 0.0
    storing: float = 0.0
    remark: str = ""

    def after(self, n_done: int, seconds: float, spent: Spent, storing: float, remark: str = "") -> "RunPace":
        """The pace once `n_done` more images are done, `seconds` after the beginning."""
        return replace(
            self,
            n_done=self.n_done + n_done,
            seconds=seconds,
            opening=self.opening + spent.opening,
            scoring=self.scoring + spent.scoring,
            storing=self.storing + storing,
            remark=remark,
        )

    @property
    def images_per_second(self) -> float | None:
        """None before the first image is done."""
        return self.n_done / self.seconds if self.n_done and self.seconds else None

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at this pace; None before the first image is done."""
        rate = self.images_per_second
        return None if rate is None else (self.n_total - self.n_done) / rate

    @property
    def bottleneck(self) -> tuple[RunPart, float] | None:
        """The part that takes the most of the work, and its share; of equals the first in a picture's way. None before any work."""
        parts = {RunPart.OPENING: self.opening, RunPart.SCORING: self.scoring, RunPart.STORING: self.storing}
        total = sum(parts.values())
        if not total:
            return None
        part = max(parts, key=lambda each: parts[each])
        return part, parts[part] / total


Watch = Callable[[RunPace], None]
"""Called after each chunk with the model's pace so far."""


def unwatched(_: RunPace) -> None:
    """Watch nothing."""
