"""`proposals`: a table of proposals: `image,label,rank,score,source`, one row per proposed label; `label` is its key."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table
from multilabelfy.proposals.model import Proposal

COLUMNS = {
    "image": ColumnType.TEXT,
    "label": ColumnType.TEXT,
    "rank": ColumnType.INTEGER,
    "score": ColumnType.NUMBER,
    "source": ColumnType.TEXT,
}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write the proposals of every model."""
    return Written(write_proposals(wanted.out, dataset.proposals(), dataset.labels, overwrite=wanted.overwrite))


def write_proposals(path: Path, proposed: Iterable[tuple[str, Sequence[Proposal]]], labels: LabelSpace, *, overwrite: bool = False) -> int:
    """Write each image's proposals, run after run, best first; returns the number of rows. Raises InvalidInput."""
    return write_table(path, COLUMNS, _rows(proposed, labels), overwrite=overwrite)


def _rows(proposed: Iterable[tuple[str, Sequence[Proposal]]], labels: LabelSpace) -> Iterator[TableRow]:
    keys = [label.key for label in labels.labels]
    for image, proposals in proposed:
        for proposal in proposals:
            yield (image, keys[proposal.label], proposal.rank, proposal.score, proposal.source)
