"""Write what a dataset has come to, in one of the formats of `formats.outputs`; a file appears whole, and never over one that is there."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from multilabelfy.annotation.checking.checks import KIND_OF, SEARCH_FIRST
from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId, LabelSpace
from multilabelfy.errors import InvalidInput, NotProposed, Problem, UnknownRelease
from multilabelfy.formats.exported.data_card import TABLE, About, DataCard
from multilabelfy.formats.exported.exported import (
    NOTHING_SAID,
    CastByMachine,
    CheckAnswer,
    CorrectedImage,
    ExpertDecision,
    FinalImage,
    Wanted,
)
from multilabelfy.formats.files.whole_files import check_writable
from multilabelfy.formats.outputs import BY_NAME, CARDS, Format, Need, format_of
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

LACKING: Mapping[Need, tuple[str, str]] = {
    Need.ANSWERS: ("nobody has answered yet", "Votes come with the first answer: run `multilabelfy serve` and annotate."),
    Need.DECISIONS: ("no expert has decided yet", "Decisions come once experts refine disputed images: run `multilabelfy serve`."),
    Need.MACHINES: (
        "no machine has been asked about it",
        "Its votes come with `multilabelfy ask NAME --machine python:MODULE:FUNCTION`.",
    ),
    Need.CHECKS: (
        "nobody has answered a quality check yet",
        "Checks come with gold, repeats or images answered by search first: see the protocol's shares on the settings page.",
    ),
}
"""What is missing, and the next step."""


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was written: the file, its number of rows, its release (None if the format does not hold one), and notes.

    `plan` is the SHA-256 of the newest frozen analysis plan, None if none is frozen.
    """

    format: str
    path: Path
    n_rows: int
    release: int | None = None
    n_unresolved: int = 0
    notes: tuple[str, ...] = ()
    plan: str | None = None


def export(
    workspace: Workspace,
    name: str,
    format: str,
    out: Path,
    *,
    release: int | None = None,
    with_names: bool = False,
    crowd_kit: bool = False,
    about: About = NOTHING_SAID,
    overwrite: bool = False,
) -> ExportSummary:
    """Write the dataset `name` to `out`. Final labels are of `release`, by default the newest; people have pseudonyms unless `with_names`.
    `about` goes into data cards, whose table is written beside them.

    Raises UnknownDataset, UnknownRelease, NotProposed, and InvalidInput for an unknown format, for votes that nobody gave, or if the file
    already exists.
    """
    chosen, wanted = format_of(format), Wanted(out, overwrite, crowd_kit, about)
    _check_options(chosen, wanted)
    chosen.check_suffix(out)
    check_writable(out, overwrite=overwrite)
    with _opened(workspace, name, release, with_names=with_names) as dataset:
        _check_need(dataset, chosen)
        written = chosen.writer()(dataset, wanted)
        summary = ExportSummary(format, out, written.n_rows, notes=written.notes, plan=dataset.plan)
        return summary if written.n_images is None else _of_release(summary, dataset, written.n_images)


def write_cards(workspace: Workspace, name: str, folder: Path) -> dict[str, Path]:
    """Write a data card of every form and their table into a report's folder, over earlier ones; returns the paths by form."""
    with _opened(workspace, name, None) as dataset:
        for card in CARDS:
            card.writer()(dataset, Wanted(folder / card.file, overwrite=True))
    return {**{card.name: folder / card.file for card in CARDS}, "table": folder / TABLE}


def needs_met(workspace: Workspace, name: str) -> frozenset[Need]:
    """The formats' needs that a dataset meets. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return frozenset(need for need in Need if _has(c, dataset, need))


def _check_options(chosen: Format, wanted: Wanted) -> None:
    """Raise InvalidInput for options that the format does not support."""
    attempt = f"Cannot export as '{chosen.name}'"
    if wanted.crowd_kit and not chosen.has_crowd_kit:
        having = " and ".join(format.name for format in BY_NAME.values() if format.has_crowd_kit)
        raise InvalidInput(attempt, [Problem("--crowd-kit", f"only {having} have crowd-kit's column names")])
    if wanted.about and not chosen.is_card:
        cards = " or ".join(card.name for card in CARDS)
        raise InvalidInput(attempt, [Problem("--license, --creator, --url, --citation", f"they go into {cards}")])


def _check_need(dataset: "_Dataset", chosen: Format) -> None:
    """Raise UnknownRelease, NotProposed or InvalidInput, with the next step, if the dataset lacks what the format needs."""
    name = dataset.stored.name
    if _has(dataset.c, dataset.stored, chosen.needs):
        return
    if chosen.needs is Need.RELEASE:
        raise UnknownRelease(f"'{name}' has no release of final labels yet. Run `multilabelfy resolve {shlex.quote(name)}`.")
    if chosen.needs is Need.PROPOSALS:
        raise NotProposed(f"'{name}' has no proposals yet. Run `multilabelfy propose {shlex.quote(name)} --model SPEC`.")
    reason, way_out = LACKING[chosen.needs]
    raise InvalidInput(f"Cannot export as '{chosen.name}'", [Problem(name, reason)], way_out)


def _has(c: Connection, dataset: StoredDataset, need: Need) -> bool:
    if need is Need.RELEASE:
        return bool(releases.all_releases(c, dataset.id))
    if need is Need.PROPOSALS:
        return bool(proposals.runs(c, dataset.id))
    if need is Need.MACHINES:
        return bool(machine_votes.all_machines(c, dataset.id))
    if need is Need.DECISIONS:
        return next(refinements.iterate(c, dataset.id), None) is not None
    if need is Need.CHECKS:
        return bool(annotations.searched_first(c, dataset.id)) or next(check_answers.iterate_latest(c, dataset.id), None) is not None
    return next(annotations.iterate_latest(c, dataset.id, chunk=1), None) is not None


def _of_release(summary: ExportSummary, dataset: "_Dataset", n_images: int) -> ExportSummary:
    """The summary of a file with the final labels of `n_images` images."""
    n_unresolved = sum(images.counts(dataset.c, dataset.stored.id).values()) - n_images
    notes = summary.notes
    if n_unresolved:
        left_out = "1 image is not in it: it has" if n_unresolved == 1 else f"{n_unresolved} images are not in it: they have"
        notes = (f"{left_out} no final labels in release {dataset.release}", *notes)
    return ExportSummary(summary.format, summary.path, summary.n_rows, dataset.release, n_unresolved, notes, summary.plan)


@contextmanager
def _opened(workspace: Workspace, name: str, release: int | None, *, with_names: bool = False) -> "Iterator[_Dataset]":
    """A dataset as of one moment."""
    with workspace.store.reading() as c:
        stored = datasets.find(c, name)
        called = people.names(c).__getitem__ if with_names else workspace.pseudonym
        yield _Dataset(c, stored, stored_labels.label_space(c, stored.id), called, frozen_hash(c, stored), release)


@dataclass(frozen=True)
class _Dataset:
    """A stored dataset as writers ask for it (`ExportedDataset`). `wanted_release` is None for the newest."""

    c: Connection
    stored: StoredDataset
    labels: LabelSpace
    called: Callable[[AnnotatorId], str]
    plan: str | None
    wanted_release: int | None
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
        given = {image.path: image.given_label for image in images.iterate(self.c, self.stored.id)}
        finals = releases.labels_of(self.c, self.stored.id, self.release)
        return (FinalImage(path, given[path], final) for path, final in finals)

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
            card = described(self.c, self.stored, folder, about=about, release=self.wanted_release, overwrite=overwrite)
            self._cards[folder, about] = card
        return self._cards[folder, about]
