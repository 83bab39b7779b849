"""Experts with known, lower errors: what such a person decides on a disputed image, and whether the revealed votes change it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from multilabelfy.annotation.model import Relation
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.simulation.annotators import Habits, LookAlikes, SheetShown, answer
from multilabelfy.simulation.truth import Truth, relation_between


@dataclass(frozen=True, slots=True)
class SimulatedDecision:
    """A decision: the valid labels, or the reason for there being none."""

    client_id: str
    chosen: frozenset[int]
    reason: EmptyReason | None
    relation: Relation | None
    seconds: float


def decide(habits: Habits, truth: Truth, asked: SheetShown, look_alikes: LookAlikes, rng: np.random.Generator) -> SimulatedDecision:
    """What an expert with these habits decides on the labels before them (and those they search for), without a maybe."""
    decision = answer(habits, truth, SheetShown(asked.shown, asked.group_size, maybe_allowed=False), look_alikes, rng)
    return verdict(truth, decision.submission.client_id, decision.submission.yes, decision.timing.elapsed / 1000)


def reconsider(
    first: SimulatedDecision, truth: Truth, support: Mapping[int, float], rng: np.random.Generator, *, mends: float = 0.8
) -> SimulatedDecision:
    """The decision after the reveal: where an annotator saw what the expert overlooked, or nobody saw what the expert chose, and the other
    is right, a second look mends it with the probability `mends`. `support` is the share of annotators who said yes, by label."""
    mended = set(first.chosen)
    for label, share in sorted(support.items()):
        contradicts = share > 0 if label not in first.chosen else share == 0
        is_right = (label in truth.valid()) != (label in first.chosen)
        if contradicts and is_right and rng.random() < mends:
            mended ^= {label}
    return verdict(truth, f"simulated-{rng.integers(2**63):016x}", frozenset(mended), first.seconds + 2.0)


def verdict(truth: Truth, client_id: str, chosen: frozenset[int], seconds: float) -> SimulatedDecision:
    """A decision with the reason or the relation that belongs to it."""
    return SimulatedDecision(client_id, chosen, None if chosen else _why_empty(truth), relation_between(truth, chosen), seconds)


def _why_empty(truth: Truth) -> EmptyReason:
    if truth.is_unusable:
        return EmptyReason.UNUSABLE
    return EmptyReason.NOT_PROPOSED if truth.objects else EmptyReason.NO_CLASS_PRESENT
