"""What simulated people would say about images of known truth: the same person always says the same, whatever way a study asks.

So two ways to ask differ by whom they ask about what, and not by luck. Answers become annotations, and disputes an expert's cases, by the
code that a study runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from multilabelfy.annotation.answers import annotation_of
from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Screen
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.comparison import compare
from multilabelfy.refinement.cases.queue import labels_to_show, tallies
from multilabelfy.simulation import annotators, experts
from multilabelfy.simulation.annotators import SheetShown
from multilabelfy.simulation.halfway import Staff
from multilabelfy.simulation.truth import Truth

NOW = datetime(2000, 1, 1, tzinfo=UTC)
MS = 1000


@dataclass(frozen=True, slots=True)
class KnownImage:
    """An image whose truth is known: its path, the candidates that people are shown, and each model's ranks of labels, from 1 on."""

    path: str
    truth: Truth
    candidates: tuple[Candidate, ...]
    ranks: tuple[Mapping[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ExpertVerdict:
    """The labels that an expert chose, after the reveal where there is one, and the milliseconds that it took."""

    labels: frozenset[int]
    ms: int


@dataclass
class SimulatedStaff:
    """The staff of one simulated study, by its seed. Each image has its annotators in an order of its own, and one expert."""

    images: Sequence[KnownImage]
    staff: Staff
    protocol: AnnotationProtocol
    seed: int
    _answers: dict[tuple[int, int], Annotation] = field(default_factory=dict)
    _order: dict[int, list[int]] = field(default_factory=dict)

    @property
    def n_annotators(self) -> int:
        """How many people may be asked about an image."""
        return len(self.staff.annotators)

    def answers(self, image: int, n: int) -> list[Annotation]:
        """What the first `n` annotators of an image answer; all of them where there are fewer."""
        if image not in self._order:
            self._order[image] = np.random.default_rng((self.seed, 1, image)).permutation(self.n_annotators).tolist()
        return [self._answer(image, person) for person in self._order[image][:n]]

    def verdict(self, image: int, earlier: Sequence[Annotation]) -> ExpertVerdict:
        """What the image's expert decides after these answers: first alone, and then again with the votes revealed."""
        known, rng = self.images[image], np.random.default_rng((self.seed, 3, image))
        habits = self.staff.experts[int(rng.integers(len(self.staff.experts)))]
        shown = labels_to_show(compare(earlier), known.candidates, self.protocol.refinement, (self.seed, image, 0))
        asked = SheetShown(shown, max(len(shown), 1), maybe_allowed=False)
        first = experts.decide(habits, known.truth, asked, self.staff.look_alikes, rng)
        support = {label: tally.n_yes / len(earlier) for label, tally in tallies(earlier, shown).items()}
        last = experts.reconsider(first, known.truth, support, rng)
        return ExpertVerdict(last.chosen, round(last.seconds * MS))

    def _answer(self, image: int, person: int) -> Annotation:
        if (image, person) not in self._answers:
            self._answers[image, person] = self._first_answer(image, person)
        return self._answers[image, person]

    def _first_answer(self, image: int, person: int) -> Annotation:
        known, protocol = self.images[image], self.protocol
        labels = tuple(candidate.label for candidate in known.candidates)
        asked = SheetShown(labels, protocol.group_size, protocol.maybe_allowed)
        rng = np.random.default_rng((self.seed, 2, image, person))
        given = annotators.answer(self.staff.annotators[person], known.truth, asked, self.staff.look_alikes, rng)
        return annotation_of(
            given.submission,
            Screen(known.candidates, protocol.group_size, (NOW,) * -(-len(labels) // protocol.group_size)),
            protocol,
            known=range(self.staff.n_labels),
            image=ImageId(image),
            annotator=AnnotatorId(person),
            submitted_at=NOW,
            present_ms=given.timing.elapsed,
        )
