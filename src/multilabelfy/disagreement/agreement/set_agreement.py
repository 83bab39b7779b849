"""Say how far annotators agree on whole label sets: the share of equal sets, Jaccard and MASI distances, and alpha with them.

Sets are compared over the labels that everybody who saw the image was shown, and those that any of them found by search: whoever did not
find one did not choose it. Distances are 0 where both sets are empty and 1 where one is.
MASI (Passonneau 2006) is 1 − Jaccard × monotonicity: 1 for equal sets, 2/3 for a subset, 1/3 for an overlap, 0 for none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.statistics.intervals import Measured, interval_of, wilson_of_ratio
from multilabelfy.statistics.resampling import resampled

Floats = npt.NDArray[np.float64]
Similarity = Callable[[Ints, Ints, Ints], Floats]
MAYBE, YES = 1, 2


@dataclass(frozen=True)
class _Sets:
    """One set an image and rater: `image` (n,), `code` (n,) of distinct sets; `members` (n_entries, 2) pairs (code, label); `size`."""

    image: Ints
    code: Ints
    members: Ints
    size: Ints


@dataclass(frozen=True)
class JointSets:
    """The pairs of annotators of each image: the place of the first, (n_pairs,), and the sizes of both sets and of what they share."""

    sets: _Sets
    first: Ints
    shared: Ints
    size_first: Ints
    size_second: Ints

    @property
    def image(self) -> Ints:
        """The image of each pair, (n_pairs,)."""
        return self.sets.image[self.first]

    @property
    def n_images(self) -> int:
        """How many images at least two people answered."""
        return len(np.unique(self.image))

    def alike(self, similarity: Similarity) -> Floats:
        """The similarity of the two sets of each pair, (n_pairs,)."""
        return similarity(self.shared, self.size_first, self.size_second)


def joint_sets(questions: Questions, by_search: Questions | None = None, *, maybe_is_yes: bool) -> JointSets:
    """Every pair of annotators of an image, a maybe counted as a no or as a yes; `by_search` are votes on labels found by search."""
    sets = _sets(questions, by_search if by_search is not None and len(by_search) else None, MAYBE if maybe_is_yes else YES)
    first, second = _pairs(sets.image)
    a, b = sets.code[first], sets.code[second]
    return JointSets(sets, first, _shared_by_pair(sets, a, b), sets.size[a], sets.size[b])


def means_over_images(sets: JointSets, columns: Sequence[Floats]) -> list[Measured]:
    """The mean over images of each column's mean over the pairs of an image, all from 0 to 1; intervals are `wilson_of_ratio`'s."""
    images, row, n_pairs = np.unique(sets.image, return_inverse=True, return_counts=True)
    if not len(images):
        return [Measured(None)] * len(columns)
    by_image = [np.bincount(row, weights=column, minlength=len(images)) / n_pairs for column in columns]
    return [Measured(float(values.mean()), wilson_of_ratio(values, np.ones(len(values)))) for values in by_image]


def alpha(sets: JointSets, similarity: Similarity, *, seed: int) -> Measured:
    """Krippendorff's alpha with 1 − similarity as the distance: each image weighs as many answers as it has, chance is over all answers.

    Its interval is a bootstrap over images. The disagreement by chance is a square in how often each set was given; resamples move it by
    its first-order term, since the square itself would cost all pairs of sets each time. Not defined where all sets are the same, or
    without two answers.
    """
    n_of_image = np.bincount(sets.sets.image)
    paired = n_of_image[sets.sets.image] > 1
    total = int(paired.sum())
    if total < 2:
        return Measured(None)
    distance = 2 * (1 - sets.alike(similarity)) / (n_of_image[sets.image] - 1)
    times_given = np.bincount(sets.sets.code[paired], minlength=len(sets.sets.size))
    likeness = _likeness_to_all(sets.sets, times_given, similarity)[sets.sets.code[paired]]
    expected = 1 - _by_chance(likeness.sum() / total**2, total)
    if expected < 1e-12:
        return Measured(None)
    image = sets.sets.image[paired]
    columns = [np.bincount(sets.image, distance), np.bincount(image), np.bincount(image, likeness)]
    by_image = np.stack([np.pad(column, (0, len(n_of_image) - len(column))) for column in columns], axis=1)[n_of_image > 1]
    drawn = _alphas(resampled(by_image, seed=seed), by_image.sum(axis=0))
    return Measured(float(1 - distance.sum() / total / expected), interval_of(drawn))


def _alphas(drawn: Floats, whole: Floats) -> Floats:
    """Alpha of each resample, (n_resamples,), from its sums of distances, answers and likeness, and those of all images."""
    distance, total, likeness = drawn.T
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = 2 * likeness / (total * whole[1]) - whole[2] / whole[1] ** 2
        return np.asarray(1 - distance / total / (1 - _by_chance(alike, total)))


def equal(shared: Ints, first: Ints, second: Ints) -> Floats:
    """1 where two sets are equal, else 0, from the sizes of what they share and of each.

    >>> equal(np.array([1, 0, 0]), np.array([1, 0, 0]), np.array([2, 0, 3])).tolist()
    [0.0, 1.0, 0.0]
    """
    return np.asarray((shared == first) & (shared == second), dtype=np.float64)


def jaccard(shared: Ints, first: Ints, second: Ints) -> Floats:
    """|A∩B| / |A∪B| from sizes; 1 where both are empty.

    >>> jaccard(np.array([1, 0, 0]), np.array([1, 0, 0]), np.array([2, 0, 3])).tolist()
    [0.5, 1.0, 0.0]
    """
    either = first + second - shared
    return np.asarray(np.where(either == 0, 1.0, shared / np.maximum(either, 1)), dtype=np.float64)


def masi(shared: Ints, first: Ints, second: Ints) -> Floats:
    """Jaccard × monotonicity, from sizes.

    >>> masi(np.array([2, 1, 1]), np.array([2, 1, 2]), np.array([2, 2, 2])).round(3).tolist()
    [1.0, 0.333, 0.111]
    """
    is_subset = shared == np.minimum(first, second)
    monotonicity = np.where(is_subset & (first == second), 1.0, np.where(is_subset, 2 / 3, np.where(shared > 0, 1 / 3, 0.0)))
    return np.asarray(jaccard(shared, first, second) * monotonicity, dtype=np.float64)


def _sets(questions: Questions, by_search: Questions | None, at_least: int) -> _Sets:
    """Each rater's set of each image, over the questions that all raters of that image answered and the labels that any of them found."""
    votes = [questions] if by_search is None else [questions, by_search]
    image, label, rater, vote = (
        np.concatenate([of(part) for part in votes])
        for of in (_image_of_vote, _label_of_vote, lambda part: part.rater, lambda part: part.vote)
    )
    answer = np.unique(np.stack([image, rater], axis=1), axis=0)
    n_raters = np.bincount(answer[:, 0], minlength=max(part.n_images for part in votes)) if len(answer) else np.zeros(0, dtype=np.int64)
    is_joint = (questions.counts().sum(axis=1) == n_raters[questions.image])[questions.question]
    if by_search is not None:
        stride = int(label.max(initial=0)) + 1
        was_found = np.isin(image * stride + label, by_search.image * stride + by_search.label)
        is_joint = was_found | np.pad(is_joint, (0, len(image) - len(is_joint)))
    ticked = is_joint & (vote >= at_least)
    n_codes = max(*(part.n_raters for part in votes), 1)
    row = np.searchsorted(answer[:, 0] * n_codes + answer[:, 1], (image * n_codes + rater)[ticked])
    return _coded(answer[:, 0], row, label[ticked])


