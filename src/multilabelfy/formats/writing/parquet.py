"""`parquet`: final labels with their provenance as a long table, a row a label.

An image whose set is empty has one row without a label, so that its reason is not lost.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from multilabelfy.formats.files.write_tables import Kind, TableRow, write_table
from multilabelfy.formats.writing.exported import ExportedDataset, FinalImage, Wanted, Written
from multilabelfy.formats.writing.provenance import PROVENANCE, Naming, naming_of, provenance

LABEL = {"image": Kind.TEXT, "label": Kind.TEXT, "label_index": Kind.INTEGER, "label_name": Kind.TEXT, "n_labels": Kind.INTEGER}
COLUMNS = LABEL | PROVENANCE


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write the labels of each image that has final ones."""
    finals = list(dataset.final_images())
    n_rows = write_long(wanted.out, finals, naming_of(dataset), overwrite=wanted.overwrite)
    return Written(n_rows, len(finals))


def write_long(path: Path, finals: Iterable[FinalImage], naming: Naming, *, overwrite: bool = False) -> int:
    """A row for each final label, in the order in which they were decided; returns the number of rows. Raises InvalidInput."""
    return write_table(path, COLUMNS, _rows(finals, naming), metadata=naming.metadata, overwrite=overwrite)


def _rows(finals: Iterable[FinalImage], naming: Naming) -> Iterator[TableRow]:
    for image in finals:
        about = (len(image.final.labels), *provenance(image, naming))
        for index in image.final.labels:
            label = naming.labels[index]
            yield (image.path, label.key, index, label.name, *about)
        if not image.final.labels:
            yield (image.path, None, None, None, *about)
