"""The port of `export`: what a writer may ask of a dataset, what it is asked to write, and what it reports about its file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from multilabelfy.annotation.machines import MachineVote
from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.evaluation.labels.correction import Correction, correction_of
from multilabelfy.formats.exported.data_card import About, DataCard
from multilabelfy.proposals.model import Proposal
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
from multilabelfy.refinement.model import FinalLabels, Refinement

NOTHING_SAID = About()

Named = Callable[[AnnotatorId], str]
"""What to call an annotator: a pseudonym or a name."""


@dataclass(frozen=True, slots=True)
class FinalImage:
    """One image's final labels, with its path and its given label."""

    path: str
    given_label: int | None
    final: FinalLabels


@dataclass(frozen=True, slots=True)
class CorrectedImage:
    """One image's final labels and its given label. `chosen` has the label set of each annotator whose answer counts."""

    path: str
    given_label: int | None
    final: FinalLabels
    chosen: tuple[frozenset[int], ...] = ()

    @property
    def certainty(self) -> float | None:
        """The share of annotators who chose exactly the final labels; None if nobody annotated."""
        return _share([labels == frozenset(self.final.labels) for labels in self.chosen])

    @property
    def given_support(self) -> float | None:
        """The share of annotators who chose the given label; None if nobody annotated or there is no given label."""
        return None if self.given_label is None else _share([self.given_label in labels for labels in self.chosen])


@dataclass(frozen=True, slots=True)
class ExpertDecision:
    """An expert's decision or blind answer, with the path of its image; whether it stands, as the newest of a decided image does."""

    path: str
    decision: Refinement
    stands: bool


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The standing answer to a check, with the path of its image, what kind of check it was and the probability with which it was drawn.

    `known` are the valid labels of gold, None for other kinds; retired gold counts no more.
    """

    path: str
    answer: Annotation
    kind: str
    probability: float
    known: frozenset[int] | None = None
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class CastByMachine:
    """A machine's vote, with the path of its image and the machine's name as files write it."""

    path: str
    machine: str
    vote: MachineVote


def corrections(images: Iterable[CorrectedImage]) -> Mapping[Correction, int]:
    """How many images have each kind of correction, in the order of the kinds."""
    counted = Counter(correction_of(image.given_label, image.final.labels) for image in images)
    return {kind: counted[kind] for kind in Correction if counted[kind]}


class ExportedDataset(Protocol):
    """A dataset as it stands at one moment. Each part is read only when a writer asks for it. Images come in the order of the import."""

    @property
    def labels(self) -> LabelSpace:
        """The labels that its images may have."""

    @property
    def release(self) -> int:
        """The number of the release that is written. Raises UnknownRelease."""

    @property
    def by_posterior(self) -> ByPosterior | None:
        """How the posterior settled images of that release, if it did. Raises UnknownRelease."""

    @property
    def plan(self) -> str | None:
        """The hash of the frozen analysis plan, if there is one."""

    @property
    def called(self) -> Named:
        """How files name annotators."""

    @property
    def seed(self) -> int:
        """The study's seed, which draws orders."""

    def paths(self) -> Sequence[str]:
        """Every image's path, including images without final labels."""

    def final_images(self) -> Iterator[FinalImage]:
        """The images that have final labels in the release."""

    def corrected_images(self) -> Iterator[CorrectedImage]:
        """The same, with what each annotator chose."""

    def answers(self) -> Iterator[tuple[str, Annotation]]:
        """Each annotation that stands, with the path of its image."""

    def decisions(self) -> Iterator[ExpertDecision]:
        """Every decision and blind answer of experts, oldest first."""

    def checks(self) -> Iterator[CheckAnswer]:
        """Each check that was answered, in the order of the first answers; those by search first follow."""

    def machine_votes(self) -> Iterator[CastByMachine]:
        """Every vote of every machine, machine after machine."""

    def proposals(self) -> Iterator[tuple[str, Sequence[Proposal]]]:
        """Each image's proposals, run after run, best first."""

    def data_card(self, folder: Path, about: About, *, overwrite: bool) -> DataCard:
        """The facts for a data card; writes the table that it describes into `folder`. Raises InvalidInput."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file to write, whether it may replace an existing one, and what only some formats use."""

    out: Path
    overwrite: bool = False
    crowd_kit: bool = False
    about: About = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Written:
    """The number of rows, the number of images with final labels (None if the file holds no release), and notes for the person."""

    n_rows: int
    n_images: int | None = None
    notes: tuple[str, ...] = ()


def _share(votes: list[bool]) -> float | None:
    return sum(votes) / len(votes) if votes else None
