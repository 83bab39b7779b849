"""Find the labels that annotators mix up: pairs of which one annotator of an image chose one and another the other instead."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from multilabelfy.annotation.model import Annotation
from multilabelfy.disagreement.comparison import Disagreement

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LabelDispute:
    """How often a label was chosen or doubted by anybody (in images), and in how many of them it was disputed."""

    label: int
    n_named: int
    n_disputed: int

    @property
    def share(self) -> float:
        """The disputed share of the images in which it was named."""
        return self.n_disputed / self.n_named


def labels_disputed(disagreements: Iterable[Disagreement]) -> list[LabelDispute]:
    """Every label that anybody named, the most disputed first (then by share, then the lower label)."""
    named: Counter[int] = Counter()
    disputed: Counter[int] = Counter()
    for disagreement in disagreements:
        named.update(disagreement.agreed + disagreement.disputed)
        disputed.update(disagreement.disputed)
    disputes = [LabelDispute(label, n, disputed[label]) for label, n in named.items()]
    return sorted(disputes, key=lambda dispute: (-dispute.n_disputed, -dispute.share, dispute.label))


def pairs_confused(annotations: Sequence[Annotation]) -> frozenset[Pair]:
    """The pairs (lower label first) that the annotators of one image mix up: one chose a and not b, another b and not a.

    Two labels that one annotator found and another missed are not a confusion of the two: nobody chose one *instead* of the other.
    """
    sets = [annotation.chosen() for annotation in annotations]
    return frozenset((min(a, b), max(a, b)) for first, second in combinations(sets, 2) for a, b in product(first - second, second - first))
