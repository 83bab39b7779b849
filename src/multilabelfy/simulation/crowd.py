"""Annotators drawn from confusion matrices, who err together as far as was measured.

Everybody's answer follows their own confusion matrix. With the chance √ρ it is the one to which the label leads everybody (the same
uniform number for all, through each one's own matrix), else their own: two of them then err together with the correlation ρ, if
they are alike (Lunn & Davies 1998, there for binary answers).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import N_ANSWERS, Ints, Questions

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Crowd:
    """People who may be asked, and the correlation of two people's errors, from 0 to 1.

    `confusion` (n_raters, 2, 3) holds each one's chances of no, maybe and yes where a label is not valid, and where it is.
    """

    confusion: Floats
    correlation: float = 0.0

    def __len__(self) -> int:
        return len(self.confusion)

    def resampled(self, n: int, rng: np.random.Generator) -> "Crowd":
        """So many people, each like one of these, drawn with replacement."""
        return Crowd(self.confusion[rng.integers(len(self), size=n)], self.correlation)


def voted(image: Ints, label: Ints, valid: Bools, crowd: Crowd, n_visits: int, rng: np.random.Generator) -> tuple[Questions, Ints]:
    """The votes of `n_visits` different people on each image, who answer all of its labels; and each vote's visit, from 0 on.

    `image`, `label` and `valid` are (n_questions,), images from 0 on. Where there are fewer people, all of them visit.
    """
    n, n_images = len(image), int(image.max(initial=-1)) + 1
    people = np.argsort(rng.random((n_images, len(crowd))), axis=1)[:, : min(n_visits, len(crowd))]
    rater = people[image]
    common = rng.random(rater.shape) < sqrt(min(max(crowd.correlation, 0.0), 1.0))
    drawn = np.where(common, rng.random((n, 1)), rng.random(rater.shape))
    ends = crowd.confusion.cumsum(axis=2)[rater, valid.astype(np.int64)[:, np.newaxis]]
    vote = np.minimum((drawn[:, :, np.newaxis] >= ends).sum(axis=2), N_ANSWERS - 1)
    question = np.repeat(np.arange(n), rater.shape[1])
    visit = np.tile(np.arange(rater.shape[1]), n)
    return Questions(image, label, question, rater.ravel(), vote.ravel(), len(crowd)), visit
