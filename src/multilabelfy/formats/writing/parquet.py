"""`parquet`: final labels with their provenance as a long table, one row per label.

An image with an empty set has one row without a label, so that its reason is kept.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from multilabelfy.formats.exported.exported import ExportedDataset, FinalImage, Wanted, Written
from multilabelfy.formats.exported.provenance import CHANCE, PROVENANCE, Naming, naming_of, provenance
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

LABEL = {
    "image": ColumnType.TEXT,
    "label": ColumnType.TEXT,
    "label_index": ColumnType.INTEGER,
    "label_name": ColumnType.TEXT,
    "n_labels": ColumnType.INTEGER,
}
COLUMNS = LABEL | PROVENANCE


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write the labels of each image that has final ones."""
    finals = list(dataset.final_images())
    n_rows = write_long(wanted.out, finals, naming_of(dataset), overwrite=wanted.overwrite)
    return Written(n_rows, len(finals))


def write_long(path: Path, finals: Iterable[FinalImage], naming: Naming, *, overwrite: bool = False) -> int:
    """Write one row per final label, in the order in which they were decided; returns the number of rows. Raises InvalidInput."""
    columns = naming.with_chances(COLUMNS, CHANCE)
    return write_table(path, columns, _rows(finals, naming), metadata=naming.metadata, overwrite=overwrite)


def _rows(finals: Iterable[FinalImage], naming: Naming) -> Iterator[TableRow]:
    for image in finals:
        about = (len(image.final.labels), *provenance(image, naming))
        for place, index in enumerate(image.final.labels):
            label = naming.labels[index]
            yield (image.path, label.key, index, label.name, *about, *_chance(image, place, naming))
        if not image.final.labels:
            yield (image.path, None, None, None, *about, *_chance(image, 0, naming))


def _chance(image: FinalImage, place: int, naming: Naming) -> tuple[float | None, ...]:
    if naming.by_posterior is None:
        return ()
    return (image.final.chances[place] if image.final.chances else None,)
