"""Say how far annotators agree on jointly shown questions: percent agreement, kappas and Krippendorff's alpha, always with positive
agreement and prevalence beside them, since kappa rises when easy noes are added.

Everything is read off one coincidence matrix (Krippendorff, "Computing Krippendorff's alpha-reliability", 2011): cell (c, k) sums, over
questions with m ≥ 2 answers, the ordered pairs of answers c and k by different people, each weighed 1/(m−1). Its margins count the
answers, its sum all of them, and it is additive over questions, so that an interval resamples images, not votes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import N_ANSWERS, Ints, Questions
from multilabelfy.statistics.intervals import Measured, interval_of, wilson_of_ratio
from multilabelfy.statistics.resampling import resampled

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
YES = N_ANSWERS - 1


@dataclass(frozen=True)
class JointAnswers:
    """The answers to questions that at least two people were shown.

    `by_image` has the coincidences of each image, (n_images, 3, 3); `drawn` their sums over resampled images, (n_resamples, 3, 3).
    """

    n_questions: int
    n_answers: int
    has_equal_overlap: bool
    by_image: Floats
    drawn: Floats


def joint_answers(questions: Questions, *, seed: int) -> JointAnswers:
    """Everything from which measures of single answers are computed; the same seed gives the same resamples."""
    counts = questions.counts()
    joint = counts.sum(axis=1) >= 2
    counts = counts[joint]
    by_image = _by_image(counts, questions.image[joint])
    return JointAnswers(len(counts), int(counts.sum()), has_equal_overlap(counts), by_image, resampled(by_image, seed=seed))


def measured(statistic: Statistic, joint: JointAnswers) -> Measured:
    """A statistic of the coincidences, with its interval over resampled images; not defined where it is nan."""
    value = float(statistic(joint.by_image.sum(axis=0)))
    return Measured(value, interval_of(statistic(joint.drawn))) if np.isfinite(value) else Measured(None)


def share_measured(part: Statistic, whole: Statistic, joint: JointAnswers) -> Measured:
    """The share of two sums over images, with Wilson's interval at its effective size; not defined of nothing."""
    parts, wholes = part(joint.by_image), whole(joint.by_image)
    interval = wilson_of_ratio(parts, wholes) if wholes.sum() > 0 else None
    return Measured(float(parts.sum() / wholes.sum()), interval) if interval else Measured(None)


def coincidences(counts: Ints) -> Floats:
    """From answers by question (n_questions, c) to a coincidence matrix each, (n_questions, c, c); zero where fewer than two answered.

    >>> coincidences(np.array([[1, 0, 1]]))[0].tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    counts = counts.astype(np.float64)
    pairs = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(counts.shape[1])
    pairs[:, diagonal, diagonal] -= counts
    others = np.maximum(counts.sum(axis=1) - 1, 1)
    return np.asarray(pairs / others[:, None, None], dtype=np.float64)


def has_equal_overlap(counts: Ints) -> bool:
    """Whether every question has the same number of answers, as Fleiss' kappa asks."""
    return len(np.unique(counts.sum(axis=1))) == 1


def yes_against_rest(o: Floats) -> Floats:
    """Merge no and maybe: (…, 3, 3) → (…, 2, 2). Coincidences are additive over answers too."""
    rest = o[..., :YES, :YES].sum(axis=(-1, -2))
    mixed = o[..., :YES, YES].sum(axis=-1)
    return np.stack([np.stack([rest, mixed], axis=-1), np.stack([mixed, o[..., YES, YES]], axis=-1)], axis=-2)


def alike(o: Floats) -> Floats:
    """The pairs of answers to one question that are the same, from coincidences (…, c, c)."""
    return np.asarray(np.trace(o, axis1=-2, axis2=-1))


def paired(o: Floats) -> Floats:
    """All paired answers."""
    return np.asarray(o.sum(axis=(-1, -2)))


def both_yes(o: Floats) -> Floats:
    """The answers paired with a yes that are a yes too."""
    return np.asarray(o[..., -1, -1])


