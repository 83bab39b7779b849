"""Say how often experts change their answer once the earlier votes are revealed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import AnnotatorId, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.model import Refinement
from multilabelfy.statistics.shares import Share


@dataclass(frozen=True, slots=True)
class ChangesOfMind:
    """Blind answers that went through their reveal, and how many of them changed: gained a label, lost one, or both.

    `n_open` further blind answers wait for what their experts say once they see the votes.
    """

    n: int
    n_changed: int
    n_gained: int
    n_lost: int
    n_experts: int
    n_open: int = 0

    def share(self, n: int) -> Share:
        """The share of `n` among all; the open ones are missing."""
        return Share(n, self.n, self.n_open)


def changes_after_reveal(decisions: Iterable[Refinement]) -> ChangesOfMind:
    """Count over all decisions in the order in which they came: of each expert and image the first answer after the reveal."""
    first: dict[tuple[ImageId, AnnotatorId], Refinement] = {}
    blind: set[tuple[ImageId, AnnotatorId]] = set()
    for decision in decisions:
        if decision.answer_blind is not None:
            blind.add((decision.image, decision.expert))
            if decision.is_decided:
                first.setdefault((decision.image, decision.expert), decision)
    return _counted(list(first.values()), len(blind - first.keys()))


def _counted(decisions: Sequence[Refinement], n_open: int) -> ChangesOfMind:
    sets = [(_chosen(decision.answer_blind or {}), frozenset(decision.labels())) for decision in decisions]
    return ChangesOfMind(
        n=len(sets),
        n_changed=sum(before != after for before, after in sets),
        n_gained=sum(bool(after - before) for before, after in sets),
        n_lost=sum(bool(before - after) for before, after in sets),
        n_experts=len({decision.expert for decision in decisions}),
        n_open=n_open,
    )


def _chosen(answer: Mapping[int, Vote]) -> frozenset[int]:
    return frozenset(label for label, vote in answer.items() if vote is Vote.YES)
