"""`final-labels`: the paper's file, JSON `{image: [label index as text, …]}`; the file is the contract, byte for byte.

Images are in the order of the dataset and labels in the order in which they were decided, as `json.dumps` writes them. An image with an
empty set has an empty list. This file does not say why a set is empty (the tables do): when it is read again, the reason is `unknown`.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written
from multilabelfy.formats.files.whole_files import whole_file


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write the images that have final labels."""
    rows = ((image.path, image.final.labels) for image in dataset.final_images())
    n_rows = write_final_labels(wanted.out, rows, overwrite=wanted.overwrite)
    return Written(n_rows, n_rows)


def write_final_labels(path: Path, rows: Iterable[tuple[str, Sequence[int]]], *, overwrite: bool = False) -> int:
    """Write the paper's JSON row by row; returns the number of rows."""
    n_rows = 0
    with whole_file(path, overwrite=overwrite) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write("{")
        for image, labels in rows:
            file.write(f"{', ' if n_rows else ''}{json.dumps(image)}: {json.dumps([str(label) for label in labels])}")
            n_rows += 1
        file.write("}")
    return n_rows
