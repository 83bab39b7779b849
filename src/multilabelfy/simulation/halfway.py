"""A study of known truth that stops halfway: what its report would count, without a store, to see whether its intervals keep their word.

Annotators take images in a random order, two an image; experts take disputed ones in the order of triage. Both stop after a share of their
work. Each person sees a screen with most of an image's valid labels on it, filled up with others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from multilabelfy.annotation.answers import annotation_of
from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Screen
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.comparison import compare
from multilabelfy.disagreement.triage import uncertainty
from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress
from multilabelfy.simulation import annotators, experts
from multilabelfy.simulation.annotators import Habits, LookAlikes, SheetShown
from multilabelfy.simulation.truth import Truth

NOW = datetime(2000, 1, 1, tzinfo=UTC)
PROPOSED = 0.97
"""How likely a valid label is to be among the candidates."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works, and how often what is mixed up: annotators, experts, look-alikes, and the number of labels there are."""

    annotators: Sequence[Habits]
    experts: Sequence[Habits]
    look_alikes: LookAlikes
    n_labels: int


@dataclass(frozen=True)
class Stopped:
    """A study that stopped: the images with all their answers, by place, with their truth and these answers; and how many others there are.

    `decided` are the experts' decisions by place; `disputed` are the places that went to them. `n_begun` lack an answer.
    """

    truths: Sequence[Truth]
    answers: Sequence[Sequence[Annotation]]
    disputed: frozenset[int]
    decided: Mapping[int, frozenset[int]]
    n_begun: int
    n_untouched: int

    @property
    def progress(self) -> ImagesByProgress:
        """What the report of a study that stopped there would count."""
        agreed = [answers[0].chosen() for place, answers in enumerate(self.answers) if place not in self.disputed]
        n_undecided = len(self.disputed) - len(self.decided)
        return ImagesByProgress(
            drawn=_part([*agreed, *self.decided.values()]), n_begun=self.n_begun + n_undecided, n_untouched=self.n_untouched
        )


def halfway(truths: Sequence[Truth], staff: Staff, *, answered: float, decided: float, seed: int) -> ImagesByProgress:
    """The progress after `answered` of all answers and `decided` of the decisions on what is disputed by then (both from 0 to 1)."""
    return stopped(truths, staff, answered=answered, decided=decided, seed=seed).progress


def stopped(truths: Sequence[Truth], staff: Staff, *, answered: float, decided: float, seed: int) -> Stopped:
    """The same study with all that people said."""
    rng = np.random.default_rng(seed)
    n_answers = round(BLIND.overlap * len(truths) * answered)
    begun = [truths[place] for place in rng.permutation(len(truths))[: -(-n_answers // BLIND.overlap)]]
    whole = begun[: n_answers // BLIND.overlap]
    sheets = [_sheet(truth, staff, rng) for truth in whole]
    answers = [_answers(truth, sheet, staff, rng) for truth, sheet in zip(whole, sheets, strict=True)]
    disputed = [place for place, given in enumerate(answers) if compare(given).is_disputed]
    urgent = sorted(disputed, key=lambda place: -uncertainty(answers[place]))[: round(decided * len(disputed))]
    decisions = {place: _decision(whole[place], sheets[place], staff, rng) for place in urgent}
    return Stopped(whole, answers, frozenset(disputed), decisions, len(begun) - len(whole), len(truths) - len(begun))


def true_share(truths: Sequence[Truth]) -> float:
    """The share of these images that have at least two valid labels in truth."""
    return sum(len(truth.valid()) > 1 for truth in truths) / len(truths)


def _sheet(truth: Truth, staff: Staff, rng: np.random.Generator) -> SheetShown:
    valid = [label for label in sorted(truth.valid()) if rng.random() < PROPOSED]
    alike = [other for label in valid for other in sorted(staff.look_alikes.get(label, ()))]
    others = rng.permutation(staff.n_labels).tolist()
    return SheetShown(tuple(dict.fromkeys([*valid, *alike, *others]))[: BLIND.n_candidates], BLIND.group_size)


def _answers(truth: Truth, asked: SheetShown, staff: Staff, rng: np.random.Generator) -> list[Annotation]:
    people = rng.choice(len(staff.annotators), size=BLIND.overlap, replace=False).tolist()
    candidates = tuple(Candidate(label, "simulated", rank) for rank, label in enumerate(asked.shown, start=1))
    screen = Screen(candidates, BLIND.group_size, (NOW,) * -(-len(candidates) // BLIND.group_size))
    return [
        annotation_of(
            annotators.answer(staff.annotators[person], truth, asked, staff.look_alikes, rng).submission,
            screen,
            BLIND,
            known=range(staff.n_labels),
            image=ImageId(0),
            annotator=AnnotatorId(person),
            submitted_at=NOW,
        )
        for person in people
    ]


def _decision(truth: Truth, asked: SheetShown, staff: Staff, rng: np.random.Generator) -> frozenset[int]:
    expert = staff.experts[int(rng.integers(len(staff.experts)))]
    return experts.decide(expert, truth, asked, staff.look_alikes, rng).chosen


def _part(sets: Sequence[frozenset[int]]) -> CountedImages:
    return CountedImages(len(sets), sum(len(chosen) > 1 for chosen in sets))
