"""What is worth a talk about somebody's answers: tests against what is tolerated, and those that hold among all of them.

Each test asks whether answers are worse than a margin, not whether they differ at all (a minimum-effect test, Murphy & Myors 1999): people
differ, and with enough answers every difference would be found. Among all tests of a study, those of pairs apart, at most one in twenty
concerns is expected to be false (Benjamini & Hochberg 1995).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.raters.answer_log import LEAST_SECONDS_A_FIVE
from multilabelfy.disagreement.raters.dependence import Dependence
from multilabelfy.disagreement.raters.drift import Drift
from multilabelfy.disagreement.raters.error_rates import ErrorRates
from multilabelfy.disagreement.raters.haste import Haste
from multilabelfy.disagreement.raters.straight_lining import Pattern, StraightRun
from multilabelfy.statistics.significance import FALSE_DISCOVERIES

LEAST_INFORMED = 0.2
"""Who looks is better informed (sensitivity + specificity − 1) than this."""
TOLERATED_DROP = 0.1
"""By so much the informedness of late answers may be lower."""
TOLERATED_CORRELATION = 0.2
"""By so much the errors of two may be closer than those of pairs at large."""


class ConcernKind(StrEnum):
    """What a concern is about."""

    UNINFORMED = "votes-say-little"
    NEVER = "never-chooses"
    FIRST = "chooses-the-first"
    SAME_NUMBER = "same-number"
    RAPID = "too-fast"
    UNSEEN = "unseen-fives"
    WORSE = "became-worse"
    ALIKE = "answer-alike"


SENTENCES: Mapping[ConcernKind, str] = {
    ConcernKind.UNINFORMED: "Votes say little about the labels: yes to %(of_valid)s of those that are probably valid (about %(valid)s), "
    "and to %(of_others)s of those that are probably not (about %(others)s).",
    ConcernKind.NEVER: "Chose no label in a run of %(n)s answers, out of %(all)s. By the other votes on these pictures, somebody who looks "
    "would choose none in about %(expected)s of them.",
    ConcernKind.FIRST: "Chose exactly the first labels of the page (%(size)s) in a run of %(n)s answers, out of %(all)s. By the other "
    "votes on these pictures, somebody who looks would choose these in about %(expected)s of them.",
    ConcernKind.SAME_NUMBER: "Chose the same number of labels (%(size)s) in a run of %(n)s answers, out of %(all)s. By the other votes "
    "on these pictures, somebody who looks would choose as many in about %(expected)s of them.",
    ConcernKind.RAPID: "Took less than a fifth of the others’ time for as many labels in %(n)s of %(all)s answers: %(own)s seconds "
    "(median), where others take %(typical)s.",
    ConcernKind.UNSEEN: "Fives open for less than %(least)s s: %(n)s of %(all)s.",
    ConcernKind.WORSE: "Later answers are worse than earlier ones: yes to %(late)s of the valid labels instead of %(early)s, and to "
    "%(late_false)s of the others instead of %(early_false)s.",
    ConcernKind.ALIKE: "Answered alike on %(n)s of the %(all)s labels that both saw (images: %(images)s); two who err independently would "
    "on about %(expected)s.",
}
"""Each with the names of its evidence, which pages translate."""
OF_RUNS: Mapping[Pattern, ConcernKind] = {
    Pattern.NONE: ConcernKind.NEVER,
    Pattern.FIRST: ConcernKind.FIRST,
    Pattern.COUNT: ConcernKind.SAME_NUMBER,
}


@dataclass(frozen=True, slots=True)
class Concern:
    """What is worth a talk: its kind, its evidence by the names in its sentence (numbers, shares and decimals), images to look at (codes),
    and the p-value of its test. `others_too` is the p-value adjusted for all tests of the study, 1 until they are known."""

    kind: ConcernKind
    p: float
    numbers: Mapping[str, int]
    shares: Mapping[str, float] = field(default_factory=dict)
    decimals: Mapping[str, float] = field(default_factory=dict)
    images: tuple[int, ...] = ()
    others_too: float = 1.0


def uninformed(rates: ErrorRates, images: Sequence[int]) -> Concern | None:
    """Whether votes say so little that nobody who looks would give them; `images` are those where they contradict the others most."""
    if rates.informedness is None or rates.error is None:
        return None
    n_others = rates.n_votes - rates.n_valid
    shares = {"of_valid": rates.yes_where_valid / rates.n_valid, "of_others": rates.yes_elsewhere / n_others}
    numbers = {"valid": round(rates.n_valid), "others": round(n_others)}
    p = _below((rates.informedness - LEAST_INFORMED) / max(rates.error, 1e-9))
    return Concern(ConcernKind.UNINFORMED, p, numbers, shares, images=tuple(images))


def straight_lined(run: StraightRun, images: Sequence[int]) -> Concern:
    """Whether a run of answers keeps its pattern whatever the picture."""
    numbers = {"n": len(run.answers), "all": run.n_answers, "size": run.size, "expected": round(run.n_expected)}
    return Concern(OF_RUNS[run.pattern], run.p, numbers, images=tuple(images))


def too_fast(haste: Haste, images: Sequence[int]) -> Concern:
    """Whether too many answers are rapid."""
    times = {"own": haste.own or 0.0, "typical": haste.typical or 0.0}
    return Concern(ConcernKind.RAPID, haste.p, {"n": haste.n_hasty, "all": haste.n}, decimals=times, images=tuple(images))


def unseen(haste: Haste, images: Sequence[int]) -> Concern:
    """Whether too many fives cannot have been looked at."""
    least = {"least": LEAST_SECONDS_A_FIVE}
    return Concern(ConcernKind.UNSEEN, haste.p, {"n": haste.n_hasty, "all": haste.n}, decimals=least, images=tuple(images))


def became_worse(drift: Drift, images: Sequence[int]) -> Concern | None:
    """Whether the second half of the answers is worse than the first."""
    if drift.change.value is None or drift.error is None:
        return None
    of_valid = {name: rates.sensitivity.value or 0.0 for name, rates in (("early", drift.early), ("late", drift.late))}
    of_others = {f"{name}_false": 1 - (rates.specificity.value or 0.0) for name, rates in (("early", drift.early), ("late", drift.late))}
    p = _below((drift.change.value + TOLERATED_DROP) / max(drift.error, 1e-9))
    return Concern(ConcernKind.WORSE, p, {}, of_valid | of_others, images=tuple(images))


def alike(pair: Dependence, typical: float) -> Concern | None:
    """Whether two err together more than pairs at large, whose median correlation is `typical`."""
    if pair.correlation.value is None:
        return None
    numbers = {"n": pair.n_alike, "all": pair.n_questions, "images": pair.n_images, "expected": round(pair.n_expected)}
    p = _below((max(typical, 0.0) + TOLERATED_CORRELATION - pair.correlation.value) / max(pair.error, 1e-9))
    return Concern(ConcernKind.ALIKE, p, numbers, images=pair.images)


def adjusted(p: Sequence[float]) -> npt.NDArray[np.float64]:
    """The p-values of a family of tests, adjusted so that those up to FALSE_DISCOVERIES hold.

    >>> adjusted([0.01, 0.04, 0.5]).round(3).tolist()
    [0.03, 0.06, 0.5]
    """
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p), dtype=np.float64) if len(p) else np.zeros(0)


def holds(concern: Concern) -> bool:
    """Whether the concern holds among all tests of the study."""
    return concern.others_too <= FALSE_DISCOVERIES


def told(
    concern: Concern,
    text: str,
    *,
    number: Callable[[int], str] = "{:,}".format,
    share: Callable[[float], str] = "{:.0%}".format,
    decimal: Callable[[float], str] = "{:.1f}".format,
) -> str:
    """The concern as a sentence: `text` is that of its kind in SENTENCES, in whichever language, and the rest write its evidence.

    >>> told(Concern(ConcernKind.NEVER, 0.0, {"n": 30, "all": 40, "expected": 6}), "%(n)s of %(all)s, not %(expected)s")
    '30 of 40, not 6'
    """
    counts = {name: number(value) for name, value in concern.numbers.items()}
    shares = {name: share(value) for name, value in concern.shares.items()}
    return text % (counts | shares | {name: decimal(value) for name, value in concern.decimals.items()})


def _below(z: float) -> float:
    """The chance of a normal variable below z."""
    return 0.5 * erfc(-z / sqrt(2))
