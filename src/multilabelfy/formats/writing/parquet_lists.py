"""`parquet-lists`: final labels with their provenance as a table of lists, one row per image."""

from collections.abc import Iterable
from pathlib import Path

from multilabelfy.formats.exported.exported import ExportedDataset, FinalImage, Wanted, Written
from multilabelfy.formats.exported.provenance import CHANCES, PROVENANCE, Naming, naming_of, provenance
from multilabelfy.formats.files.write_tables import ColumnType, write_table

COLUMNS = {"image": ColumnType.TEXT, "labels": ColumnType.TEXTS, "n_labels": ColumnType.INTEGER} | PROVENANCE


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write each image that has final labels."""
    n_rows = write_lists(wanted.out, dataset.final_images(), naming_of(dataset), overwrite=wanted.overwrite)
    return Written(n_rows, n_rows)


def write_lists(path: Path, finals: Iterable[FinalImage], naming: Naming, *, overwrite: bool = False) -> int:
    """Write one row per image; returns the number of rows. Raises InvalidInput."""
    columns = naming.with_chances(COLUMNS, CHANCES)
    rows = (
        (image.path, naming.keys(image.final.labels), len(image.final.labels), *provenance(image, naming), *_chances(image, naming))
        for image in finals
    )
    return write_table(path, columns, rows, metadata=naming.metadata, overwrite=overwrite)


def _chances(image: FinalImage, naming: Naming) -> tuple[tuple[float, ...] | None, ...]:
    return (image.final.chances or None,) if naming.by_posterior else ()
