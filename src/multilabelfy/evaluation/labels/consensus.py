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
    whole = _whole(questions)
    left_out = [_without(questions, votes, whole) for votes in _votes_by_rater(questions)]
    return tuple(_row(rule, _sizes(whole.n_labels[rule], whole.n_votes), [sizes[rule] for sizes in left_out]) for rule in RULES)


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


@dataclass(frozen=True, slots=True)
class _Whole:
    """What all votes say: the answers to each question (n_questions, 3), each image's votes (n_images,), and by rule its valid labels."""

    answers: Counts
    n_votes: Counts
    n_labels: Mapping[str, Counts]


def _whole(questions: Questions) -> _Whole:
    cells = questions.question * N_ANSWERS + questions.vote
    answers = np.bincount(cells, minlength=len(questions) * N_ANSWERS).reshape(-1, N_ANSWERS)
    n_votes = _by_image(questions, questions.image[questions.question])
    return _Whole(answers, n_votes, {rule: _by_image(questions, questions.image[is_valid(answers, rule)]) for rule in RULES})


def _votes_by_rater(questions: Questions) -> list[Counts]:
    """The places of each rater's votes."""
    order = np.argsort(questions.rater, kind="stable")
    return np.split(order, np.searchsorted(questions.rater[order], np.arange(1, questions.n_raters)))


def _without(questions: Questions, votes: Counts, whole: _Whole) -> Mapping[str, Sizes]:
    """The sizes without some of the votes. Only the questions that these answer are counted anew: a rater answers a few of all."""
    asked, place = np.unique(questions.question[votes], return_inverse=True)
    own = np.bincount(place * N_ANSWERS + questions.vote[votes], minlength=len(asked) * N_ANSWERS).reshape(-1, N_ANSWERS)
    before, image = whole.answers[asked], questions.image[asked]
    n_votes = whole.n_votes - _by_image(questions, questions.image[questions.question[votes]])

    def n_labels(rule: str) -> Counts:
        gone = _by_image(questions, image[is_valid(before, rule)])
        return whole.n_labels[rule] - gone + _by_image(questions, image[is_valid(before - own, rule)])

    return {rule: _sizes(n_labels(rule), n_votes) for rule in RULES}


def _by_image(questions: Questions, images: Counts) -> Counts:
    """How often each image occurs, (n_images,)."""
    return np.bincount(images, minlength=questions.n_images)


def _sizes(n_labels: Counts, n_votes: Counts) -> Sizes:
    """An image without any vote was not answered."""
    return Sizes(int((n_votes > 0).sum()), int((n_labels > 0).sum()), int((n_labels > 1).sum()))


def _share(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
