"""Decide for each image whether it wants one more visit: the policy of adaptive overlap, and its stopping rule.

An image has had enough when it is expected to have fewer wrong labels than a stated bound, and then it stays so: votes on other images that
move its chances a little call nobody back. It is not visited more often than the policy allows, nor less: below the floor an image always
wants a visit. Those that want one are asked in the order of expected gain (`gain`) per second of an annotator's time.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.policy.gain import expected_wrong, gain_of_vote, typical_annotator
from multilabelfy.disagreement.questions import Ints, Questions

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
EVEN_ODDS = 0.5


@dataclass(frozen=True, slots=True)
class AdaptiveOverlap:
    """The stopping rule: `floor` and `cap` are visits an image, `bound` the expected number of its wrong labels at which it has enough.

    A label is taken as valid from a chance of `threshold` on. Raises ValueError for a rule that cannot be followed.
    """

    floor: int = 2
    cap: int = 5
    bound: float = 0.2
    threshold: float = EVEN_ODDS

    def __post_init__(self) -> None:
        if not 1 <= self.floor <= self.cap:
            raise ValueError(f"The floor is from 1 to the cap, not {self.floor} with a cap of {self.cap}")
        if not self.bound >= 0:
            raise ValueError(f"The bound is a number of wrong labels from 0 on, not {self.bound}")
        if not 0 < self.threshold < 1:
            raise ValueError(f"The threshold is between 0 and 1, not {self.threshold}")


def rule_of(protocol: AnnotationProtocol) -> AdaptiveOverlap:
    """The stopping rule of a protocol whose overlap adapts; a label is taken as valid from the protocol's threshold on, or from one half.

    Raises ValueError for a protocol whose overlap is fixed.
    """
    threshold = protocol.posterior_threshold or EVEN_ODDS
    return AdaptiveOverlap(protocol.overlap_floor, protocol.overlap_cap, protocol.overlap_bound, threshold)


class VisitNeed(StrEnum):
    """Whether an image wants one more visit, and why."""

    BELOW_FLOOR = "below-floor"
    IN_DOUBT = "in-doubt"  # more wrong labels expected than the bound
    ENOUGH = "enough"
    AT_CAP = "at-cap"  # in doubt, and visited as often as the rule allows


NEEDS = tuple(VisitNeed)


@dataclass(frozen=True)
class Decisions:
    """What the rule says of each image, as columns (n_images,).

    Its visits so far, the expected number of its wrong labels, the expected gain of one more visit in wrong labels, the expected seconds of
    that visit, and what it needs as a place in NEEDS.
    """

    n_visits: Ints
    wrong: Floats
    gain: Floats
    seconds: Floats
    need: Ints

    @property
    def gain_per_second(self) -> Floats:
        """The expected gain of a second of an annotator's time, (n_images,)."""
        return np.asarray(self.gain / self.seconds, dtype=np.float64)

    @property
    def is_enough(self) -> Bools:
        """Which images have had enough, (n_images,)."""
        return np.asarray(self.need == NEEDS.index(VisitNeed.ENOUGH), dtype=np.bool_)

    @property
    def wants_visit(self) -> Bools:
        """Which images want one more visit, (n_images,)."""
        wanting = [NEEDS.index(need) for need in (VisitNeed.BELOW_FLOOR, VisitNeed.IN_DOUBT)]
        return np.isin(self.need, wanting)

    def queue(self) -> Ints:
        """The images that want a visit: first those below the floor, then by gain per second, then by doubt, then in their own order.

        Doubt is the expected number of wrong labels: one step ahead may see no gain in any of them.
        """
        images = np.flatnonzero(self.wants_visit)
        above_floor = self.need[images] != NEEDS.index(VisitNeed.BELOW_FLOOR)
        by = (images, -self.wrong[images], -self.gain_per_second[images], above_floor)
        return np.asarray(images[np.lexsort(by)], dtype=np.int64)


def decide(
    questions: Questions,
    fitted: Posterior,
    rule: AdaptiveOverlap,
    n_visits: Ints,
    *,
    seconds: Floats | float = 1.0,
    had_enough: Bools | None = None,
) -> Decisions:
    """What the rule says of each image, from the fit of its votes. Deterministic.

    `n_visits` (n_images,) are the visits so far, of every image in question: a visit without a vote ("cannot tell") is one too.
    `seconds`, (n_images,) or one number for all, are those that one more visit is expected to take. `had_enough` (n_images,) are the images
    that the rule has found enough of before.
    """
    n_images = len(n_visits)
    n_votes = np.bincount(questions.question, minlength=len(questions))
    of_labels = gain_of_vote(
        fitted.log_odds,
        n_votes,
        typical_annotator(questions, fitted),
        correlation=fitted.parameters.correlation,
        threshold=rule.threshold,
    )
    wrong = _by_image(questions, expected_wrong(fitted.score, rule.threshold), n_images)
    is_enough = (wrong <= rule.bound) | (False if had_enough is None else had_enough)
    return Decisions(
        n_visits=n_visits,
        wrong=wrong,
        gain=_by_image(questions, of_labels, n_images),
        seconds=np.broadcast_to(np.asarray(seconds, dtype=np.float64), (n_images,)),
        need=_need(rule, n_visits, is_enough),
    )


def _by_image(questions: Questions, of_labels: Floats, n_images: int) -> Floats:
    return np.bincount(questions.image, weights=of_labels, minlength=n_images).astype(np.float64)


def _need(rule: AdaptiveOverlap, n_visits: Ints, is_enough: Bools) -> Ints:
    conditions = [n_visits < rule.floor, is_enough, n_visits >= rule.cap]
    places = [NEEDS.index(need) for need in (VisitNeed.BELOW_FLOOR, VisitNeed.ENOUGH, VisitNeed.AT_CAP)]
    return np.asarray(np.select(conditions, places, NEEDS.index(VisitNeed.IN_DOUBT)), dtype=np.int64)
