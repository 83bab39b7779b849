"""How sure is the headline? The share of images with several valid labels as the votes alone give it, by strict, majority and union rule.

Its interval covers the choice of images *and* of annotators: other people would have been asked as much as other pictures. The variance
over annotators is the delete-one jackknife's (each annotator is left out in turn); a bootstrap over them would be wrong here, since fewer
people answer each image in a resample, which alone makes answers more unanimous and unions smaller. The variance over images is the
binomial's. Both add, on the scale of log-odds, so that the interval stays within 0 and 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.rules import RULES, is_valid
from multilabelfy.disagreement.questions import N_ANSWERS, Questions
from multilabelfy.statistics.intervals import Z_95, Interval, wilson

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many images were answered, have at least one valid label, and at least two."""

    n_images: int
    n_nonempty: int
    n_several: int


@dataclass(frozen=True, slots=True)
class SeveralByRule:
    """The share of images with several labels that a rule takes as valid, of all answered ones and of those with any label."""

    rule: str
    sizes: Sizes
    interval: Interval | None
    interval_of_nonempty: Interval | None

    @property
    def share(self) -> float | None:
        """The share of all answered images."""
        return self.sizes.n_several / self.sizes.n_images if self.sizes.n_images else None

    @property
    def share_of_nonempty(self) -> float | None:
        """The share of answered images with at least one valid label."""
        return self.sizes.n_several / self.sizes.n_nonempty if self.sizes.n_nonempty else None


def several_by_rule(questions: Questions) -> tuple[SeveralByRule, ...]:
    """One row per rule, strictest first; empty if there are no votes."""
    if not len(questions):
        return ()
    cell = questions.question * N_ANSWERS + questions.vote
    whole = _sizes_by_rule(questions, cell, np.ones(len(cell), dtype=bool))
    left_out = [_sizes_by_rule(questions, cell, questions.rater != rater) for rater in range(questions.n_raters)]
    return tuple(_row(rule, whole[rule], [sizes[rule] for sizes in left_out]) for rule in RULES)


def _row(rule: str, whole: Sizes, left_out: list[Sizes]) -> SeveralByRule:
    of_all = [(sizes.n_several, sizes.n_images) for sizes in left_out]
    of_nonempty = [(sizes.n_several, sizes.n_nonempty) for sizes in left_out]
    return SeveralByRule(
        rule=rule,
        sizes=whole,
        interval=_interval(whole.n_several, whole.n_images, of_all),
        interval_of_nonempty=_interval(whole.n_several, whole.n_nonempty, of_nonempty),
    )


def _interval(n: int, of: int, left_out: list[tuple[int, int]]) -> Interval | None:
    """The interval of a share; Wilson's if annotators add nothing: all images or none have several labels, or there is one annotator."""
    shares = [part / all_of for part, all_of in left_out if 0 < part < all_of]
    if not 0 < n < of or len(shares) < 2:
        return wilson(n, of)
    share = n / of
    odds = np.array([log(share / (1 - share)) for share in shares])
    over_annotators = (len(odds) - 1) / len(odds) * float(((odds - odds.mean()) ** 2).sum())
    over_images = 1 / (of * share * (1 - share))
    half = Z_95 * (over_annotators + over_images) ** 0.5
    middle = log(share / (1 - share))
    return Interval(_share(middle - half), _share(middle + half))


def _sizes_by_rule(questions: Questions, cell: Counts, kept: npt.NDArray[np.bool_]) -> Mapping[str, Sizes]:
    """With some of the votes; an image without any of them was not answered."""
    counts = np.bincount(cell[kept], minlength=len(questions) * N_ANSWERS).reshape(-1, N_ANSWERS)
    n_images = len(np.unique(questions.image[questions.question[kept]]))
    return {rule: _sizes(questions, counts, rule, n_images) for rule in RULES}


def _sizes(questions: Questions, counts: Counts, rule: str, n_images: int) -> Sizes:
    n_labels = np.bincount(questions.image[is_valid(counts, rule)], minlength=questions.n_images)
    return Sizes(n_images, int((n_labels > 0).sum()), int((n_labels > 1).sum()))


def _share(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
