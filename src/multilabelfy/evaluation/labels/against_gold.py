"""Which of two labellings is right where they differ, and how bad its mistakes are.

Severity follows Vasudevan et al. ("When does dough become a bagel?", arXiv 2205.04596), whose reviewers call a mistake major if it is
obviously wrong, and minor if it is understandable, as in confusing fine-grained classes. No reviewer is at hand here, so that the
hierarchy stands in for one (our reading; Peychev et al., arXiv 2401.02430, do the same with superclasses): a label that is not valid is
minor where it and a valid label of the image are near relatives (one is a kind of the other, or they share a parent or grandparent),
else major. A set that only lacks labels is minor, unless it is empty. Without a hierarchy no two labels are relatives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.labels.two_labellings import CodedPairs, Ints, stride_of
from multilabelfy.statistics.shares import Share
from multilabelfy.statistics.significance import p_of_signs

Bools = npt.NDArray[np.bool_]
AreKin = Callable[[int, int], bool]
"""Whether two labels are near relatives."""


class SetSeverity(StrEnum):
    """How bad a set is."""

    CORRECT = "correct"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Rightness:
    """One labelling against gold: its labels that are valid, valid labels that it has, and images by the severity of the set."""

    valid: Share
    found: Share
    severity: dict[SetSeverity, Share]


@dataclass(frozen=True, slots=True)
class AgainstGold:
    """Both labellings against gold, over `n_images`.

    `only_first` and `only_second` are the labels that one of them alone has, and how many of those are valid. Where exactly one set is
    right, it is the first one's in `first_right` images and the second one's in `second_right`; `p` is the sign test's.
    """

    n_images: int
    first: Rightness
    second: Rightness
    only_first: Share
    only_second: Share
    first_right: int
    second_right: int
    p: float


def against_gold(first: LabelSets, second: LabelSets, gold: LabelSets, are_kin: AreKin) -> AgainstGold:
    """Hold two labellings against gold; the images are the same in the same order."""
    stride = stride_of(first, second, gold)
    a, b, truth = (CodedPairs.of(sets, stride) for sets in (first, second, gold))
    right_a, right_b = _right(a, truth, len(gold)), _right(b, truth, len(gold))
    n_a, n_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    return AgainstGold(
        n_images=len(gold),
        first=_rightness(a, truth, first, gold, are_kin),
        second=_rightness(b, truth, second, gold, are_kin),
        only_first=_valid(np.setdiff1d(a.codes, b.codes, assume_unique=True), truth),
        only_second=_valid(np.setdiff1d(b.codes, a.codes, assume_unique=True), truth),
        first_right=n_a,
        second_right=n_b,
        p=float(p_of_signs([n_a], [n_b])[0]),
    )


def severity(labels: frozenset[int], gold: frozenset[int], are_kin: AreKin) -> SetSeverity:
    """How bad a set of labels is.

    >>> near = lambda a, b: abs(a - b) == 1
    >>> [severity(frozenset(one), frozenset({1, 5}), near).value for one in ({1, 5}, {1}, {1, 2}, {1, 9}, {2}, set())]
    ['correct', 'minor', 'minor', 'major', 'minor', 'major']
    """
    if labels == gold:
        return SetSeverity.CORRECT
    is_far = any(not any(are_kin(label, valid) for valid in gold) for label in labels - gold)
    return SetSeverity.MAJOR if is_far or (gold and not labels) else SetSeverity.MINOR


def _right(of: CodedPairs, truth: CodedPairs, n_images: int) -> Bools:
    """The images whose set is exactly gold's."""
    wrong = np.setxor1d(of.codes, truth.codes, assume_unique=True)
    return np.asarray(np.bincount(of.images(wrong), minlength=n_images) == 0)


def _valid(codes: Ints, truth: CodedPairs) -> Share:
    return Share(int(np.isin(codes, truth.codes, assume_unique=True).sum()), len(codes))


def _rightness(of: CodedPairs, truth: CodedPairs, sets: LabelSets, gold: LabelSets, are_kin: AreKin) -> Rightness:
    valid = _valid(of.codes, truth)
    counts = dict.fromkeys(SetSeverity, 0)
    for labels, right in zip(sets.rows(), gold.rows(), strict=True):
        counts[severity(frozenset(labels), frozenset(right), are_kin)] += 1
    return Rightness(valid, Share(valid.n_of, len(truth.codes)), {of_kind: Share(n, len(gold)) for of_kind, n in counts.items()})
