"""The headline of a study under a policy: right from a random panel, wrong from whatever the policy finished first.

A policy ends with clear images first, and clear images have fewer labels. So some images are drawn at random before anybody looks, with
a logged probability each. Whatever the policy says, they get the fixed overlap, and experts decide what their annotators dispute. The
headline is theirs, each image counted by one over its probability.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.plurals import counted
from multilabelfy.simulation.crowd import Crowd, voted
from multilabelfy.simulation.population import Images
from multilabelfy.simulation.replay import Replayed, replay, until
from multilabelfy.statistics.intervals import Interval, wilson_of_share
from multilabelfy.statistics.weighted import WeightedShare, hajek

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
NO, YES = 0, 2


@dataclass(frozen=True)
class PanelStudy:
    """The share of images with at least two valid labels: the truth, by the panel, and by what the policy finished outside it."""

    truth: float
    panel: WeightedShare
    n_panel: int
    finished: float
    finished_interval: Interval
    replayed: Replayed


def panel_study(
    images: Images, crowd: Crowd, rule: AdaptiveOverlap, probability: Floats, *, overlap: int, most_visits: int | None, seed: int
) -> PanelStudy:
    """A study of these images: the panel drawn with `probability` (n_images,), `overlap` visits each, all others visited by the rule.

    With `most_visits` it stops after so many visits outside the panel, as a study does whose time is up. Experts are taken to be right.
    Raises ValueError if the draw leaves no panel, or the rule finishes no image.
    """
    rng = np.random.default_rng(seed)
    is_panel = rng.random(images.n_images) < probability
    questions, visit = voted(images.image, images.label, images.valid, crowd, max(rule.cap, overlap), rng)
    replayed = replay(*_of_images(questions, visit, ~is_panel), rule, most_visits=most_visits)
    finished = np.flatnonzero(replayed.decisions.is_enough)
    if not is_panel.any() or not len(finished):
        raise ValueError(f"Of {counted(images.n_images, 'image')} none is in the panel, or none is finished: draw more")
    n_several = int((_n_taken(replayed, images.n_images, rule.threshold)[finished] > 1).sum())
    several = _several_after_experts(*_of_images(questions, visit, is_panel), overlap, images)[is_panel]
    return PanelStudy(
        truth=float((images.n_valid > 1).mean()),
        panel=hajek(several.tolist(), probability[is_panel].tolist()),
        n_panel=int(is_panel.sum()),
        finished=n_several / len(finished),
        finished_interval=wilson_of_share(n_several / len(finished), len(finished)),
        replayed=replayed,
    )


def _of_images(questions: Questions, visit: Ints, wanted: Bools) -> tuple[Questions, Ints]:
    """The questions and votes of some images, which keep their places; and the visits of these votes."""
    of_image = wanted[questions.image]
    number = np.cumsum(of_image) - 1
    kept = of_image[questions.question]
    votes = (number[questions.question[kept]], questions.rater[kept], questions.vote[kept])
    return Questions(questions.image[of_image], questions.label[of_image], *votes, questions.n_raters), visit[kept]


def _n_taken(replayed: Replayed, n_images: int, threshold: float) -> Ints:
    """How many labels of each image are taken as valid, (n_images,)."""
    taken = replayed.fit.score >= threshold
    return np.bincount(replayed.questions.image, weights=taken, minlength=n_images).astype(np.int64)


def _several_after_experts(questions: Questions, visit: Ints, overlap: int, images: Images) -> Bools:
    """Whether each image has at least two labels, (n_images,), after `overlap` visits and an expert for what these dispute."""
    asked = until(questions, visit, overlap)
    is_agreed, taken = agreed_on(asked, images.n_images)
    n_taken = np.bincount(asked.image, weights=taken, minlength=images.n_images)
    return np.asarray(np.where(is_agreed, n_taken, images.n_valid) > 1, dtype=np.bool_)


def agreed_on(questions: Questions, n_images: int) -> tuple[Bools, Bools]:
    """Which images (n_images,) everybody agrees on, and which labels (n_questions,) everybody said yes to.

    As in a study, sets that differ, any maybe, and an agreed empty set are disputed.
    """
    counts = questions.counts()
    n_votes = counts.sum(axis=1)
    yes, no = (counts[:, answer] == n_votes for answer in (YES, NO))
    n_disputed = np.bincount(questions.image, weights=~(yes | no), minlength=n_images)
    n_yes = np.bincount(questions.image, weights=yes, minlength=n_images)
    return np.asarray((n_disputed == 0) & (n_yes > 0), dtype=np.bool_), np.asarray(yes, dtype=np.bool_)
