"""Gather the corrected dataset: final labels, given labels and the annotators' choices."""

from collections.abc import Iterable, Iterator

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.formats.exported.exported import CorrectedImage
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images


def corrected_images(c: Connection, dataset: StoredDataset, finals: Iterable[tuple[str, FinalLabels]]) -> Iterator[CorrectedImage]:
    """Each image of a release with its given label and the standing answers that count."""
    chosen = annotations.chosen_by_image(c, dataset.id)
    given = images.given_labels(c, dataset.id)
    for path, final in finals:
        yield CorrectedImage(path, given.get(final.image), final, tuple(chosen.get(final.image, ())))
