"""Find the images of a dataset that are near copies of each other, by the fingerprints that `propose` has stored; nothing is dropped."""

from collections.abc import Iterator
from pathlib import Path

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.copies import Copies, CopyGroup, copies_of
from multilabelfy.dataset.model import ImageId, LabelSpace
from multilabelfy.pictures.likeness import MOST_BITS_APART
from multilabelfy.pictures.near_copies import near_copies
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.workspace import Workspace


def near_copies_of(workspace: Workspace, name: str, most_apart: int = MOST_BITS_APART) -> tuple[Copies, LabelSpace]:
    """The groups among the dataset's images that have a fingerprint, which may be none, and the dataset's labels. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return near_copies_in(c, dataset, most_apart), stored_labels.label_space(c, dataset.id)


def near_copies_in(c: Connection, dataset: StoredDataset, most_apart: int = MOST_BITS_APART) -> Copies:
    """As above, in an open transaction."""
    seen = fingerprints.of_dataset(c, dataset.id)
    groups = [tuple(map(ImageId, seen.images[places].tolist())) for places in near_copies(seen.codes, most_apart)]
    stored = images.get_many(c, (image for group in groups for image in group))
    copies = (
        CopyGroup(tuple(stored[image].path for image in group), tuple(stored[image].given_label for image in group)) for group in groups
    )
    return copies_of(copies, len(seen.images), most_apart)


def write_copies(copies: Copies, labels: LabelSpace, out: Path, *, overwrite: bool = False) -> int:
    """Write all groups as a table, one row for each image, as .csv or .parquet; returns the number of rows. Raises InvalidInput."""
    from multilabelfy.formats.tables_of_results import write_copies as write

    return write(out, _rows(copies, labels), overwrite=overwrite)


def _rows(copies: Copies, labels: LabelSpace) -> Iterator[tuple[int, str, str | None, bool]]:
    for number, group in enumerate(copies.groups, start=1):
        for image, given in zip(group.images, group.given, strict=True):
            yield number, image, None if given is None else labels[given].key, group.contradicts
