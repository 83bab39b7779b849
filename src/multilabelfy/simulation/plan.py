"""How good labels would be, and what they would cost: a study simulated in advance, under each of several ways to ask.

Images and people are drawn anew for each simulated study, like those of a pilot (`pilot`). All ways ask the same people, so that they
differ by how they ask, not by luck. Experts are taken to be right. Labels that were not asked about are not looked at: what proposals
miss, no way to ask finds. A single answer an image is not among the ways: nothing would tell how people err.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import Parameters
from multilabelfy.disagreement.policy.adaptive import NEEDS, AdaptiveOverlap, VisitNeed
from multilabelfy.simulation.crowd import voted
from multilabelfy.simulation.panel import agreed_on
from multilabelfy.simulation.pilot import Pilot
from multilabelfy.simulation.population import Images, drawn
from multilabelfy.simulation.replay import Replayed, replay
from multilabelfy.statistics.intervals import Measured, interval_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
N_IMAGES, N_STUDIES = 300, 20
FIT = partial(posterior.fit, parameters=Parameters(tolerance=0.01))
"""A hundredth moves no figure of an outcome by more than 0.01, and takes half the time."""


@dataclass(frozen=True, slots=True)
class WayToAsk:
    """How often images are visited, and whether experts decide what is left.

    That is what is disputed, or where the votes say how often an image is visited, what is in doubt at the cap.
    """

    rule: AdaptiveOverlap
    has_experts: bool = False

    @property
    def is_adaptive(self) -> bool:
        """Whether the votes say how often an image is visited."""
        return self.rule.floor < self.rule.cap


FIXED = tuple(WayToAsk(AdaptiveOverlap(floor=n, cap=n)) for n in (2, 3, 5, 7))
WITH_EXPERTS = (WayToAsk(AdaptiveOverlap(floor=2, cap=2), has_experts=True),)
ADAPTIVE = tuple(WayToAsk(AdaptiveOverlap(floor=2, cap=5, bound=bound)) for bound in (0.8, 0.4, 0.2))
ADAPTIVE_WITH_EXPERTS = tuple(WayToAsk(AdaptiveOverlap(floor=2, cap=5, bound=bound), has_experts=True) for bound in (0.4, 0.2))
WAYS = FIXED + ADAPTIVE + WITH_EXPERTS + ADAPTIVE_WITH_EXPERTS


@dataclass(frozen=True, slots=True)
class WayOutcome:
    """What one way to ask comes to, each figure with the middle 95% of the simulated studies.

    `visits` are of an image, `votes` of a label, `experts` is the share of images that go to them. `f1` is over labels, `images_right` the
    share of images with all labels right, and `headline` by how much the share of images with at least two labels is greater than in truth.
    """

    way: WayToAsk
    visits: Measured
    votes: Measured
    experts: Measured
    f1: Measured
    images_right: Measured
    headline: Measured


@dataclass(frozen=True, slots=True)
class Forecast:
    """The outcomes of the ways to ask, in their order, from `n_studies` simulated studies of `n_images` each.

    `several` is the true share of images with at least two labels, on average.
    """

    outcomes: tuple[WayOutcome, ...]
    n_studies: int
    n_images: int
    several: float


def forecast(
    pilot: Pilot,
    *,
    ways: Sequence[WayToAsk] = WAYS,
    n_people: int | None = None,
    n_images: int = N_IMAGES,
    n_studies: int = N_STUDIES,
    seed: int = 0,
    advance: Callable[[int, int], None] | None = None,
) -> Forecast:
    """Simulate. `n_people` is how many take part (at least as many as the most visits of an image); None: as many as the pilot had.

    Deterministic by seed. `advance` is told how many of the studies are done.
    """
    cap = max(way.rule.cap for way in ways)
    n_crowd = max(n_people or len(pilot.crowd), cap)
    figures, several = [], []
    for study in range(n_studies):
        rng = np.random.default_rng([seed, study])
        images = drawn(pilot.population, n_images, rng)
        questions, visit = voted(images.image, images.label, images.valid, pilot.crowd.resampled(n_crowd, rng), cap, rng)
        replays = {way.rule: replay(questions, visit, way.rule, FIT) for way in ways}
        figures.append([_figures(way, replays[way.rule], images) for way in ways])
        several.append(float((images.n_valid > 1).mean()))
        if advance is not None:
            advance(study + 1, n_studies)
    by_way = np.array(figures).transpose(1, 2, 0)
    outcomes = tuple(WayOutcome(way, *(_measured(of) for of in rows)) for way, rows in zip(ways, by_way, strict=True))
    return Forecast(outcomes, n_studies, n_images, float(np.mean(several)))


def _figures(way: WayToAsk, replayed: Replayed, images: Images) -> tuple[float, ...]:
    """The fields of an outcome, in one study."""
    by_expert = _to_experts(way, replayed, images.n_images)
    taken = np.where(by_expert[images.image], images.valid, _taken(way, replayed))
    n_wrong = np.bincount(images.image, weights=taken != images.valid, minlength=images.n_images)
    n_taken = np.bincount(images.image, weights=taken, minlength=images.n_images)
    f1 = 2 * float((taken & images.valid).sum()) / max(int(taken.sum() + images.valid.sum()), 1)
    headline = float((n_taken > 1).mean() - (images.n_valid > 1).mean())
    return replayed.visits_an_image, replayed.votes_a_question, float(by_expert.mean()), f1, float((n_wrong == 0).mean()), headline


def _to_experts(way: WayToAsk, replayed: Replayed, n_images: int) -> Bools:
    if not way.has_experts:
        return np.zeros(n_images, dtype=np.bool_)
    if way.is_adaptive:
        return np.asarray(replayed.decisions.need == NEEDS.index(VisitNeed.AT_CAP), dtype=np.bool_)
    return ~agreed_on(replayed.questions, n_images)[0]


def _taken(way: WayToAsk, replayed: Replayed) -> Bools:
    """The labels that are taken as valid: by the posterior, or with a fixed overlap and experts those on which all agree."""
    if way.has_experts and not way.is_adaptive:
        return agreed_on(replayed.questions, int(replayed.questions.image.max(initial=-1)) + 1)[1]
    return np.asarray(replayed.fit.score >= way.rule.threshold, dtype=np.bool_)


def _measured(of_studies: Floats) -> Measured:
    return Measured(float(of_studies.mean()), interval_of(of_studies) if len(of_studies) > 1 else None)
