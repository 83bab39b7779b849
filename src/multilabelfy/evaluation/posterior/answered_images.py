"""The images of a study whose labels votes or decisions tell, and how much of the whole dataset each of them stands for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.consensus.set_sizes import N_SIZES
from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.evaluation.posterior.refits import SizeChances

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
UNKNOWN = -1


@dataclass(frozen=True)
class AnsweredImages:
    """The images of a study that were answered or have known labels, by place; and how many were not and have none.

    `questions` and their `fit` are of people's votes. `n_known` (n_images,) is how many labels experts or an import gave an image, UNKNOWN
    where votes alone tell; `decided` (n_questions,) what they say of each question: 1 valid, 0 not, NaN nothing. `is_drawn` (n_images,) are
    those that came by the queue's draw, as the `n_untouched` will that nobody has begun; of `n_others` nothing is known. `beyond` is what
    annotators found by search.
    """

    questions: Questions
    fit: Posterior
    n_known: Ints
    decided: Floats
    is_drawn: Bools
    n_untouched: int = 0
    n_others: int = 0


@dataclass(frozen=True)
class Group:
    """Images that stand for a `part` of the dataset, (n_images,) of them True, which are `n_whole` images when all are begun."""

    holds: Bools
    part: float
    n_whole: int

    @property
    def n(self) -> int:
        """How many images it has."""
        return int(self.holds.sum())


class Weighing:
    """How much of the dataset each image stands for. The drawn ones stand for all that were not chosen, the chosen ones for themselves.

    Where no image came by the draw, those that nobody has begun are like none that is known: they count among the others.
    """

    def __init__(self, images: AnsweredImages, has_votes: Bools) -> None:
        self._images, self.is_known = images, images.n_known != UNKNOWN
        self._labels_known = np.eye(N_SIZES)[np.clip(images.n_known, 0, N_SIZES - 1)]
        counts = has_votes | self.is_known
        self._is_chosen = counts & ~images.is_drawn
        can_extend = bool((counts & images.is_drawn).any())
        self.n_images = len(counts) + images.n_untouched + images.n_others
        self.n_untouched = images.n_untouched if can_extend else 0
        self.n_others = self.n_images - int(counts.sum()) - self.n_untouched
        self.n_known, self.n_by_votes = int(self.is_known.sum()), int((counts & ~self.is_known).sum())

    def chances(self, sizes: SizeChances) -> Floats:
        """The chances of none, one and several, (n_images, 3); what is known is certain."""
        return np.where(self.is_known[:, np.newaxis], self._labels_known, sizes.chances)

    def groups(self, sizes: SizeChances) -> list[Group]:
        """The drawn and the chosen images that are looked at and have votes or known labels; their parts sum to 1."""
        counts = sizes.are_looked_at & (sizes.has_votes | self.is_known)
        drawn, chosen = counts & self._images.is_drawn, counts & ~self._images.is_drawn
        n_chosen = int(self._is_chosen.sum())
        n_rest = self.n_images - n_chosen
        if not drawn.any():
            return [Group(chosen, 1.0, int(chosen.sum()))]
        of_drawn = Group(drawn, n_rest / self.n_images, n_rest)
        return [of_drawn, Group(chosen, n_chosen / self.n_images, n_chosen)] if chosen.any() else [of_drawn]

    def shares(self, sizes: SizeChances) -> Floats:
        """The expected shares of all images, (3,): none, one, several."""
        chances, groups = self.chances(sizes), self.groups(sizes)
        total = sum(group.part for group in groups)
        return np.asarray(sum(group.part / total * chances[group.holds].mean(axis=0) for group in groups))
