"""Compare annotators two by two on the questions that both were shown: who agrees with whom, and with the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.agreement.answer_agreement import cohen_kappa
from multilabelfy.disagreement.questions import Questions, pairs_of_votes

Bools = npt.NDArray[np.bool_]
YES = 2


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two raters (codes, the lower first) on the questions that both answered, yes against the rest: the share answered alike, positive
    agreement 2a/(2a+b+c) (None without a yes) and Cohen's kappa (None where chance alone explains all)."""

    first: int
    second: int
    n_questions: int
    percent: float
    positive: float | None
    kappa: float | None


def agreement_by_pair(questions: Questions) -> list[PairAgreement]:
    """Every pair of raters with a question in common, in order of their codes."""
    votes = pairs_of_votes(questions)
    first, second = (questions.rater[of] for of in votes)
    a, b = (questions.vote[of] for of in votes)
    both = first * max(questions.n_raters, 1) + second
    order = np.argsort(both, kind="stable")
    pairs, starts, sizes = np.unique(both[order], return_index=True, return_counts=True)
    each = [order[start : start + size] for start, size in zip(starts, sizes, strict=True)]
    return [_compare(int(pair), questions.n_raters, a[of] == YES, b[of] == YES) for pair, of in zip(pairs, each, strict=True)]


def _compare(pair: int, n_raters: int, a: Bools, b: Bools) -> PairAgreement:
    n_yes = int(a.sum()) + int(b.sum())
    return PairAgreement(
        first=pair // n_raters,
        second=pair % n_raters,
        n_questions=len(a),
        percent=float(np.mean(a == b)),
        positive=2 * int((a & b).sum()) / n_yes if n_yes else None,
        kappa=cohen_kappa(a.astype(np.int64), b.astype(np.int64)),
    )
