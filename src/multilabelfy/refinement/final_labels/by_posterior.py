"""Settle an image by the chances of its labels: valid from a threshold on, unless a label lies too close to it.

A label within the margin around the threshold is left to an expert, and its whole image with it: the reject option of Chow ("On optimum
recognition error and reject tradeoff", 1970). At a threshold of 0.5 and a margin of 0.4 an image is settled if each of its labels is
valid, or not valid, with a chance of at least 0.9. What a chance is, `disagreement/consensus/posterior.py` says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.refinement.model import FinalLabels, LabelSource

DIGITS = 3
"""The method stops when no chance moves by more than 0.001: further digits mean nothing."""
LEAST = 0.001
"""Chances are written from this on, and up to 1 less it: none is certain."""
ATTEMPT = "Cannot cut the chances"


class CutOutcome(StrEnum):
    """What the chances of an image's labels say of it."""

    SETTLED = "settled"
    BELOW = "below"  # no label reaches the threshold: why none is valid, only an expert can say
    IN_DOUBT = "in-doubt"  # a label lies within the margin
    FOR_EXPERTS = "for-experts"  # a person asked for one (unfit picture, sent to an expert again), or one has decided and another follows


@dataclass(frozen=True, slots=True)
class Cut:
    """Where chances are cut. Raises InvalidInput for a threshold, or a margin around it, beyond which no chance lies.

    >>> Cut(0.5, 0.4).valid_from, Cut(0.5, 0.4).invalid_below
    (0.9, 0.1)
    """

    threshold: float = 0.5
    margin: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        if not 0 < self.threshold < 1:
            problems.append(Problem("--threshold", f"{self.threshold:g} is not between 0 and 1"))
        elif not (self.margin >= 0 and self.valid_from < 1 and self.invalid_below > 0):
            most = min(self.threshold, 1 - self.threshold)
            problems.append(Problem("--margin", f"{self.margin:g} is not from 0 to less than {most:g}: beyond, no label could be settled"))
        if problems:
            raise InvalidInput(ATTEMPT, problems, "Take a threshold such as 0.5, and a margin such as 0 or 0.4.")

    @property
    def valid_from(self) -> float:
        """A label with this chance or more is valid."""
        return round(self.threshold + self.margin, 9)

    @property
    def invalid_below(self) -> float:
        """A label with less than this chance is not valid."""
        return round(self.threshold - self.margin, 9)

    def outcome(self, chances: Iterable[float]) -> CutOutcome:
        """Of an image whose labels have these chances; without any, none is reached."""
        values = tuple(chances)
        if any(self.invalid_below <= chance < self.valid_from for chance in values):
            return CutOutcome.IN_DOUBT
        return CutOutcome.SETTLED if any(chance >= self.valid_from for chance in values) else CutOutcome.BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPosterior:
    """How a release's labels of the source `posterior` were made: all that is needed to make them again from the same votes.

    `version` is that of the program, `parameters` are the method's. `models` are those whose first five ranks were evidence,
    `has_given_label` says whether the given label was. `machines` are those whose `n_machine_votes` votes counted beside people's.
    `sha256` is of votes and evidence as they were laid out. Below, how many images that waited for an expert were settled, and how many
    were left to experts and why.
    """

    threshold: float
    margin: float
    version: str
    parameters: Mapping[str, float]
    models: tuple[str, ...]
    has_given_label: bool
    n_votes: int
    n_annotators: int
    n_iterations: int
    has_converged: bool
    sha256: str
    n_settled: int = 0
    n_below: int = 0
    n_in_doubt: int = 0
    n_for_experts: int = 0
    method: str = "posterior"
    machines: tuple[str, ...] = ()
    n_machine_votes: int = 0

    @property
    def n_left(self) -> int:
        """How many images are left to experts."""
        return self.n_below + self.n_in_doubt + self.n_for_experts


@dataclass(frozen=True, slots=True)
class Weighed:
    """An image that waits for an expert: its labels' chances, what annotators had ticked, and whether it is an expert's all the same."""

    image: ImageId
    chances: Mapping[int, float]
    before: tuple[int, ...] = ()
    is_for_experts: bool = False


def settle(images: Iterable[Weighed], cut: Cut) -> tuple[list[FinalLabels], Mapping[CutOutcome, int]]:
    """The final labels of the images that the cut settles, and how many images have each outcome."""
    outcomes = [(weighed, outcome_of(weighed, cut)) for weighed in images]
    finals = [_final(weighed, cut) for weighed, outcome in outcomes if outcome is CutOutcome.SETTLED]
    return finals, Counter(outcome for _, outcome in outcomes)


def outcome_of(weighed: Weighed, cut: Cut) -> CutOutcome:
    """What becomes of one image."""
    return CutOutcome.FOR_EXPERTS if weighed.is_for_experts else cut.outcome(weighed.chances.values())


def written(chance: float) -> float:
    """A chance as it is kept and written.

    >>> written(0.87654), written(0.99999)
    (0.877, 0.999)
    """
    return round(min(max(chance, LEAST), 1 - LEAST), DIGITS)


def _final(weighed: Weighed, cut: Cut) -> FinalLabels:
    labels = tuple(sorted(label for label, chance in weighed.chances.items() if chance >= cut.valid_from))
    chances = tuple(written(weighed.chances[label]) for label in labels)
    return FinalLabels(weighed.image, labels, LabelSource.POSTERIOR, before=weighed.before, chances=chances)
