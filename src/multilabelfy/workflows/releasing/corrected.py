"""Gather the corrected dataset: final labels beside the given ones, and what the annotators had chosen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from multilabelfy.dataset.model import ImageId
from multilabelfy.evaluation.labels.correction import Correction, correction_of
from multilabelfy.formats.corrected import CorrectedImage
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.store.dataset.datasets import StoredDataset

WORDS = {
    Correction.STANDS: "given labels stand",
    Correction.REPLACED: "are replaced by one label",
    Correction.ONE_OF_SEVERAL: "are one of several",
    Correction.REPLACED_BY_SEVERAL: "are replaced by several",
    Correction.NO_LABEL: "images have no label",
    Correction.NONE_GIVEN: "images came without one",
}


def corrected_images(c: Connection, dataset: StoredDataset, finals: Iterable[tuple[str, FinalLabels]]) -> Iterator[CorrectedImage]:
    """Each image of a release beside its given label and the standing answers that count (surplus ones do not)."""
    chosen: dict[ImageId, list[frozenset[int]]] = defaultdict(list)
    for annotation in annotations.iterate_latest(c, dataset.id):
        if not annotation.surplus:
            chosen[annotation.image].append(annotation.chosen())
    given = {image.id: image.given_label for image in images.iterate(c, dataset.id)}
    for path, final in finals:
        yield CorrectedImage(path, given[final.image], final, tuple(chosen.get(final.image, ())))


def corrections(found: Iterable[CorrectedImage]) -> dict[Correction, int]:
    """How many images there are of each kind, in the kinds' own order."""
    counted = Counter(correction_of(one.given_label, one.final.labels) for one in found)
    return {kind: counted[kind] for kind in Correction if counted[kind]}


def in_words(counted: dict[Correction, int]) -> str:
    """The same as a sentence without its full stop."""
    return ", ".join(f"{n} {WORDS[kind]}" for kind, n in counted.items())
