"""A stored dataset as the writers of files ask for it, all as of one moment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from multilabelfy.annotation.checking.checks import KIND_OF, SEARCH_FIRST
from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId, LabelSpace
from multilabelfy.formats.exported.data_card import About, DataCard
from multilabelfy.formats.exported.exported import CastByMachine, CheckAnswer, CorrectedImage, ExpertDecision, FinalImage
from multilabelfy.proposals.model import Proposal
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
from multilabelfy.store import people
from multilabelfy.store.answers import annotations, check_answers, machine_votes
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.store.decisions import refinements, releases
from multilabelfy.store.handing_out import gold
from multilabelfy.workflows.releasing.corrected import corrected_images
from multilabelfy.workflows.upkeep.plans import frozen_hash
from multilabelfy.workflows.workspace import Workspace

if TYPE_CHECKING:
    from multilabelfy.report.material import Material  # slow to import


@contextmanager
def opened_study(
    workspace: Workspace, name: str, release: int | None, *, with_names: bool = False, material: "Material | None" = None
) -> "Iterator[ExportedStudy]":
    """A dataset as of one moment."""
    with workspace.store.reading() as c:
        stored = datasets.find(c, name)
        called = people.names(c, stored.id).__getitem__ if with_names else workspace.pseudonym
        yield ExportedStudy(c, stored, stored_labels.label_space(c, stored.id), called, frozen_hash(c, stored), release, material)


@dataclass(frozen=True)
class ExportedStudy:
    """A stored dataset as writers ask for it (`ExportedDataset`). `wanted_release` is None for the newest.

    `material`, if there is any, was gathered for a report: data cards need not gather it again.
    """

    c: Connection
    stored: StoredDataset
    labels: LabelSpace
    called: Callable[[AnnotatorId], str]
    plan: str | None
    wanted_release: int | None
    material: "Material | None" = None
    _cards: dict[tuple[Path, About], DataCard] = field(default_factory=dict)

    @cached_property
    def release(self) -> int:
        return releases.latest(self.c, self.stored.id).number if self.wanted_release is None else self.wanted_release

    @cached_property
    def by_posterior(self) -> ByPosterior | None:
        return releases.get(self.c, self.stored.id, self.release).by_posterior

    @property
    def seed(self) -> int:
        return self.stored.seed

    def paths(self) -> Sequence[str]:
        return images.paths(self.c, self.stored.id)

    def final_images(self) -> Iterator[FinalImage]:
        given = images.given_labels(self.c, self.stored.id)
        finals = releases.labels_of(self.c, self.stored.id, self.release)
        return (FinalImage(path, given.get(final.image), final) for path, final in finals)

    def corrected_images(self) -> Iterator[CorrectedImage]:
        return corrected_images(self.c, self.stored, releases.labels_of(self.c, self.stored.id, self.release))

    def answers(self) -> Iterator[tuple[str, Annotation]]:
        return ((self._paths[annotation.image], annotation) for annotation in annotations.iterate_latest(self.c, self.stored.id))

    def decisions(self) -> Iterator[ExpertDecision]:
        standing = {decision.client_id for _, of_image in refinements.iterate_standing(self.c, self.stored.id) for decision in of_image}
        for decision in refinements.iterate(self.c, self.stored.id):
            yield ExpertDecision(self._paths[decision.image], decision, decision.client_id in standing)

    def checks(self) -> Iterator[CheckAnswer]:
        checked = list(check_answers.iterate_latest(self.c, self.stored.id))
        known = gold.of_images(self.c, {check.answer.image for check in checked if check.policy in KIND_OF})
        for check in checked:
            mark = known.get(check.answer.image) if check.policy in KIND_OF else None
            of_gold = (None, False) if mark is None else (frozenset(mark.labels), mark.is_retired)
            path = self._paths[check.answer.image]
            yield CheckAnswer(path, check.answer, check.policy.value, check.inclusion_probability, *of_gold)
        drawn = annotations.drawn_to_search_first(self.c, self.stored.id)
        for answer in annotations.searched_first(self.c, self.stored.id):
            probability = drawn[answer.image, answer.annotator]
            yield CheckAnswer(self._paths[answer.image], answer, SEARCH_FIRST, probability)

    @cached_property
    def _paths(self) -> Mapping[ImageId, str]:
        return {ImageId(image): path for path, image in images.ids_by_path(self.c, self.stored.id).items()}

    def machine_votes(self) -> Iterator[CastByMachine]:
        titles = {machine.id: machine.title for machine in machine_votes.all_machines(self.c, self.stored.id)}
        cast = machine_votes.iterate(self.c, self.stored.id)
        return (CastByMachine(self._paths[vote.image], titles[vote.machine], vote) for vote in cast)

    def proposals(self) -> Iterator[tuple[str, Sequence[Proposal]]]:
        return ((path, proposed) for path, proposed in proposals.iterate(self.c, self.stored.id))

    def data_card(self, folder: Path, about: About, *, overwrite: bool) -> DataCard:
        """Made once for all forms in one folder."""
        from multilabelfy.workflows.releasing.data_cards import described  # it gathers what a report does, and that is slow to import

        if (folder, about) not in self._cards:
            self._cards[folder, about] = described(
                self.c, self.stored, folder, about=about, release=self.wanted_release, overwrite=overwrite, material=self.material
            )
        return self._cards[folder, about]
