"""Write what a dataset has come to, in one of the fixed list of formats; a file appears whole, and never over one that is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import InvalidInput, NotProposed, Problem
from multilabelfy.formats import final_labels, real
from multilabelfy.formats import proposals as proposal_table
from multilabelfy.formats import tables as final_tables
from multilabelfy.formats import votes as vote_table
from multilabelfy.formats.corrected import write_corrected
from multilabelfy.formats.data_card import About
from multilabelfy.formats.long_tables import check_suffix
from multilabelfy.formats.whole_files import check_writable
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.store.dataset.datasets import StoredDataset
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.releasing.corrected import corrected_images, corrections, in_words
from multilabelfy.workflows.upkeep.plans import frozen_hash
from multilabelfy.workflows.workspace import Workspace

PSEUDONYM_DIGITS = 8
CARDS = ("croissant", "dataset-card")
"""The formats that are data cards."""
NOTHING_SAID = About()


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was written: the file, its number of rows, the release it holds (None where the format holds no release), and notes.

    `plan` is the SHA-256 of the analysis plan that holds, None where none is frozen.
    """

    format: str
    path: Path
    n_rows: int
    release: int | None = None
    n_unresolved: int = 0
    notes: tuple[str, ...] = ()
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """One export under way: from which dataset, where to, which release, and what to call people."""

    c: Connection
    dataset: StoredDataset
    labels: LabelSpace
    out: Path
    release: int | None
    named: Callable[[AnnotatorId], str]
    overwrite: bool
    plan: str | None = None

    def finals(self) -> tuple[int, Iterator[tuple[str, FinalLabels]]]:
        """The number of the release that is wanted, and its labels in the order of the import. Raises UnknownRelease."""
        number = releases.latest(self.c, self.dataset.id).number if self.release is None else self.release
        return number, releases.labels_of(self.c, self.dataset.id, number)


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
    """Write the dataset `name` to `out`. Final labels are those of `release`, else the newest; people are pseudonyms unless `with_names`.
    `about` goes into data cards, which have their table written beside them.

    Raises UnknownDataset, UnknownRelease, NotProposed, and InvalidInput for a format that there is not, or a file that is there already.
    """
    _check(format, crowd_kit, about)
    if format in CARDS:
        return _card(workspace, name, format, out, about, release, overwrite)
    write = _crowd_kit_votes if crowd_kit else WRITERS[format]
    check_writable(out, overwrite=overwrite)
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        named = _names(c) if with_names else _pseudonyms(workspace)
        space, plan = stored_labels.label_space(c, dataset.id), frozen_hash(c, dataset)
        return replace(write(Export(c, dataset, space, out, release, named, overwrite, plan)), plan=plan)


def _card(workspace: Workspace, name: str, format: str, out: Path, about: About, release: int | None, overwrite: bool) -> ExportSummary:
    from multilabelfy.workflows.releasing.data_cards import write_card  # it gathers what a report does, and that is slow to import

    written = write_card(workspace, name, format, out, about=about, release=release, overwrite=overwrite)
    notes = [f"the labels that it describes are in {written.table}"]
    if not about.license:
        notes.append("it states no licence: name one with --license")
    return ExportSummary(format, out, written.n_images, written.release, written.n_unresolved, tuple(notes))


def _check(format: str, crowd_kit: bool, about: About) -> None:
    """Raises InvalidInput for a format that there is not, and for options that it has no place for."""
    if format not in (*WRITERS, *CARDS):
        raise InvalidInput(f"Cannot export as '{format}'", [Problem("--format", f"the formats are {', '.join((*WRITERS, *CARDS))}")])
    if crowd_kit and format != "votes":
        raise InvalidInput(f"Cannot export as '{format}'", [Problem("--crowd-kit", "only votes have crowd-kit's column names")])
    if about and format not in CARDS:
        problem = Problem("--license, --creator, --url, --citation", f"they go into {' or '.join(CARDS)}")
        raise InvalidInput(f"Cannot export as '{format}'", [problem])


def _names(c: Connection) -> Callable[[AnnotatorId], str]:
    names = {person.id: person.name for person in people.everyone(c)}
    return lambda person: names[person]


