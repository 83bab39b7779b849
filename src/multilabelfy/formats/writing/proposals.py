"""`proposals`: a table of proposals: `image,label,rank,score,source`, one row a proposed label; `label` is its key."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.files.write_tables import Kind, TableRow, write_table
from multilabelfy.formats.writing.exported import ExportedDataset, Wanted, Written
from multilabelfy.proposals.model import Proposal

COLUMNS = {"image": Kind.TEXT, "label": Kind.TEXT, "rank": Kind.INTEGER, "score": Kind.NUMBER, "source": Kind.TEXT}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write what every model proposed."""
    return Written(write_proposals(wanted.out, dataset.proposals(), dataset.labels, overwrite=wanted.overwrite))


def write_proposals(path: Path, proposed: Iterable[tuple[str, Sequence[Proposal]]], labels: LabelSpace, *, overwrite: bool = False) -> int:
    """Write each image's proposals, run after run, best first; returns the number of rows. Raises InvalidInput."""
    return write_table(path, COLUMNS, _rows(proposed, labels), overwrite=overwrite)


def _rows(proposed: Iterable[tuple[str, Sequence[Proposal]]], labels: LabelSpace) -> Iterator[TableRow]:
    keys = [label.key for label in labels.labels]
    for image, of_image in proposed:
        for proposal in of_image:
            yield (image, keys[proposal.label], proposal.rank, proposal.score, proposal.source)
