"""The given labels compared with the final ones: how many are valid, which are wrong, and what replaces them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, given_hits, valid_hits
from multilabelfy.evaluation.measures.metrics import Bools, Counts, ValidLabels
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.statistics.intervals import Interval, wilson

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GivenAgainstFinal:
    """What became of the given labels, over the images that have one.

    `n_alone`: the final set is the given label alone; `n_among_others`: it is one of several; `n_replaced`: the set is not empty and
    does not hold it; `n_empty`: nothing is valid.
    """

    n_images: int
    n_alone: int
    n_among_others: int
    n_replaced: int
    n_empty: int

    @property
    def n_valid(self) -> int:
        """Images whose given label is valid."""
        return self.n_alone + self.n_among_others

    @property
    def share_valid(self) -> float | None:
        """The share of all images whose given label is among the final ones."""
        return self.n_valid / self.n_images if self.n_images else None

    @property
    def share_valid_of_nonempty(self) -> float | None:
        """The same share of the images with at least one final label."""
        nonempty = self.n_images - self.n_empty
        return self.n_valid / nonempty if nonempty else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of `share_valid`."""
        return wilson(self.n_valid, self.n_images)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A wrong given label, a label that is valid instead, and the number of images on which this happened."""

    given: int
    instead: int
    n_images: int


def given_against_final(labelled: LabelledImages) -> GivenAgainstFinal | None:
    """Count what became of the given labels; None if there are none."""
    if labelled.given is None:
        return None
    has_given, among = _given_among_final(labelled)
    size = labelled.sets.counts
    return GivenAgainstFinal(
        n_images=int(has_given.sum()),
        n_alone=int((among & (size == 1)).sum()),
        n_among_others=int((among & (size > 1)).sum()),
        n_replaced=int((has_given & ~among & (size > 0)).sum()),
        n_empty=int((has_given & (size == 0)).sum()),
    )


def wrongly_given(labelled: LabelledImages) -> Counts:
    """The positions of images whose set is not empty and lacks the given label, in the labels' own order."""
    if labelled.given is None:
        return np.empty(0, dtype=np.int64)
    has_given, among = _given_among_final(labelled)
    return np.flatnonzero(has_given & ~among & (labelled.sets.counts > 0))


def replacements(labelled: LabelledImages) -> tuple[Replacement, ...]:
    """Which labels are valid where the given one is not, most frequent first, then by index. An image counts for each of its labels."""
    if labelled.given is None:
        return ()
    sets, wrong = labelled.sets, wrongly_given(labelled)
    given = np.repeat(np.asarray(labelled.given, dtype=np.int64)[wrong], sets.counts[wrong])
    instead = np.concatenate([sets.labels[sets.offsets[i] : sets.offsets[i + 1]] for i in wrong] or [np.empty(0, dtype=np.int64)])
    pairs, n_images = np.unique(np.stack([given, instead], axis=1), axis=0, return_counts=True)
    replaced = [Replacement(int(g), int(i), int(n)) for (g, i), n in zip(pairs, n_images, strict=True)]
    return tuple(sorted(replaced, key=lambda replacement: (-replacement.n_images, replacement.given, replacement.instead)))


def wrong_by_given_label(labelled: LabelledImages) -> Mapping[int, tuple[int, int]]:
    """For each given label, the number of its images where it is wrong (empty sets included), and of all its images."""
    if labelled.given is None:
        return {}
    has_given, among = _given_among_final(labelled)
    given = np.asarray(labelled.given, dtype=np.int64)
    labels, n_images = np.unique(given[has_given], return_counts=True)
    wrong = np.bincount(given[has_given & ~among], minlength=int(labels.max(initial=-1)) + 1)
    return {int(label): (int(wrong[label]), int(n)) for label, n in zip(labels, n_images, strict=True)}


def sure_by_models(labelled: LabelledImages, models: Sequence[EvaluatedModel]) -> Floats:
    """How sure each image's given label is wrong, as models see it: the share of them that name a valid label first, (n_images,).

    Only meant for `wrongly_given` images, whose valid labels are others; all 0 without models.
    """
    if not models:
        return np.zeros(len(labelled))
    return np.asarray(valid_hits(models).mean(axis=0), dtype=np.float64)


def named_by_most(wrong: Counts, models: Sequence[EvaluatedModel]) -> int | None:
    """On how many of these images more than half of the models name the given label first; None without models or given labels."""
    given = given_hits(models) if models else None
    return None if given is None else int((given[:, wrong].mean(axis=0) > 0.5).sum())


def _given_among_final(labelled: LabelledImages) -> tuple[Bools, Bools]:
    given = np.asarray(labelled.given)
    has_given = given != NO_LABEL
    return has_given, ValidLabels.of(labelled).contain(np.arange(len(labelled), dtype=np.int64), given) & has_given