def _image_of_vote(questions: Questions) -> Ints:
    return questions.image[questions.question]


def _label_of_vote(questions: Questions) -> Ints:
    return questions.label[questions.question]


def _coded(image: Ints, row: Ints, label: Ints) -> _Sets:
    order = np.lexsort((label, row))
    starts = np.searchsorted(row[order], np.arange(len(image) + 1))
    labels = label[order]
    codes: dict[bytes, int] = {}
    code = np.array([codes.setdefault(labels[a:b].tobytes(), len(codes)) for a, b in pairwise(starts)], dtype=np.int64)
    distinct = [np.frombuffer(key, dtype=np.int64) for key in codes]
    size = np.array([len(members) for members in distinct], dtype=np.int64)
    flat = np.concatenate(distinct) if distinct else np.zeros(0, dtype=np.int64)
    return _Sets(image, code, np.stack([np.repeat(np.arange(len(distinct)), size), flat], axis=1), size)


def _pairs(image: Ints) -> tuple[Ints, Ints]:
    """Every pair of rows with the same image (rows are sorted by image), as two arrays of places."""
    steps = []
    for step in range(1, int(np.bincount(image).max(initial=0))):
        first = np.flatnonzero(image[step:] == image[:-step])
        steps.append((first, first + step))
    if not steps:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate([first for first, _ in steps]), np.concatenate([second for _, second in steps])


def _overlaps(sets: _Sets) -> tuple[Ints, Ints]:
    """Which ordered pairs of distinct sets share labels, as first × n + second, ascending, and how many."""
    n = len(sets.size)
    by_label = sets.members[np.argsort(sets.members[:, 1], kind="stable")]
    starts = np.flatnonzero(np.diff(by_label[:, 1], prepend=-1))
    groups = np.split(by_label[:, 0], starts[1:]) if len(by_label) else []
    codes = [(group[:, None] * n + group[None, :]).ravel() for group in groups]
    if not codes:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pairs, shared = np.unique(np.concatenate(codes), return_counts=True)
    return pairs, shared.astype(np.int64)


def _shared_by_pair(sets: _Sets, a: Ints, b: Ints) -> Ints:
    pairs, shared = _overlaps(sets)
    wanted = a * len(sets.size) + b
    place = np.minimum(np.searchsorted(pairs, wanted), max(len(pairs) - 1, 0))
    if not len(pairs):
        return np.zeros(len(a), dtype=np.int64)
    return np.where(pairs[place] == wanted, shared[place], 0)


def _likeness_to_all(sets: _Sets, n: Ints, similarity: Similarity) -> Floats:
    """For each distinct set, the sum of its similarities to all answers, (n_sets,); `n` says how often each set was given."""
    pairs, shared = _overlaps(sets)
    a, b = pairs // len(sets.size), pairs % len(sets.size)
    likeness = np.bincount(a, n[b] * similarity(shared, sets.size[a], sets.size[b]), minlength=len(sets.size))
    return np.where(sets.size == 0, float(n[sets.size == 0].sum()), likeness)


def _by_chance(alike: Floats | float, total: Floats | float) -> Floats:
    """The mean similarity of two different answers drawn at random, from that of two drawn with replacement out of `total`."""
    return np.asarray((total * alike - 1) / (total - 1))
