"""The life of an assignment, and what an annotator finds when asking for work: a picture, or a state with its next step."""

from dataclasses import dataclass
from enum import StrEnum


class AssignmentState(StrEnum):
    """Where an assignment is in its life."""

    OPEN = "open"  # somebody holds it
    LATER = "later"  # its person left it for later; others may be given the image meanwhile
    ANSWERED = "answered"
    RETURNED = "returned"  # its lease lapsed or it was no longer wanted; the person may be given it again


class Desk(StrEnum):
    """What there is for one annotator now."""

    WORK = "work"  # a picture lies here
    PAUSED = "paused"  # an owner paused the study
    UNPROPOSED = "unproposed"  # no picture has proposals yet
    WAITING = "waiting"  # others hold the last pictures, or proposals are still being made
    FINISHED = "finished"  # every picture has its answers, as far as this person may give them


@dataclass(frozen=True, slots=True)
class Supply:
    """What the counters say: this person's assignments, pictures held by others that may come back, and pictures without proposals."""

    is_paused: bool
    n_handed: int
    n_may_come: int
    n_unproposed: int
    n_proposed: int


def desk(supply: Supply) -> Desk:
    """What this person finds. A pause hides work; it takes nothing away."""
    if supply.is_paused:
        return Desk.PAUSED
    if supply.n_handed:
        return Desk.WORK
    if not supply.n_proposed:
        return Desk.UNPROPOSED
    if supply.n_may_come or supply.n_unproposed:
        return Desk.WAITING
    return Desk.FINISHED
