"""Measures of how far people agree, on single answers and on sets of labels, from their definitions."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from tests.recomputed.figures import Floats, Resampled, over_images, ratio, share_of_images

Answers = Mapping[str, int]
"""One person's answers by label, from 0 (no) to 2 (yes)."""
Asked = tuple[Answers, Answers]
"""One person's answers to what was shown, and to what that person found by search."""
Similarity = Callable[[frozenset[str], frozenset[str]], float]
KINDS = 3


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """|A∩B| / |A∪B|; 1 where both are empty."""
    return len(a & b) / len(a | b) if a | b else 1.0


def masi(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's times 1 for equal sets, 2/3 for a subset, 1/3 for an overlap, 0 for none (Passonneau 2006)."""
    monotonicity = 1.0 if a == b else 2 / 3 if a <= b or b <= a else 1 / 3 if a & b else 0.0
    return jaccard(a, b) * monotonicity


def of_sets(suffix: str, images: Sequence[Sequence[Asked]], yes_from: int) -> dict[str, Any]:
    """Equal sets, and alpha with the MASI distance, over the labels that all annotators of an image were shown or that any found."""
    sets = [_sets(people, yes_from) for people in images]
    equal = [float(np.mean([a == b for a, b in combinations(of_image, 2)])) for of_image in sets]
    return {f"Equal sets{suffix}": share_of_images(equal), f"Alpha with MASI{suffix}": _alpha_of_sets(sets, masi)}


def _sets(people: Sequence[Asked], yes_from: int) -> list[frozenset[str]]:
    shown = frozenset.intersection(*(frozenset(answers) for answers, _ in people))
    both = shown | frozenset(label for _, found in people for label in found)
    return [frozenset(label for label in both if {**answers, **found}.get(label, 0) >= yes_from) for answers, found in people]


def _alpha_of_sets(images: Sequence[Sequence[frozenset[str]]], alike: Similarity) -> Resampled:
    """Krippendorff's alpha of whole sets; resamples move the disagreement by chance by its first-order term."""
    everything = [one for of_image in images for one in of_image]
    n = len(everything)
    rows = []
    for of_image in images:
        distance = sum(2 * (1 - alike(a, b)) for a, b in combinations(of_image, 2)) / (len(of_image) - 1)
        rows.append([distance, len(of_image), sum(alike(one, other) for one in of_image for other in everything)])
    whole = np.sum(rows, axis=0)

    def alpha(sums: Floats) -> Floats:
        distance, total, likeness = sums.T
        same = 2 * likeness / (total * n) - whole[2] / n**2
        expected = 1 - (total * same - 1) / (total - 1)
        return np.asarray(1 - distance / total / expected)

    return over_images(np.array(rows), alpha)


def of_answers(images: Sequence[Sequence[Answers]]) -> dict[str, Any]:
    """The measures of single answers, from the coincidences of the answers to each question (Krippendorff 2011)."""
    by_image = np.array([coincidences(people).ravel() for people in images if any(_joint(people))])
    return {
        "Answers alike": ratio(np.trace(_two(by_image), axis1=1, axis2=2), by_image.sum(axis=1)),
        "Positive agreement": ratio(_two(by_image)[:, 1, 1], _two(by_image)[:, 1].sum(axis=1)),
        "Fleiss’ kappa": over_images(by_image, lambda sums: _kappa(_two(sums))),
        "Krippendorff’s alpha": over_images(by_image, lambda sums: _alpha(_two(sums), ordinal=False)),
        "Krippendorff’s alpha, ordinal": over_images(by_image, lambda sums: _alpha(sums.reshape(-1, KINDS, KINDS), ordinal=True)),
    }


def _joint(people: Sequence[Answers]) -> list[list[int]]:
    """The answers to each question that at least two people were asked."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for answers in people:
        for label, vote in answers.items():
            by_label[label].append(vote)
    return [votes for votes in by_label.values() if len(votes) > 1]


def coincidences(people: Sequence[Answers]) -> Floats:
    table = np.zeros((KINDS, KINDS))
    for votes in _joint(people):
        for a, b in combinations(votes, 2):
            table[a, b] += 1 / (len(votes) - 1)
            table[b, a] += 1 / (len(votes) - 1)
    return table


def _two(sums: Floats) -> Floats:
    """No and maybe as one answer, (n, 2, 2)."""
    o = sums.reshape(-1, KINDS, KINDS)
    return np.stack(
        [np.stack([o[:, :2, :2].sum(axis=(1, 2)), o[:, :2, 2].sum(axis=1)], 1), np.stack([o[:, 2, :2].sum(axis=1), o[:, 2, 2]], 1)], 1
    )


def _observed(o: Floats) -> Floats:
    return np.asarray(np.trace(o, axis1=1, axis2=2) / o.sum(axis=(1, 2)))


def _kappa(o: Floats) -> Floats:
    shares = o.sum(axis=2) / o.sum(axis=(1, 2))[:, None]
    chance = (shares**2).sum(axis=1)
    return np.asarray((_observed(o) - chance) / (1 - chance))


def _alpha(o: Floats, *, ordinal: bool) -> Floats:
    n = o.sum(axis=2)
    middle = np.cumsum(n, axis=1) - n / 2
    apart = (middle[:, :, None] - middle[:, None, :]) ** 2 if ordinal else 1 - np.eye(o.shape[1])
    chance = (n[:, :, None] * n[:, None, :] * apart).sum(axis=(1, 2)) / (n.sum(axis=1) - 1)
    return np.asarray(1 - (o * apart).sum(axis=(1, 2)) / chance)
