"""Runs of answers that keep one pattern whatever the picture: no label, the first so many of the page, or always the same number.

Survey research calls it straight-lining, and counts the longest run of equal answers (the long string of Johnson 2005; Meade & Craig
2012), but has no cut-off for it. Here pictures give one: by the other votes each answer of a run has a chance for somebody who looks, and
a run is as unlikely as the product of these. Whoever looks may still err up to twice as often as everybody, or hardly ever: of such
annotators the one counts to whom the run is likeliest, so that being strict, or right, is not taken for being careless.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, product
from math import exp

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.disagreement.raters.answer_log import AnswerLog
from multilabelfy.disagreement.raters.error_rates import YES

Floats = npt.NDArray[np.float64]
SHORTEST_RUN = 8
FACTORS = (0.0, 0.5, 1.0, 2.0)


class Pattern(StrEnum):
    """What answers of a run have in common."""

    NONE = "none"  # no label
    FIRST = "first"  # the first so many labels of the page, and no other
    COUNT = "count"  # so many labels, whichever


@dataclass(frozen=True, slots=True)
class StraightRun:
    """A rater's least likely run: its pattern (`size` labels), its answers as places in the log, out of `n_answers` that could be judged.

    `n_expected` of them would have had the pattern if an ordinary annotator had looked; `p` is the chance of any run as unlikely.
    """

    pattern: Pattern
    size: int
    answers: tuple[int, ...]
    n_answers: int
    n_expected: float
    p: float


@dataclass(frozen=True, slots=True)
class Ordinary:
    """How often everybody says yes to a valid label, and to one that is not."""

    sensitivity: float
    false_yes: float

    def plausible(self) -> Floats:
        """Those who look, (n, 2), false yes and sensitivity: misses and false yes from none to twice as many; the ordinary first."""
        miss, false_yes = 1 - self.sensitivity, self.false_yes
        pairs = sorted(product(FACTORS, FACTORS), key=lambda factors: factors != (1.0, 1.0))
        rates = [(false_yes * of_yes, 1 - miss * of_miss) for of_miss, of_yes in pairs]
        return np.asarray(np.clip(np.array(rates), [0.001, 0.1], [0.5, 0.999]), dtype=np.float64)


def straightest_run(
    log: AnswerLog, questions: Questions, chance: Floats, is_told: npt.NDArray[np.bool_], of: Ints, team: Ordinary
) -> StraightRun | None:
    """The least likely run among a rater's answers (`of`, places in the log), None if no run has SHORTEST_RUN answers.

    `chance` and `is_told` (n_votes,) are the chance of each label without the vote, and whether others or gold tell it. Answers of whose
    labels fewer than half are told neither break a run nor count. p is the product of the run's chances by the number of answers at which
    it could have begun and of patterns that it could have had.
    """
    judged = [int(answer) for answer in of if len(log.votes(answer)) > 1 and is_told[log.votes(answer)].mean() >= 0.5]
    runs = list(_runs(log, questions, judged))
    if not runs:
        return None
    raters = team.plausible()
    most = max(len(log.votes(answer)) for answer in judged)
    tries = len(judged) * (2 * most + 1)
    weighed = [_weighed(pattern, size, [chance[log.votes(answer)] for answer in answers], raters) for pattern, size, answers in runs]
    least = min(range(len(runs)), key=lambda place: weighed[place][0])
    pattern, size, answers = runs[least]
    log_chance, n_expected = weighed[least]
    return StraightRun(pattern, size, tuple(answers), len(judged), n_expected, min(1.0, tries * exp(max(log_chance, -600.0))))


def _runs(log: AnswerLog, questions: Questions, judged: Sequence[int]) -> Iterator[tuple[Pattern, int, list[int]]]:
    """Every run that is long enough, of first labels before those of numbers."""
    yes = {answer: questions.vote[log.votes(answer)] == YES for answer in judged}
    if log.has_places:
        for size, run in groupby(judged, key=lambda answer: _n_first(yes[answer])):
            answers = list(run)
            if size and len(answers) >= SHORTEST_RUN:
                yield Pattern.FIRST, size, answers
    for size, run in groupby(judged, key=lambda answer: int(yes[answer].sum())):
        answers = list(run)
        if len(answers) >= SHORTEST_RUN:
            yield (Pattern.COUNT if size else Pattern.NONE), size, answers


def _n_first(yes: npt.NDArray[np.bool_]) -> int:
    """How many labels were chosen if they are the first of the page, else 0."""
    n = int(yes.sum())
    return n if yes[:n].all() else 0


def _weighed(pattern: Pattern, size: int, chances: Sequence[Floats], raters: Floats) -> tuple[float, float]:
    """The logarithm of the run's chance with whom it is likeliest, and how many of its answers an ordinary annotator would give so."""
    each = np.stack([_chance_of(pattern, size, chance, raters) for chance in chances])
    return float(np.log(np.maximum(each, 1e-300)).sum(axis=0).max()), float(each[:, 0].sum())


def _chance_of(pattern: Pattern, size: int, chance: Floats, raters: Floats) -> Floats:
    """The chance of the pattern on one picture, by rater (n_raters,)."""
    yes = np.outer(raters[:, 0], 1 - chance) + np.outer(raters[:, 1], chance)
    if pattern is Pattern.COUNT:
        return _of_count(size, yes)
    return np.asarray(yes[:, :size].prod(axis=1) * (1 - yes[:, size:]).prod(axis=1))


def _of_count(size: int, yes: Floats) -> Floats:
    """The chance of exactly so many yes (the Poisson-binomial distribution), from the chances of each, (n_raters, n_labels)."""
    counts = np.zeros((len(yes), size + 1))
    counts[:, 0] = 1.0
    for column in yes.T:
        more = column[:, np.newaxis]
        counts[:, 1:] = counts[:, 1:] * (1 - more) + counts[:, :-1] * more
        counts[:, :1] *= 1 - more
    return np.asarray(counts[:, size])
