"""`real`: ReaL's file of labels: a list of lists of indices, in the order of the numbers in the file names (arXiv 2006.07159).

Entry 0 belongs to `ILSVRC2012_val_00000001.JPEG`: the numbers begin at 1. (The published example got this wrong: `i + i` for `i + 1`.)
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written
from multilabelfy.formats.files.whole_files import whole_file
from multilabelfy.formats.image_names import has_every_number, imagenet_validation_names, in_number_order

ATTEMPT = "Cannot write ReaL's list"
GAPS = "the numbers in the file names do not run from 1 without a gap: entry i is not number i + 1"
INSTEAD = "Export `final-labels` instead: it names each image."


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write one entry per image, and add a note if the numbers in the names have gaps. Raises InvalidInput, see `write_real`."""
    paths = dataset.paths()
    labels = {image.path: image.final.labels for image in dataset.final_images()}
    n_rows = write_real(wanted.out, paths, labels, overwrite=wanted.overwrite)
    return Written(n_rows, len(labels), () if has_every_number(paths) else (GAPS,))


def write_real(path: Path, images: Sequence[str], labels: Mapping[str, Sequence[int]], *, overwrite: bool = False) -> int:
    """Write one entry for every image of the dataset; returns their number.

    Raises InvalidInput if the names are not numbered, or if an image has no final labels yet: a list cannot leave it out.
    """
    ordered = _ordered(path, images)
    undecided = [image for image in ordered if image not in labels]
    if undecided:
        problems = [Problem(image, "it has no final labels yet, and a list cannot leave it out") for image in undecided]
        raise InvalidInput(ATTEMPT, problems, INSTEAD)
    with whole_file(path, overwrite=overwrite) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write(json.dumps([list(labels[image]) for image in ordered]))
    return len(ordered)


def _ordered(path: Path, images: Sequence[str]) -> tuple[str, ...]:
    ordered = in_number_order(images)
    if ordered is None:
        what = f"the images' file names are not numbered (they must differ in one number alone, as '{imagenet_validation_names(1)[0]}')"
        raise InvalidInput(ATTEMPT, [Problem(str(path), what)], INSTEAD)
    return ordered
