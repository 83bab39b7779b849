"""The label sets that other defensible rules would have given: by the votes alone, or by another threshold on a label's score.

Not in the table: a maybe that counts as a yes (under the protocol it does not), and, from four answers to a question on, the rule
that everybody must say yes: one slip among five then strikes a label, and half of the images would lose all of theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.disagreement.consensus.rules import is_valid
from multilabelfy.disagreement.questions import Ints
from multilabelfy.evaluation.measures.model import LabelledImages

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

YES = 2
AS_RELEASED = "as-released"
MOST_ANSWERS_FOR_EVERYBODY = 3
THRESHOLDS = (0.5, 0.8, 0.9)
"""A label below one half is more likely wrong than right; ReaL cuts at 0.8 (Beyer et al. 2020)."""


@dataclass(frozen=True)
class Judged:
    """What votes say about pairs of image and label, a row a pair: `image` is a position among the labelled images, `label` an index.

    `counts` is (n, 3): how many no, maybe, yes; None where only scores are known. `score` is (n,): the chance that the label is valid.
    """

    image: Ints
    label: Ints
    counts: Ints | None = None
    score: Floats | None = None

    @property
    def most_answers(self) -> int:
        """The largest number of answers to one question."""
        return 0 if self.counts is None else int(self.counts.sum(axis=1).max(initial=0))


@dataclass(frozen=True, slots=True)
class LabelRule:
    """A way to decide which labels are valid; `valid` gives (n,) for the rows of `Judged`, or None where it does not apply."""

    key: str
    words: str
    valid: Callable[[Judged], Bools | None]


@dataclass(frozen=True)
class Labelling:
    """The label sets by one rule. `asked` marks the images about which there are votes or scores, (n_images,)."""

    key: str
    words: str
    sets: LabelSets
    asked: Bools


def _by_votes(rule: str) -> Callable[[Judged], Bools | None]:
    return lambda judged: None if judged.counts is None else is_valid(judged.counts, rule)


def _by_everybody(judged: Judged) -> Bools | None:
    return _by_votes("unanimous")(judged) if judged.most_answers <= MOST_ANSWERS_FOR_EVERYBODY else None


def _by_two(judged: Judged) -> Bools | None:
    return None if judged.counts is None else np.asarray(judged.counts[:, YES] >= 2)


def _by_score(threshold: float) -> Callable[[Judged], Bools | None]:
    return lambda judged: None if judged.score is None else np.asarray(judged.score > threshold)


LABEL_RULES: tuple[LabelRule, ...] = (
    LabelRule("everybody", "everybody says yes", _by_everybody),
    LabelRule("majority", "more than half say yes", _by_votes("majority")),
    LabelRule("two-yes", "at least two say yes", _by_two),
    LabelRule("any-yes", "anybody says yes", _by_votes("union")),
    *(LabelRule(f"score-{threshold}", f"score above {threshold}", _by_score(threshold)) for threshold in THRESHOLDS),
)
"""Every other defensible way to decide which labels are valid, strictest votes first."""


def labellings(labelled: LabelledImages, judged: Judged | None) -> tuple[Labelling, ...]:
    """The released sets, then those of each rule that applies. A rule whose sets an earlier labelling has already is left out.

    An image about which nobody was asked keeps its released labels.
    """
    asked = np.zeros(len(labelled), dtype=bool)
    ways = [Labelling(AS_RELEASED, "labels as released", labelled.sets, asked)]
    if judged is None:
        return tuple(ways)
    asked[judged.image] = True
    for rule in LABEL_RULES:
        valid = rule.valid(judged)
        if valid is None:
            continue
        sets = _sets(labelled.sets, judged, asked, valid)
        if not any(_equal(sets, earlier.sets) for earlier in ways):
            ways.append(Labelling(rule.key, f"labels: {rule.words}", sets, asked))
    return tuple(ways)


def _sets(released: LabelSets, judged: Judged, asked: Bools, valid: Bools) -> LabelSets:
    by_image: list[Sequence[int]] = [() if is_asked else row for is_asked, row in zip(asked.tolist(), released.rows(), strict=True)]
    image, label = judged.image[valid], judged.label[valid]
    order = np.argsort(image, kind="stable")
    starts = np.searchsorted(image[order], np.arange(len(released) + 1))
    labels = label[order].tolist()
    for row in np.flatnonzero(np.diff(starts)).tolist():
        by_image[row] = labels[starts[row] : starts[row + 1]]
    return LabelSets.from_rows(released.images, by_image)


def _equal(sets: LabelSets, other: LabelSets) -> bool:
    return bool(np.array_equal(sets.counts, other.counts)) and bool(np.array_equal(_sorted(sets), _sorted(other)))


def _sorted(sets: LabelSets) -> Ints:
    rows = np.repeat(np.arange(len(sets)), sets.counts)
    return sets.labels[np.lexsort((sets.labels, rows))]
