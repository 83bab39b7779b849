"""ReaL's file of labels: a list of lists of indices, in the order of the numbers in the file names (arXiv 2006.07159).

Entry 0 belongs to `ILSVRC2012_val_00000001.JPEG`: the numbers begin at 1, which the published example got wrong (`i + i` for `i + 1`).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.whole_files import whole_file
from multilabelfy.formats.names.image_names import in_number_order, numbers_in

N_IMAGENET_VALIDATION = 50_000
ATTEMPT = "Cannot write ReaL's list"
INSTEAD = "Export `final-labels` instead: it names each image."


def imagenet_validation_names(n: int = N_IMAGENET_VALIDATION) -> tuple[str, ...]:
    """The file names of ImageNet's validation set, in the order of ReaL's list.

    >>> imagenet_validation_names(2)
    ('ILSVRC2012_val_00000001.JPEG', 'ILSVRC2012_val_00000002.JPEG')
    """
    return tuple(f"ILSVRC2012_val_{number:08d}.JPEG" for number in range(1, n + 1))


def write_real(path: Path, images: Sequence[str], labels: Mapping[str, Sequence[int]], *, overwrite: bool = False) -> int:
    """Write one entry for every image of the dataset; returns their number.

    Raises InvalidInput where names are not numbered, and where an image has no final labels yet: in a list it cannot be left out.
    """
    ordered = _ordered(path, images)
    open_ones = [image for image in ordered if image not in labels]
    if open_ones:
        problems = [Problem(image, "it has no final labels yet, and a list cannot leave it out") for image in open_ones]
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


def has_every_number(images: Sequence[str]) -> bool:
    """Whether the numbers in the names run from 1 without a gap, so that entry i belongs to number i + 1.

    >>> has_every_number(["v_2.png", "v_1.png"]), has_every_number(["v_0.png", "v_1.png"])
    (True, False)
    """
    return sorted(numbers_in(images)) == list(range(1, len(images) + 1))
