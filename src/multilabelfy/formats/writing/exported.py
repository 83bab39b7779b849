"""What a writer may ask of the dataset that it writes, what was wanted, and what it says of its file: the port of `export`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.evaluation.labels.correction import Correction, correction_of
from multilabelfy.formats.writing.data_card import About, DataCard
from multilabelfy.proposals.model import Proposal
from multilabelfy.refinement.model import FinalLabels

NOTHING_SAID = About()

Named = Callable[[AnnotatorId], str]
"""What to call an annotator: a pseudonym, or a name."""


@dataclass(frozen=True, slots=True)
class FinalImage:
    """One image's final labels, with its path and the label that it came with."""

    path: str
    given_label: int | None
    final: FinalLabels


@dataclass(frozen=True, slots=True)
class CorrectedImage:
    """One image's final labels beside what it came with. `chosen` are the labels that each annotator chose, whose answers count."""

    path: str
    given_label: int | None
    final: FinalLabels
    chosen: tuple[frozenset[int], ...] = ()

    @property
    def certainty(self) -> float | None:
        """The share of the annotators who chose exactly the final labels; None where nobody annotated."""
        return _share([labels == frozenset(self.final.labels) for labels in self.chosen])

    @property
    def given_support(self) -> float | None:
        """The share of the annotators who chose the given label; None where nobody annotated, or none was given."""
        return None if self.given_label is None else _share([self.given_label in labels for labels in self.chosen])


def corrections(images: Iterable[CorrectedImage]) -> Mapping[Correction, int]:
    """How many images there are of each kind, in the kinds' own order."""
    counted = Counter(correction_of(image.given_label, image.final.labels) for image in images)
    return {kind: counted[kind] for kind in Correction if counted[kind]}


class ExportedDataset(Protocol):
    """A dataset as it stands at one moment. Each part is read when a writer asks for it, and images come in the order of the import."""

    @property
    def labels(self) -> LabelSpace:
        """The labels that its images may carry."""

    @property
    def release(self) -> int:
        """The number of the release that is written. Raises UnknownRelease."""

    @property
    def plan(self) -> str | None:
        """The hash of the analysis plan that was frozen, if one was."""

    @property
    def called(self) -> Named:
        """What annotators are called in files."""

    def paths(self) -> Sequence[str]:
        """Every image's path, also of those that have no final labels yet."""

    def final_images(self) -> Iterator[FinalImage]:
        """The images that have final labels in the release."""

    def corrected_images(self) -> Iterator[CorrectedImage]:
        """The same, with what each annotator chose."""

    def answers(self) -> Iterator[tuple[str, Annotation]]:
        """Each standing answer, with the path of its image."""

    def proposals(self) -> Iterator[tuple[str, Sequence[Proposal]]]:
        """Each image's proposals, run after run, best first."""

    def data_card(self, folder: Path, about: About, *, overwrite: bool) -> DataCard:
        """What a data card says; the table that it describes is written into `folder`. Raises InvalidInput."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file to write, whether one that is there may be written over, and what some formats have a place for."""

    out: Path
    overwrite: bool = False
    crowd_kit: bool = False
    about: About = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of the file, how many images' final labels are in it (None where it holds no release), and what else is worth knowing."""

    n_rows: int
    n_images: int | None = None
    notes: tuple[str, ...] = ()


def _share(held: list[bool]) -> float | None:
    return sum(held) / len(held) if held else None