def _pseudonyms(workspace: Workspace) -> Callable[[AnnotatorId], str]:
    """Stable within the workspace, and known to nobody without its key."""
    return lambda person: f"person-{workspace.token('pseudonym', str(person))[:PSEUDONYM_DIGITS]}"


def _final_labels(e: Export) -> ExportSummary:
    number, finals = e.finals()
    rows = ((path, final.labels) for path, final in finals)
    n_rows = final_labels.write_final_labels(e.out, rows, overwrite=e.overwrite)
    return _released(e, "final-labels", number, n_rows, n_rows)


def _real(e: Export) -> ExportSummary:
    number, finals = e.finals()
    paths = images.paths(e.c, e.dataset.id)
    labels = {path: final.labels for path, final in finals}
    n_rows = real.write_real(e.out, paths, labels, overwrite=e.overwrite)
    gaps = (
        ()
        if real.has_every_number(paths)
        else ("the numbers in the file names do not run from 1 without a gap: entry i is not number i + 1",)
    )
    return _released(e, "real", number, n_rows, len(labels), gaps)


def _long(e: Export) -> ExportSummary:
    return _table(e, "parquet", final_tables.write_long)


def _lists(e: Export) -> ExportSummary:
    return _table(e, "parquet-lists", final_tables.write_lists)


def _table(e: Export, format: str, write: Callable[..., int]) -> ExportSummary:
    check_suffix(e.out)
    number, finals = e.finals()
    given = {image.path: image.given_label for image in images.iterate(e.c, e.dataset.id)}
    found = [final_tables.FinalImage(path, given[path], final) for path, final in finals]
    n_rows = write(e.out, found, final_tables.Naming(e.labels, e.named, number, e.plan), overwrite=e.overwrite)
    return _released(e, format, number, n_rows, len(found))


def _corrected(e: Export) -> ExportSummary:
    check_suffix(e.out)
    number, finals = e.finals()
    found = list(corrected_images(e.c, e.dataset, finals))
    n_rows = write_corrected(e.out, found, e.labels, number, overwrite=e.overwrite)
    notes = (in_words(corrections(found)),) if found else ()
    return _released(e, "corrected", number, n_rows, n_rows, notes)


def _released(e: Export, format: str, number: int, n_rows: int, n_resolved: int, notes: tuple[str, ...] = ()) -> ExportSummary:
    n_unresolved = sum(images.counts(e.c, e.dataset.id).values()) - n_resolved
    if n_unresolved:
        notes = (f"{n_unresolved} images are not in it: they have no final labels in release {number}", *notes)
    return ExportSummary(format, e.out, n_rows, number, n_unresolved, notes)


def _votes(e: Export) -> ExportSummary:
    n_rows = vote_table.write_votes(e.out, _answers(e), e.labels, e.named, overwrite=e.overwrite)
    return ExportSummary("votes", e.out, n_rows)


def _crowd_kit_votes(e: Export) -> ExportSummary:
    n_rows = vote_table.write_crowd_kit_votes(e.out, _answers(e), e.labels, e.named, overwrite=e.overwrite)
    return ExportSummary("votes", e.out, n_rows)


def _answers(e: Export) -> Iterator[tuple[str, Annotation]]:
    check_suffix(e.out)
    paths = {image: path for path, image in images.ids_by_path(e.c, e.dataset.id).items()}
    return ((paths[annotation.image], annotation) for annotation in annotations.iterate_latest(e.c, e.dataset.id))


def _proposals(e: Export) -> ExportSummary:
    check_suffix(e.out)
    if not proposals.runs(e.c, e.dataset.id):
        raise NotProposed(f"'{e.dataset.name}' has no proposals yet. Run `multilabelfy propose {e.dataset.name} --model SPEC`.")
    n_rows = proposal_table.write_proposals(e.out, proposals.iterate(e.c, e.dataset.id), e.labels, overwrite=e.overwrite)
    return ExportSummary("proposals", e.out, n_rows)


WRITERS: dict[str, Callable[[Export], ExportSummary]] = {
    "final-labels": _final_labels,
    "real": _real,
    "parquet": _long,
    "parquet-lists": _lists,
    "corrected": _corrected,
    "votes": _votes,
    "proposals": _proposals,
}
"""The formats by their name on the command line."""
