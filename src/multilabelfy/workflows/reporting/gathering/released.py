"""Read the newest release of a dataset as label sets: what reports, data cards and class sets are made from."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import LabelSets
from multilabelfy.errors import UnknownRelease
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import releases


@dataclass(frozen=True)
class Released:
    """The newest release of a dataset: each image's final labels by path, and label sets with the given labels."""

    release: Release
    finals: Sequence[tuple[str, FinalLabels]]
    labelled: LabelledImages


def released(c: Connection, dataset: StoredDataset) -> Released:
    """Read the newest release. Raises UnknownRelease."""
    release = newest_release(c, dataset)
    finals = list(releases.labels_of(c, dataset.id, release.number))
    return Released(release, finals, _labelled(c, dataset, finals))


def newest_release(c: Connection, dataset: StoredDataset) -> Release:
    """The newest release without its labels. Raises UnknownRelease, which explains how to make one."""
    try:
        return releases.latest(c, dataset.id)
    except UnknownRelease:
        raise UnknownRelease(
            f"'{dataset.name}' has no release of final labels yet, and a report tells what a release says. "
            f"Run `multilabelfy resolve {shlex.quote(dataset.name)}` to make one of the images that are decided now."
        ) from None


def _labelled(c: Connection, dataset: StoredDataset, finals: Sequence[tuple[str, FinalLabels]]) -> LabelledImages:
    given = images.given_labels(c, dataset.id)
    sets = LabelSets.from_rows([path for path, _ in finals], [final.labels for _, final in finals])
    of_each = np.array([given.get(final.image, NO_LABEL) for _, final in finals], dtype=np.int64)
    return LabelledImages(sets, of_each if (of_each != NO_LABEL).any() else None)
