"""`machine-votes`: the long table of machines' votes, `image,label,annotator,vote`, with the machine's name as the annotator.

It has the columns of `votes`, so that whatever reads those can read it, and `machine:` before each name, so that nobody takes it for them.
A label that a machine was asked about and did not tell has no row.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import CastByMachine, ExportedDataset, Wanted, Written
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

COLUMNS = {
    "image": ColumnType.TEXT,
    "label": ColumnType.TEXT,
    "annotator": ColumnType.TEXT,  # machine:NAME
    "vote": ColumnType.TEXT,  # no, maybe or yes
    "asked_at": ColumnType.TIME,
}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write every vote of every machine."""
    return Written(write_machine_votes(wanted.out, dataset.machine_votes(), dataset.labels, overwrite=wanted.overwrite))


def write_machine_votes(path: Path, votes: Iterable[CastByMachine], labels: LabelSpace, *, overwrite: bool = False) -> int:
    """Write the votes in their order; returns the number of rows. Raises InvalidInput."""
    return write_table(path, COLUMNS, _rows(votes, labels), overwrite=overwrite)


def _rows(votes: Iterable[CastByMachine], labels: LabelSpace) -> Iterator[TableRow]:
    for cast in votes:
        if cast.vote.vote is not None:
            yield cast.path, labels[cast.vote.label].key, cast.machine, cast.vote.vote.name.lower(), cast.vote.asked_at
