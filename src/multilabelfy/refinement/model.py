"""The nouns of stage 4: an expert's decision on an image, and the final labels of a release."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from multilabelfy.annotation.model import AnnotatorId, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.empty_reasons import EmptyReason as EmptyReason
from multilabelfy.refinement.explanation import Explanation
from multilabelfy.refinement.label_sources import LabelSource as LabelSource


@dataclass(frozen=True, slots=True)
class Refinement(Explanation):
    """An expert's decision on one image.

    `before` is the union of what annotators ticked, `shown` the candidates in their order on the page. `answer_blind` is what the expert
    said before the votes were revealed (None in the open style), `answer_revealed` what stands now (None while the reveal is open).
    `policy` says why the image was before the expert (refinement.lots), with the probability with which it was drawn for that.
    """

    client_id: str
    image: ImageId
    expert: AnnotatorId
    before: tuple[int, ...]
    shown: tuple[int, ...]
    answer_blind: Mapping[int, Vote] | None
    answer_revealed: Mapping[int, Vote] | None
    submitted_at: datetime
    note: str = ""
    missing_label: str = ""
    present_ms: int = 0
    revision: int = 1
    policy: str = "one-expert"
    inclusion_probability: float = 1.0

    @property
    def is_decided(self) -> bool:
        """Whether the expert has finished: a blind answer still waits for its reveal."""
        return self.answer_revealed is not None

    def labels(self) -> tuple[int, ...]:
        """The chosen labels, in ascending order; empty while undecided or if nothing is valid."""
        return tuple(sorted(label for label, vote in (self.answer_revealed or {}).items() if vote is Vote.YES))


@dataclass(frozen=True, slots=True)
class FinalLabels(Explanation):
    """The published label set of one image with its provenance: `decided_by` are the annotators or experts who agreed.

    `chances` are those of `labels`, in their order, where the posterior settled them; nobody decided these.
    """

    image: ImageId
    labels: tuple[int, ...]
    source: LabelSource
    decided_by: tuple[AnnotatorId, ...] = ()
    before: tuple[int, ...] = ()
    chances: tuple[float, ...] = ()

    def decides_like(self, other: "FinalLabels") -> bool:
        """Whether both say the same of the image: labels, source, reason and relation. Chances, and who decided, may differ."""
        return replace(self, decided_by=other.decided_by, before=other.before, chances=other.chances) == other
