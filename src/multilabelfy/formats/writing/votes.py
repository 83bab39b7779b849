"""`votes`: the long table of votes: `image,label,annotator,vote`, and how each came about. A label that was not shown has no row.

crowd-kit calls the same columns `task,worker,label`: a task asks whether a label is valid for an image, and its label is the answer.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from multilabelfy.annotation.model import Annotation
from multilabelfy.annotation.votes import votes_of
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import ExportedDataset, Named, Wanted, Written
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

COLUMNS = {
    "image": ColumnType.TEXT,
    "label": ColumnType.TEXT,
    "annotator": ColumnType.TEXT,
    "vote": ColumnType.TEXT,  # no, maybe or yes
    "outcome": ColumnType.TEXT,
    "unprompted": ColumnType.TRUTH,  # found by search
    "source": ColumnType.TEXT,  # of the candidate: a model, given or decoy
    "rank": ColumnType.INTEGER,  # in the model's ranking, from 1
    "place": ColumnType.INTEGER,  # on the annotator's page, from 1
    "revision": ColumnType.INTEGER,
    "surplus": ColumnType.TRUTH,  # beyond the protocol's overlap: it counts for a posterior, not for the rule
    "submitted_at": ColumnType.TIME,
    "present_ms": ColumnType.INTEGER,  # time spent on the whole image
    "protocol_version": ColumnType.INTEGER,
    "guidelines_version": ColumnType.INTEGER,
}
CROWD_KIT_COLUMNS = {"task": ColumnType.TEXT, "worker": ColumnType.TEXT, "label": ColumnType.TEXT}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write every vote that stands."""
    write_rows = write_crowd_kit_votes if wanted.crowd_kit else write_votes
    return Written(write_rows(wanted.out, dataset.answers(), dataset.labels, dataset.called, overwrite=wanted.overwrite))


def write_votes(path: Path, answers: Iterable[tuple[str, Annotation]], labels: LabelSpace, named: Named, *, overwrite: bool = False) -> int:
    """Write the votes of each image's annotations; `named` says what to call an annotator. Returns the number of rows."""
    return write_table(path, COLUMNS, _rows(answers, labels, named), overwrite=overwrite)


def write_crowd_kit_votes(
    path: Path, answers: Iterable[tuple[str, Annotation]], labels: LabelSpace, named: Named, *, overwrite: bool = False
) -> int:
    """Write the same votes under crowd-kit's names: the task is `IMAGE|LABEL`."""
    rows = ((f"{row[0]}|{row[1]}", row[2], row[3]) for row in _rows(answers, labels, named))
    return write_table(path, CROWD_KIT_COLUMNS, rows, overwrite=overwrite)


def _rows(answers: Iterable[tuple[str, Annotation]], labels: LabelSpace, named: Named) -> Iterator[TableRow]:
    for image, annotation in answers:
        screen = annotation.screen
        places = {candidate.label: (place, candidate) for place, candidate in enumerate(screen.candidates, start=1)}
        about = (annotation.revision, annotation.surplus, annotation.submitted_at, annotation.present_ms)
        versions = (screen.protocol_version, screen.guidelines_version)
        for label, vote in votes_of(annotation).items():
            place, candidate = places.get(label, (None, None))
            shown = (candidate.source, candidate.rank) if candidate else (None, None)
            cells = (image, labels[label].key, named(annotation.annotator), vote.name.lower(), annotation.outcome.value)
            yield (*cells, label in annotation.unprompted, *shown, place, *about, *versions)
