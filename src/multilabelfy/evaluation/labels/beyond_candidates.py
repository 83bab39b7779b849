"""How many valid labels did the candidates miss? A lower bound from what two annotators found by search, independently of each other.

A valid label beyond the candidates is found by both, by one or by neither of them. With f₁ labels found by exactly one and f₂ by both, at
least f₁(f₁ − 1) / (4 (f₂ + 1)) were found by neither: Chao's lower bound (Biometrics 43, 1987) for two lists, bias-corrected. It assumes
that the two search independently; where some labels are easier to find than others, or the two think alike, there are more. Proposers
depend on each other, so that their overlap is no such estimate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation
from multilabelfy.annotation.votes import OUTCOMES_WITH_NOES
from multilabelfy.statistics.intervals import Interval, interval_of
from multilabelfy.statistics.resampling import resampled

Floats = npt.NDArray[np.float64]
N_LISTS = 2


@dataclass(frozen=True, slots=True)
class BeyondCandidates:
    """Labels (one label of one image counts once) that were found by search, and at least how many more there are.

    Over `n_images` that two annotators answered; `n_searched` of these `2 × n_images` answers used the search at all.
    """

    n_images: int
    n_searched: int
    n_found_once: int
    n_found_twice: int
    interval: Interval | None

    @property
    def n_found(self) -> int:
        """By either annotator."""
        return self.n_found_once + self.n_found_twice

    @property
    def n_unseen_at_least(self) -> float:
        """Chao's lower bound of the labels that neither found."""
        return float(lower_bound(np.array([[self.n_found_once, self.n_found_twice]], dtype=np.float64))[0])


def beyond_candidates(answers: Iterable[Sequence[Annotation]], *, seed: int) -> BeyondCandidates | None:
    """The bound from each image's first two answers that judge its labels; None if no image has two. Intervals are bootstrap intervals."""
    pairs = [pair for of_image in answers if len(pair := _first_two(of_image)) == N_LISTS]
    if not pairs:
        return None
    lists = [[_found(answer) for answer in pair] for pair in pairs]
    counts = np.array([[len(first ^ second), len(first & second)] for first, second in lists], dtype=np.float64)
    once, twice = counts.sum(axis=0).astype(int).tolist()
    n_searched = sum(answer.screen.search_used or bool(answer.unprompted) for pair in pairs for answer in pair)
    return BeyondCandidates(len(pairs), n_searched, once, twice, interval_of(lower_bound(resampled(counts, seed=seed))))


def lower_bound(counts: Floats) -> Floats:
    """From (n, 2) counts of labels found by exactly one and by both to the least number found by neither, (n,).

    >>> lower_bound(np.array([[9.0, 2.0], [4.0, 0.0], [0.0, 7.0]])).tolist()
    [6.0, 3.0, 0.0]
    """
    once, twice = counts[:, 0], counts[:, 1]
    return np.asarray(once * np.maximum(once - 1, 0) / (2 * N_LISTS * (twice + 1)), dtype=np.float64)


def _first_two(answers: Sequence[Annotation]) -> list[Annotation]:
    judging = [answer for answer in counting(answers) if answer.outcome in OUTCOMES_WITH_NOES]
    return sorted(judging, key=lambda answer: (answer.submitted_at, answer.annotator))[:N_LISTS]


def _found(answer: Annotation) -> frozenset[int]:
    return answer.chosen() & frozenset(answer.unprompted)
