"""Write what a dataset has come to, in one of the formats of `formats.outputs`; a file appears whole, and never over one that is there."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import IN_STUDY, n_in
from multilabelfy.errors import InvalidInput, NotProposed, Problem, UnknownRelease
from multilabelfy.formats.exported.data_card import About
from multilabelfy.formats.exported.exported import (
    NOTHING_SAID,
    Wanted,
)
from multilabelfy.formats.files.whole_files import check_writable
from multilabelfy.formats.outputs import BY_NAME, CARDS, Format, Need, format_of
from multilabelfy.store.answers import annotations, check_answers, machine_votes
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.decisions import refinements, releases
from multilabelfy.workflows.releasing.exported_study import ExportedStudy, opened_study
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
    with opened_study(workspace, name, release, with_names=with_names) as dataset:
        _check_need(dataset, chosen)
        written = chosen.writer()(dataset, wanted)
        summary = ExportSummary(format, out, written.n_rows, notes=written.notes, plan=dataset.plan)
        return summary if written.n_images is None else _of_release(summary, dataset, written.n_images)


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


def _check_need(dataset: ExportedStudy, chosen: Format) -> None:
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
        return next(check_answers.iterate_latest(c, dataset.id), None) is not None or _has_searched_first(c, dataset)
    return next(annotations.iterate_latest(c, dataset.id, chunk=1), None) is not None


def _has_searched_first(c: Connection, dataset: StoredDataset) -> bool:
    """Whether anybody answered by search first; where no protocol ever asked for it, the many answers need not be gone through."""
    was_asked = any(protocol.search_first_share for _, protocol, _ in datasets.protocol_versions(c, dataset.id))
    return was_asked and bool(annotations.searched_first(c, dataset.id))


def _of_release(summary: ExportSummary, dataset: ExportedStudy, n_images: int) -> ExportSummary:
    """The summary of a file with the final labels of `n_images` images."""
    n_unresolved = n_in(images.counts(dataset.c, dataset.stored.id), IN_STUDY) - n_images
    notes = summary.notes
    if n_unresolved:
        left_out = "1 image is not in it: it has" if n_unresolved == 1 else f"{n_unresolved} images are not in it: they have"
        notes = (f"{left_out} no final labels in release {dataset.release}", *notes)
    return ExportSummary(summary.format, summary.path, summary.n_rows, dataset.release, n_unresolved, notes, summary.plan)
