"""Annotators with known errors: what such a person answers to a screen, given what is really in the picture.

The errors are those that the literature names: small and half hidden things are overlooked, look-alikes are taken for each other, of two
names for one thing only one is ticked, and people differ in doubt and in speed. Each is a rate that can be counted back from the answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.annotation.answers import Submission
from multilabelfy.annotation.model import Outcome, UnfitReason
from multilabelfy.annotation.response_times import Timing
from multilabelfy.simulation.truth import TrueObject, Truth, relation_between

LookAlikes = Mapping[int, frozenset[int]]
"""From a label to the labels that it is taken for."""


@dataclass(frozen=True, slots=True)
class Habits:
    """One person's errors, each a probability but for the last.

    `miss` is that of overlooking an object that strikes the eye, `miss_faint` one that hardly does (between the two it is linear in
    conspicuity); `one_name` that of ticking a single label of an object that carries several; `confuse` that of ticking, for an object, a
    look-alike that is not there; `doubt` that of a maybe where others say yes; `search` that of looking up a label that is not on the
    screen; `pace` is the median number of seconds for a picture with little to tick.
    """

    miss: float = 0.0
    miss_faint: float = 0.0
    one_name: float = 0.0
    confuse: float = 0.0
    doubt: float = 0.0
    search: float = 0.0
    pace: float = 8.0


@dataclass(frozen=True, slots=True)
class SheetShown:
    """What an answer depends on of a sheet: its labels in their order, how many make a five, and whether maybe is allowed."""

    shown: tuple[int, ...]
    group_size: int
    maybe_allowed: bool = True


@dataclass(frozen=True, slots=True)
class SimulatedAnswer:
    """An answer, and how long it took."""

    submission: Submission
    timing: Timing


def answer(habits: Habits, truth: Truth, asked: SheetShown, look_alikes: LookAlikes, rng: np.random.Generator) -> SimulatedAnswer:
    """What a person with these habits answers. The same generator state gives the same answer."""
    client_id = f"simulated-{rng.integers(2**63):016x}"
    if truth.is_unusable:
        return SimulatedAnswer(_given_up(client_id, rng), _timing(habits, asked, 0, rng))
    yes, added = _named_by(habits, truth, asked, rng)
    yes |= _confused(habits, truth, asked, look_alikes, rng)
    maybe = {label for label in sorted(yes) if asked.maybe_allowed and rng.random() < habits.doubt}
    submission = Submission(
        client_id=client_id,
        outcome=Outcome.LABELLED if yes else Outcome.NONE,
        yes=frozenset(yes - maybe),
        maybe=frozenset(maybe),
        added=frozenset(added),
        relation=relation_between(truth, yes - maybe),
        note="Hard to make out." if maybe and rng.random() < 0.25 else "",
    )
    return SimulatedAnswer(submission, _timing(habits, asked, len(yes), rng))


def miss_rate(habits: Habits, thing: TrueObject) -> float:
    """How likely the person is to overlook this object."""
    return habits.miss_faint + (habits.miss - habits.miss_faint) * min(max(thing.conspicuity, 0.0), 1.0)


def names_given(habits: Habits, thing: TrueObject, shown: Sequence[int], rng: np.random.Generator) -> tuple[int, ...]:
    """The labels that the person thinks of for an object they saw: all, or only one (from the screen if possible)."""
    if len(thing.labels) < 2 or rng.random() >= habits.one_name:
        return thing.labels
    at_hand = [label for label in thing.labels if label in shown] or list(thing.labels)
    return (at_hand[int(rng.integers(len(at_hand)))],)


def mistaken_for(thing: TrueObject, truth: Truth, shown: Sequence[int], look_alikes: LookAlikes, rng: np.random.Generator) -> int | None:
    """An invalid label on the screen that looks like this object; None if there is none."""
    valid = truth.valid()
    alike = sorted({other for label in thing.labels for other in look_alikes.get(label, ()) if other in shown and other not in valid})
    return alike[int(rng.integers(len(alike)))] if alike else None


def _named_by(habits: Habits, truth: Truth, asked: SheetShown, rng: np.random.Generator) -> tuple[set[int], set[int]]:
    """The valid labels that the person names, and those among them found only by search."""
    named: set[int] = set()
    added: set[int] = set()
    for thing in truth.objects:
        if rng.random() < miss_rate(habits, thing):
            continue
        for label in names_given(habits, thing, asked.shown, rng):
            if label in asked.shown:
                named.add(label)
            elif rng.random() < habits.search:
                added.add(label)
    return named | added, added


def _confused(habits: Habits, truth: Truth, asked: SheetShown, look_alikes: LookAlikes, rng: np.random.Generator) -> set[int]:
    mistakes = (mistaken_for(thing, truth, asked.shown, look_alikes, rng) for thing in truth.objects if rng.random() < habits.confuse)
    return {label for label in mistakes if label is not None}


def _given_up(client_id: str, rng: np.random.Generator) -> Submission:
    if rng.random() < 0.5:
        return Submission(client_id, Outcome.UNFIT, unfit_reason=UnfitReason.POOR, note="Nothing can be made out.")
    return Submission(client_id, Outcome.CANNOT_TELL)


def _timing(habits: Habits, asked: SheetShown, n_ticks: int, rng: np.random.Generator) -> Timing:
    """A long-tailed time for the picture, a second and a half for each tick; the groups are opened evenly over it."""
    seconds = habits.pace * float(np.exp(rng.normal(0.0, 0.35))) + 1.5 * n_ticks
    elapsed, n_groups = round(seconds * 1000), -(-len(asked.shown) // asked.group_size)
    return Timing(age=0, elapsed=elapsed, opened=tuple(elapsed * place // max(n_groups, 1) for place in range(n_groups)), present=elapsed)
