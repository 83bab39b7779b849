"""`parquet-lists`: final labels with their provenance as a table of lists, one row per image."""

from collections.abc import Iterable
from pathlib import Path

from multilabelfy.formats.exported.exported import ExportedDataset, FinalImage, Wanted, Written
from multilabelfy.formats.exported.provenance import PROVENANCE, Naming, naming_of, provenance
from multilabelfy.formats.files.write_tables import ColumnType, write_table

COLUMNS = {"image": ColumnType.TEXT, "labels": ColumnType.TEXTS, "n_labels": ColumnType.INTEGER} | PROVENANCE


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write each image that has final labels."""
    n_rows = write_lists(wanted.out, dataset.final_images(), naming_of(dataset), overwrite=wanted.overwrite)
    return Written(n_rows, n_rows)


def write_lists(path: Path, finals: Iterable[FinalImage], naming: Naming, *, overwrite: bool = False) -> int:
    """Write one row per image; returns the number of rows. Raises InvalidInput."""
    rows = ((image.path, naming.keys(image.final.labels), len(image.final.labels), *provenance(image, naming)) for image in finals)
    return write_table(path, COLUMNS, rows, metadata=naming.metadata, overwrite=overwrite)
