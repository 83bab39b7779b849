"""Say how often experts change their answer once the earlier votes are revealed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import AnnotatorId, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.model import Refinement
from multilabelfy.statistics.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class ChangesOfMind:
    """Blind answers that went through their reveal, and how many of them changed: gained a label, lost one, or both."""

    n: int
    n_changed: int
    n_gained: int
    n_lost: int
    n_experts: int

    def interval(self, n: int) -> Interval | None:
        """Wilson's interval of the share of `n` among all."""
        return wilson(n, self.n)


def changes_after_reveal(decisions: Iterable[Refinement]) -> ChangesOfMind:
    """Count over all decisions in the order in which they came: of each expert and image the first answer after the reveal."""
    first: dict[tuple[ImageId, AnnotatorId], Refinement] = {}
    for decision in decisions:
        if decision.is_decided and decision.answer_blind is not None:
            first.setdefault((decision.image, decision.expert), decision)
    return _counted(list(first.values()))


def _counted(decisions: Sequence[Refinement]) -> ChangesOfMind:
    sets = [(_chosen(decision.answer_blind or {}), frozenset(decision.labels())) for decision in decisions]
    return ChangesOfMind(
        n=len(sets),
        n_changed=sum(before != after for before, after in sets),
        n_gained=sum(bool(after - before) for before, after in sets),
        n_lost=sum(bool(before - after) for before, after in sets),
        n_experts=len({decision.expert for decision in decisions}),
    )


def _chosen(answer: Mapping[int, Vote]) -> frozenset[int]:
    return frozenset(label for label, vote in answer.items() if vote is Vote.YES)
