"""Gather the corrected dataset: final labels, given labels and the annotators' choices."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from multilabelfy.annotation.counting import counts
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.formats.exported.exported import CorrectedImage
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images


def corrected_images(c: Connection, dataset: StoredDataset, finals: Iterable[tuple[str, FinalLabels]]) -> Iterator[CorrectedImage]:
    """Each image of a release with its given label and the standing answers that count."""
    chosen: dict[ImageId, list[frozenset[int]]] = defaultdict(list)
    for annotation in annotations.iterate_latest(c, dataset.id):
        if counts(annotation):
            chosen[annotation.image].append(annotation.chosen())
    given = {image.id: image.given_label for image in images.iterate(c, dataset.id)}
    for path, final in finals:
        yield CorrectedImage(path, given[final.image], final, tuple(chosen.get(final.image, ())))