def yes_answers(o: Floats) -> Floats:
    """The answers paired with a yes; as many as there are yes answers."""
    return np.asarray(o[..., -1, :].sum(axis=-1))


def percent_agreement(o: Floats) -> Floats:
    """The share of pairs of answers to one question that are the same; nan without pairs."""
    return _ratio(alike(o), paired(o))


def positive_agreement(o: Floats) -> Floats:
    """Of those paired with a yes, the share that are a yes too: 2a/(2a+b+c) for two raters (Cicchetti & Feinstein 1990)."""
    return _ratio(both_yes(o), yes_answers(o))


def prevalence(o: Floats) -> Floats:
    """The share of yes among the answers to jointly shown questions."""
    return _ratio(yes_answers(o), paired(o))


def fleiss_kappa(o: Floats) -> Floats:
    """(P − Pₑ)/(1 − Pₑ) with Pₑ the summed squares of the answers' shares (Fleiss 1971); nan where all answers are the same.

    Meant for equal overlap only: elsewhere its weights are not Fleiss'.
    """
    shares = _ratio(o.sum(axis=-1), o.sum(axis=(-1, -2))[..., None])
    expected = (shares**2).sum(axis=-1)
    return _ratio(percent_agreement(o) - expected, 1 - expected)


def cohen_kappa(first: Sequence[int] | Ints, second: Sequence[int] | Ints) -> float | None:
    """Cohen's kappa (1960) of two people's answers (n,) to the same questions, each with their own margins; None where not defined.

    >>> round(cohen_kappa([1, 1, 0, 0], [1, 0, 0, 0]), 3)
    0.5
    """
    a, b = np.asarray(first), np.asarray(second)
    if not len(a):
        return None
    kinds = np.union1d(a, b)
    expected = float(sum(np.mean(a == kind) * np.mean(b == kind) for kind in kinds))
    return None if np.isclose(expected, 1) else float((np.mean(a == b) - expected) / (1 - expected))


def krippendorff_alpha(o: Floats, *, ordinal: bool = False) -> Floats:
    """1 − observed/expected disagreement, for any overlap (Krippendorff 2011), nominal or with ordinal distances; nan where undefined."""
    margins = o.sum(axis=-1)
    total = margins.sum(axis=-1)
    distance = _ordinal_distance(margins) if ordinal else 1 - np.eye(o.shape[-1])
    observed = (o * distance).sum(axis=(-1, -2)) * (total - 1)
    by_chance = (margins[..., :, None] * margins[..., None, :] * distance).sum(axis=(-1, -2))
    return 1 - _ratio(observed, by_chance)


def _ordinal_distance(margins: Floats) -> Floats:
    """(Σ of the answers from c to k − (n_c + n_k)/2)², (…, c, c)."""
    upto = np.cumsum(margins, axis=-1) - margins / 2
    distance = upto[..., :, None] - upto[..., None, :]
    squared: Floats = distance * distance
    return squared


def _by_image(counts: Ints, image: Ints) -> Floats:
    """Sum the coincidences of questions' answers, (n_questions, c), over the questions of each image that has any, (n_images, c, c).

    Most questions are answered alike, so that each way to answer is worked out once.
    """
    images, row = np.unique(image, return_inverse=True)
    base = int(counts.max(initial=0)) + 1
    ways, way = np.unique(counts @ base ** np.arange(counts.shape[1]), return_index=True, return_inverse=True)[1:]
    cells = coincidences(counts[ways]).reshape(len(ways), counts.shape[1] ** 2).T
    sums = [np.bincount(row, weights=cell[way], minlength=len(images)) for cell in cells]
    rows: Floats = np.stack(sums, axis=1).astype(np.float64)
    return rows.reshape(len(images), counts.shape[1], counts.shape[1])


def _ratio(over: Floats, under: Floats) -> Floats:
    is_defined = np.abs(under) >= 1e-12
    return np.asarray(np.where(is_defined, over / np.where(is_defined, under, 1.0), np.nan), dtype=np.float64)
