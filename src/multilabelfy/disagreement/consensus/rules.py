"""Turn votes into a label's score by a fixed rule: unanimous, majority, union or the mean (what the votes say before experts look)."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints

Floats = npt.NDArray[np.float64]
YES = 2


def unanimous(counts: Ints) -> Floats:
    """1 where everybody who was asked said yes, else 0. `counts` is (n_questions, 3): how many no, maybe, yes.

    >>> unanimous(np.array([[0, 0, 2], [1, 0, 1], [0, 1, 1]])).tolist()
    [1.0, 0.0, 0.0]
    """
    everybody = (counts[:, YES] == _answers(counts)) & (counts[:, YES] > 0)
    return np.where(everybody, 1.0, 0.0)


def majority(counts: Ints) -> Floats:
    """The share of yes; a label counts as valid above one half, so that an even split is not a majority.

    >>> majority(np.array([[0, 0, 2], [1, 0, 1]])).tolist()
    [1.0, 0.5]
    """
    return np.asarray(counts[:, YES] / np.maximum(_answers(counts), 1), dtype=np.float64)


def union(counts: Ints) -> Floats:
    """1 where anybody said yes, else 0.

    >>> union(np.array([[4, 0, 1], [0, 2, 0]])).tolist()
    [1.0, 0.0]
    """
    return (counts[:, YES] > 0).astype(np.float64)


def mean(counts: Ints) -> Floats:
    """The mean vote, with a maybe as half a yes: cut it where it suits.

    >>> mean(np.array([[0, 0, 2], [1, 2, 1], [0, 0, 0]])).tolist()
    [1.0, 0.5, 0.0]
    """
    return np.asarray((counts[:, YES] + counts[:, 1] / 2) / np.maximum(_answers(counts), 1), dtype=np.float64)


RULES: dict[str, Callable[[Ints], Floats]] = {"unanimous": unanimous, "majority": majority, "union": union}
VALID_ABOVE = 0.5
"""A score above this means that the rule takes the label as valid."""


def is_valid(counts: Ints, rule: str) -> npt.NDArray[np.bool_]:
    """Whether the rule of this name takes each label as valid, (n_questions,)."""
    return RULES[rule](counts) > VALID_ABOVE


def _answers(counts: Ints) -> Ints:
    return np.asarray(counts.sum(axis=1), dtype=np.int64)
