"""Fill a data card from a study: its newest release, protocol, agreement and effort; and write the table that the card describes."""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from multilabelfy import __version__
from multilabelfy.annotation.study.overlap_words import annotators_text
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.exported.data_card import TABLE, About, AgreementLine, DataCard
from multilabelfy.formats.exported.exported import CorrectedImage, corrections
from multilabelfy.formats.files.whole_files import check_writable
from multilabelfy.formats.writing.corrected import write_corrected
from multilabelfy.plurals import counted
from multilabelfy.refinement.model import LabelSource
from multilabelfy.report.about_people.people import PersonsWork, agreement_finding
from multilabelfy.report.material import Material
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images, proposals
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.workflows.proposing.suspects import POLICY
from multilabelfy.workflows.releasing.corrected import corrected_images
from multilabelfy.workflows.reporting.gathering.material import material_in
from multilabelfy.workflows.reporting.gathering.released import released


def described(
    c: Connection,
    dataset: StoredDataset,
    folder: Path,
    *,
    about: About,
    release: int | None,
    overwrite: bool,
    material: Material | None = None,
) -> DataCard:
    """The content of a card of the newest release; the table that it describes is written into `folder`. `material` was gathered for a
    report, and serves if it is of that release.

    A table of the same content may exist already, as when both forms are written to one folder. Raises UnknownRelease, and InvalidInput for
    an earlier release, since agreement and effort are known only for now, or if another table exists.
    """
    newest = released(c, dataset)
    _check_newest(dataset.name, release, newest.release.number)
    if material is None or material.release != newest.release.number:
        material = material_in(c, dataset)
    space = stored_labels.label_space(c, dataset.id)
    corrected = list(corrected_images(c, dataset, newest.finals))
    number, has_chances = newest.release.number, newest.release.by_posterior is not None
    table = _write_table(
        folder / TABLE, lambda path: write_corrected(path, corrected, space, number, has_chances=has_chances, overwrite=True), overwrite
    )
    sources = Counter(image.final.source for image in corrected)
    return DataCard(
        name=dataset.name,
        about=about,
        release=number,
        released_on=newest.release.created_at.date(),
        n_images=len(corrected),
        n_unresolved=newest.release.n_unresolved,
        labels=space,
        sizes=Counter(len(image.final.labels) for image in corrected),
        reasons={reason.value: n for reason, n in sorted(material.reasons.items())},
        sources={source.value: sources[source] for source in LabelSource if sources[source]},
        corrections=corrections(corrected),
        n_annotators=_n_workers(material, "annotator"),
        n_experts=_n_workers(material, "expert"),
        hours=sum(worker.hours for worker in material.workers),
        per_item=_per_item(corrected, dataset.protocol),
        agreement=_agreement(material),
        about_agreement=agreement_finding(material.agreement, material.subject).definition if material.agreement else "",
        proposers=proposals.sources(c, dataset.id),
        methods=material.methods,
        limits=tuple(_limits(c, dataset, len(space), corrected, newest.release.n_unresolved)),
        biases=tuple(_biases(c, dataset, material.workers)),
        sha256=hashlib.sha256(table.read_bytes()).hexdigest(),
        n_bytes=table.stat().st_size,
        version=__version__,
        has_chances=has_chances,
    )


def _check_newest(name: str, release: int | None, newest: int) -> None:
    if release not in (None, newest):
        problem = Problem("--release", f"{release} is not the newest, {newest}; agreement and effort are known as of now alone")
        raise InvalidInput(f"Cannot write a data card of '{name}'", [problem], "Leave --release out.")


def _write_table(path: Path, write: Callable[[Path], int], overwrite: bool) -> Path:
    """Write the table; one of the same content stays. Raises InvalidInput if another one exists, unless `overwrite`."""
    if path.exists() and not overwrite:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / path.name)
            if (Path(folder) / path.name).read_bytes() == path.read_bytes():
                return path
        check_writable(path, overwrite=False)
    write(path)
    return path


def _n_workers(material: Material, role: str) -> int:
    return sum(worker.who.startswith(role) for worker in material.workers)


def _agreement(material: Material) -> tuple[AgreementLine, ...]:
    """The rows of the report's finding about agreement."""
    if material.agreement is None:
        return ()
    rows = agreement_finding(material.agreement, material.subject).table.rows
    return tuple(AgreementLine(str(measure), _number(value) or 0.0, _number(low), _number(high)) for measure, value, low, high in rows)


def _number(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _per_item(corrected: Sequence[CorrectedImage], protocol: AnnotationProtocol) -> str:
    n_annotated = sum(bool(image.chosen) for image in corrected)
    if not n_annotated:
        return "None here: the sets were imported."
    n_answers = sum(len(image.chosen) for image in corrected)
    by_posterior = any(image.final.source is LabelSource.POSTERIOR for image in corrected)
    whoever = "an expert, or the posterior of the votes," if by_posterior else "an expert"
    return (
        f"{annotators_text(protocol)}, blind to each other; {whoever} where they disagreed. On average "
        f"{n_answers / n_annotated:.2f} answers for each of {n_annotated:,} {'image' if n_annotated == 1 else 'images'}."
    )


def _limits(c: Connection, dataset: StoredDataset, n_labels: int, corrected: Sequence[CorrectedImage], n_unresolved: int) -> list[str]:
    """The limits of the labels, as far as the study itself knows them."""
    limits = [f"Only the {n_labels:,} labels of “{dataset.label_space}” were asked about: what has no label there is not labelled."]
    if any(image.chosen for image in corrected):
        limits.append(
            f"People saw up to {counted(dataset.protocol.n_candidates, 'candidate')} and could search all labels: "
            "a valid label that was not a candidate "
            "and that nobody searched for is missing."
        )
    n_by_posterior = sum(image.final.source is LabelSource.POSTERIOR for image in corrected)
    if n_by_posterior:
        limits.append(
            f"Settled by the posterior of the votes, and by no person: {_images(n_by_posterior)}. Where models' proposals counted as "
            "evidence, these models look better on them than they are."
        )
    if any(image.final.source is LabelSource.AGREED for image in corrected):
        limits.append("Sets that annotators agreed on were not all seen by an expert: annotators can be wrong together.")
    if n_unresolved:
        limits.append(f"Without final labels yet, and therefore not in the table: {_images(n_unresolved)}.")
    n_moved = len(images.moved_in_queue(c, dataset.id, POLICY))
    if n_moved and n_unresolved:
        limits.append(
            f"Annotated first, because their given labels looked wrong: {_images(n_moved)}. Shares in this table are not the dataset's."
        )
    limits.append("The pictures are not part of this: they have a licence, an origin and biases of their own.")
    return limits


def _images(n: int) -> str:
    return f"{n:,} image{'' if n == 1 else 's'}"


def _biases(c: Connection, dataset: StoredDataset, people: Sequence[PersonsWork]) -> list[str]:
    if not people or not proposals.runs(c, dataset.id):
        return []
    return ["Candidates came from models, so labels that these models favour are more likely to be included."]
