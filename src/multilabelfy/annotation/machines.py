"""Machines that answer about labels as people do (yes, maybe, no), and are never counted as people.

A machine is named as one wherever its votes are: `machine:` stands before its name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from multilabelfy.annotation.model import Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import MachineFailed
from multilabelfy.plurals import counted

MachineId = NewType("MachineId", int)
MARK = "machine:"
WORDS = {"yes": Vote.YES, "maybe": Vote.MAYBE, "no": Vote.NO}
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class MachineRater:
    """A machine that was asked about a dataset, and how far it is: `n_votes` on labels of `n_images`; `n_silent` labels it did not tell."""

    id: MachineId
    name: str
    added_at: datetime
    n_images: int = 0
    n_votes: int = 0
    n_silent: int = 0

    @property
    def title(self) -> str:
        """What files and pages call it.

        >>> MachineRater(MachineId(1), "python:mine:look", datetime(2030, 1, 1)).title
        'machine:python:mine:look'
        """
        return title_of(self.name)


@dataclass(frozen=True, slots=True)
class MachineVote:
    """What a machine said of a label of an image; None where it was asked and did not say."""

    machine: MachineId
    image: ImageId
    label: int
    vote: Vote | None
    asked_at: datetime


def title_of(name: str) -> str:
    """The name of a machine with its mark."""
    return MARK + name


def read_answers(given: object, labels: Sequence[int]) -> dict[int, Vote | None]:
    """A machine's answers by label: one of yes, maybe and no for each label, in their order, or None where it does not say.

    Raises MachineFailed for anything else.

    >>> read_answers(["yes", None], [4, 7])
    {4: <Vote.YES: 2>, 7: None}
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise MachineFailed(f"it answered {_short(given)}, which is not a list of answers, one for each label")
    answers = list(given)
    if len(answers) != len(labels):
        raise MachineFailed(f"it gave {counted(len(answers), 'answer')} about {counted(len(labels), 'label')}")
    unknown = [answer for answer in answers if answer is not None and not (isinstance(answer, str) and answer in WORDS)]
    if unknown:
        raise MachineFailed(f"it answered {_short(unknown[0])}; an answer is 'yes', 'maybe', 'no', or None where it does not say")
    return {label: None if answer is None else WORDS[answer] for label, answer in zip(labels, answers, strict=True)}


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
