"""`votes`: the long table of votes: `image,label,annotator,vote`, and how each came about. Not shown is no vote, and has no row.

crowd-kit's names for the same are `task,worker,label`: a task is the question whether one label is valid for one image, and its label
is the answer.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from multilabelfy.annotation.model import Annotation
from multilabelfy.annotation.votes import votes_of
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.files.write_tables import Kind, TableRow, write_table
from multilabelfy.formats.writing.exported import ExportedDataset, Named, Wanted, Written

COLUMNS = {
    "image": Kind.TEXT,
    "label": Kind.TEXT,
    "annotator": Kind.TEXT,
    "vote": Kind.TEXT,  # no, maybe or yes
    "outcome": Kind.TEXT,
    "unprompted": Kind.TRUTH,  # found by search
    "source": Kind.TEXT,  # of the candidate: a model, given or decoy
    "rank": Kind.INTEGER,  # the model's, from 1
    "place": Kind.INTEGER,  # on the annotator's page, from 1
    "revision": Kind.INTEGER,
    "surplus": Kind.TRUTH,  # beyond the wanted overlap: evidence for a posterior, not for the rule
    "submitted_at": Kind.TIME,
    "present_ms": Kind.INTEGER,  # on the whole image
    "protocol_version": Kind.INTEGER,
    "guidelines_version": Kind.INTEGER,
}
CROWD_KIT_COLUMNS = {"task": Kind.TEXT, "worker": Kind.TEXT, "label": Kind.TEXT}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write every vote that stands."""
    write_rows = write_crowd_kit_votes if wanted.crowd_kit else write_votes
    return Written(write_rows(wanted.out, dataset.answers(), dataset.labels, dataset.called, overwrite=wanted.overwrite))


def write_votes(path: Path, answers: Iterable[tuple[str, Annotation]], labels: LabelSpace, named: Named, *, overwrite: bool = False) -> int:
    """Write the votes of each image's answers; `named` says what to call an annotator. Returns the number of rows."""
    return write_table(path, COLUMNS, _rows(answers, labels, named), overwrite=overwrite)


def write_crowd_kit_votes(
    path: Path, answers: Iterable[tuple[str, Annotation]], labels: LabelSpace, named: Named, *, overwrite: bool = False
) -> int:
    """The same under crowd-kit's names: the task is `IMAGE|LABEL`."""
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
            said = (image, labels[label].key, named(annotation.annotator), vote.name.lower(), annotation.outcome.value)
            yield (*said, label in annotation.unprompted, *shown, place, *about, *versions)
