"""How well people answer, against images with known labels (calibration and test gold; practice does not count).

Precision is the share of their yes answers that are valid, recall the share of the valid labels they were asked about that got a yes; a
maybe is not a yes. Labels of one image are counted one by one. An answer without votes (cannot tell, unfit picture) is counted apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from multilabelfy.annotation.checking.gold import Gold, marks
from multilabelfy.annotation.model import Annotation
from multilabelfy.annotation.votes import OUTCOMES_WITH_NOES
from multilabelfy.statistics.shares import Share


@dataclass(frozen=True, slots=True)
class GoldAccuracy:
    """Answers to gold: precision and recall of yes over labels, `perfect` over images with votes, and how many had none."""

    precision: Share = field(default_factory=Share)
    recall: Share = field(default_factory=Share)
    perfect: Share = field(default_factory=Share)
    n_silent: int = 0

    @property
    def n_images(self) -> int:
        """Answers with votes."""
        return self.perfect.n

    def __add__(self, other: "GoldAccuracy") -> "GoldAccuracy":
        return GoldAccuracy(
            self.precision + other.precision, self.recall + other.recall, self.perfect + other.perfect, self.n_silent + other.n_silent
        )


def gold_accuracy(answered: Iterable[tuple[Annotation, Gold]]) -> GoldAccuracy:
    """Over any answers to gold; of nothing all counts are 0."""
    return sum((_of_one(annotation, gold) for annotation, gold in answered), GoldAccuracy())


def _of_one(annotation: Annotation, gold: Gold) -> GoldAccuracy:
    if annotation.outcome not in OUTCOMES_WITH_NOES:
        return GoldAccuracy(n_silent=1)
    against_gold = marks(annotation, gold)
    n_right = len(against_gold.right)
    return GoldAccuracy(
        precision=Share(n_right, n_right + len(against_gold.wrong)),
        recall=Share(n_right, n_right + len(against_gold.missed)),
        perfect=Share(int(against_gold.is_perfect), 1),
    )
