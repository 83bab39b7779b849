"""The headline by the posterior: the expected shares of images with no valid label, with one, and with several.

Each image that people answered counts by the chances of its number of labels, each that experts decided by their decision. Images that
nobody has begun are like those that came by the draw; all others without votes may turn out either way.

The interval counts what can be wrong, each part by itself. Four add as variances: the choice of images (binomial); their own doubt,
Σ s(1 − s) over the chances s, the variance of draws from each image's posterior; the choice of annotators (delete-one jackknife, each time
fitted anew); and that not all images have been begun. Three are bounds, which shift an end: how far people are assumed to err together, and
labels to be independent; the labels that candidates missed (Chao's lower bound, its upper end); and images of which nothing is known
(Horowitz & Manski 1995). Images and doubt overlap where the chances are right, since a doubtful image is also a drawn one: together they
err on the wide side.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.posterior.answered_images import AnsweredImages, Weighing
from multilabelfy.evaluation.posterior.refits import (
    SizeChances,
    Votes,
    refitted,
    sizes_of,
    thinned,
    under_other_assumptions,
    votes_with,
    without_annotators,
)
from multilabelfy.evaluation.posterior.share import PosteriorShare, WidthPart, share_of_parts

Floats = npt.NDArray[np.float64]
NONE, ONE, SEVERAL = range(3)


@dataclass(frozen=True, slots=True)
class PosteriorHeadline:
    """The shares of all `n_images` that have no valid label, one, and several.

    Of these images `n_by_votes` count by the posterior and `n_known` by known labels; `n_untouched` are like those drawn, and `n_others`
    are bounded. `n_missed` is how many labels more an image that counts by votes may have on average.
    """

    none: PosteriorShare
    single: PosteriorShare
    several: PosteriorShare
    n_by_votes: int
    n_known: int
    n_untouched: int
    n_others: int
    n_annotators: int
    n_missed: float

    @property
    def n_images(self) -> int:
        """All images of the dataset."""
        return self.n_by_votes + self.n_known + self.n_untouched + self.n_others


Bounds = tuple[Floats, Floats]
"""How far down and how far up each share may be, (3,) each."""


@dataclass(frozen=True)
class PosteriorShares:
    """All of the headline but what candidates missed: the shares, (3,), with the variances and bounds of what makes them uncertain."""

    value: Floats
    variances: Mapping[WidthPart, Floats]
    bounds: Mapping[WidthPart, Bounds]
    n_by_votes: int
    n_known: int
    n_untouched: int
    n_others: int
    n_annotators: int

    def headline(self, beyond: BeyondCandidates | None) -> PosteriorHeadline:
        """The headline, with what annotators found `beyond` the candidates: None where it was not looked for."""
        n, n_missed = self.n_known + self.n_by_votes, _missed(beyond)
        bounds = {**self.bounds, WidthPart.MISSED: self._of_missed(n_missed)}
        none, single, several = (
            share_of_parts(float(self.value[k]), n, _of_size(k, self.variances), {part: _ends(k, ends) for part, ends in bounds.items()})
            for k in (NONE, ONE, SEVERAL)
        )
        counted = self.n_by_votes, self.n_known, self.n_untouched, self.n_others
        return PosteriorHeadline(none, single, several, *counted, self.n_annotators, n_missed)

    def _of_missed(self, n_missed: float) -> Bounds:
        """A missed label makes one of none, or several of one, in images that count by votes."""
        n_images = self.n_by_votes + self.n_known + self.n_untouched + self.n_others
        by_votes = 1 - self.n_known / n_images
        first, second = (min(n_missed * by_votes, float(self.value[k])) for k in (NONE, ONE))
        return np.array([first, second, 0.0]), np.array([0.0, first, second])


def posterior_headline(images: AnsweredImages, beyond: BeyondCandidates | None = None) -> PosteriorHeadline | None:
    """The headline, with what annotators found `beyond` the candidates; None where there are no shares."""
    shares = posterior_shares(images)
    return None if shares is None else shares.headline(beyond)


def posterior_shares(images: AnsweredImages) -> PosteriorShares | None:
    """All but what candidates missed; None where votes cannot tell how people err: of one annotator, or no label has two votes."""
    if images.questions.n_raters < 2 or not images.questions.n_checked:
        return None
    votes = votes_with(images.questions, images.fit, images.decided, len(images.n_known))
    fit = refitted(votes, images.fit) if np.isfinite(images.decided).any() else images.fit
    sizes = sizes_of(votes, fit)
    weighing = Weighing(images, sizes.has_votes)
    variances, bounds = _variances(weighing, sizes), {WidthPart.UNFINISHED: _of_others(weighing, sizes)}
    variances[WidthPart.ANNOTATORS], bounds[WidthPart.ASSUMED] = _of_refits(weighing, votes, fit)
    counted = weighing.n_by_votes, weighing.n_known, weighing.n_untouched, weighing.n_others
    return PosteriorShares(weighing.shares(sizes), variances, bounds, *counted, images.questions.n_raters)


def _variances(weighing: Weighing, sizes: SizeChances) -> dict[WidthPart, Floats]:
    """The variances, (3,) each, that the chances themselves tell."""
    chances = weighing.chances(sizes)
    images, doubt, unfinished = np.zeros(3), np.zeros(3), np.zeros(3)
    for group in weighing.groups(sizes):
        of_group = chances[group.holds]
        share, square = of_group.mean(axis=0), group.part**2
        images += square * share * (1 - share) / group.n_whole
        unfinished += square * share * (1 - share) * (1 / group.n - 1 / group.n_whole)
        doubt += square * (of_group * (1 - of_group)).sum(axis=0) / group.n**2
    return {WidthPart.IMAGES: images, WidthPart.DOUBT: doubt, WidthPart.UNFINISHED: unfinished}


def _of_others(weighing: Weighing, sizes: SizeChances) -> Bounds:
    """What images without votes can do to each share."""
    value = weighing.shares(sizes)
    others = weighing.n_others / weighing.n_images
    return others * value, others * (1 - value)


def _of_refits(weighing: Weighing, votes: Votes, fit: Posterior) -> tuple[Floats, Bounds]:
    """The variance over annotators, (3,), centred on its own mean (docs/decisions/0044); and how far other assumptions move the shares."""
    few = thinned(votes)
    base = fit if few is votes else refitted(few, fit)
    left_out = np.array([weighing.shares(sizes) for sizes in without_annotators(few, base)])
    here = weighing.shares(sizes_of(few, base))
    moved = np.array([weighing.shares(sizes) - here for sizes in under_other_assumptions(few, base)])
    variance = (len(left_out) - 1) / len(left_out) * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    return variance, (np.maximum(-moved.min(axis=0), 0.0), np.maximum(moved.max(axis=0), 0.0))


def _of_size(k: int, variances: Mapping[WidthPart, Floats]) -> dict[WidthPart, float]:
    return {part: float(of[k]) for part, of in variances.items()}


def _ends(k: int, bounds: Bounds) -> tuple[float, float]:
    return float(bounds[0][k]), float(bounds[1][k])


def _missed(beyond: BeyondCandidates | None) -> float:
    """How many labels an image has that no candidate covered and nobody found: the upper end of Chao's lower bound."""
    if beyond is None:
        return 0.0
    return (beyond.n_unseen_at_least if beyond.interval is None else beyond.interval.high) / beyond.n_images
