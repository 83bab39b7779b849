"""Ask one label of one image at a time: which labels are asked, which question comes next, and what the answers make of the image."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import AssignmentId, Vote
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.disagreement.comparison import Disagreement


@dataclass(frozen=True, slots=True)
class InHand:
    """An image in an expert's hand: the labels to ask of it in their order, and those answered so far."""

    assignment: AssignmentId
    asked: tuple[int, ...]
    votes: Mapping[int, Vote]

    @property
    def open(self) -> tuple[int, ...]:
        """The labels without an answer yet."""
        return tuple(label for label in self.asked if label not in self.votes)

    @property
    def is_answered(self) -> bool:
        """Whether every label to be asked has its answer."""
        return bool(self.asked) and not self.open


def labels_to_ask(shown: Sequence[int], disagreement: Disagreement, style: RefinementStyle) -> tuple[int, ...]:
    """The shown labels that an expert is asked about one by one.

    In the open style these are the disputed ones; the agreed ones stay in view. In the blind style all are asked, so that being asked
    reveals nothing.
    """
    if style is RefinementStyle.BLIND:
        return tuple(shown)
    return tuple(label for label in shown if label in disagreement.disputed)


def next_question(
    hand: Sequence[InHand], last: int | None, among: Collection[int] | None = None, held: Collection[tuple[AssignmentId, int]] = ()
) -> tuple[AssignmentId, int] | None:
    """The image and label to ask next: the last label while it has questions left, then the label with the most questions.

    `among` restricts the labels, `held` are questions that the page has already. Ties: the lower label; images in the order of `hand`.
    """
    questions = [(image.assignment, label) for image in hand for label in image.open if among is None or label in among]
    fresh = [question for question in questions if question not in held]
    if not fresh:
        return None
    counts = Counter(label for _, label in fresh)
    label = last if last in counts else min(counts, key=lambda label: (-counts[label], label))
    return next(question for question in fresh if question[1] == label)


def chosen_by_votes(start: Collection[int], votes: Mapping[int, Vote]) -> frozenset[int]:
    """The chosen labels: those the image starts from, overridden by the answers.

    >>> sorted(chosen_by_votes({1, 2}, {2: Vote.NO, 3: Vote.YES}))
    [1, 3]
    """
    yes = {label for label, vote in votes.items() if vote is Vote.YES}
    return frozenset((set(start) - votes.keys()) | yes)
