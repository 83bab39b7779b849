"""What sheets show of a label, kept in this process: its names, which never change, and its reference pictures, which carry a mark.

The mark is read with the dataset, in the transaction that shows the label. So what another process changed is seen at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from multilabelfy.dataset.model import DatasetId, ImageId, Label
from multilabelfy.dataset.stored import StoredExemplar
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import labels
from multilabelfy.workflows.at_work import OpenDataset
from multilabelfy.workflows.showing.addresses import Strip

Picture = tuple[ImageId, str | None]
"""An image and its fingerprint."""
MOST_PICTURES = 1000


@dataclass(frozen=True, slots=True)
class KeptLabels:
    """Of a dataset, while its `mark` stood: the labels that were shown, each one's readable reference pictures with their fingerprints, and
    the strips that were drawn beside each picture."""

    mark: tuple[object, ...]
    labels: dict[int, Label] = field(default_factory=dict)
    references: dict[int, dict[StoredExemplar, str]] = field(default_factory=dict)
    strips: dict[Picture, dict[int, Strip | None]] = field(default_factory=dict)
    changing: Lock = field(default_factory=Lock)

    def strips_beside(self, picture: Picture) -> dict[int, Strip | None]:
        """What was drawn beside a picture so far, by label."""
        return self.strips.get(picture, {})

    def keep_strips(self, picture: Picture, strips: dict[int, Strip | None]) -> None:
        """Keep what is shown beside a picture: several people get the same one, soon after each other. The oldest gives way."""
        with self.changing:  # on several threads at once
            self.strips[picture] = strips
            if len(self.strips) > MOST_PICTURES:
                del self.strips[next(iter(self.strips))]


_kept: WeakKeyDictionary[Store, dict[DatasetId, KeptLabels]] = WeakKeyDictionary()


def kept_labels(at: OpenDataset) -> KeptLabels:
    """What is kept of this dataset; nothing yet if its reference pictures changed."""
    workspace, dataset = at.workspace, at.dataset
    mark = (dataset.created_at, dataset.references_mark, workspace.settings.n_exemplars, workspace.key)
    of_store = _kept.setdefault(at.workspace.store, {})
    kept = of_store.get(at.dataset.id)
    if kept is None or kept.mark != mark:
        kept = of_store[at.dataset.id] = KeptLabels(mark)
    return kept


def labels_by_index(at: OpenDataset, indices: Iterable[int]) -> dict[int, Label]:
    """The labels of these indices; unknown indices are left out."""
    kept, wanted = kept_labels(at).labels, list(indices)
    lacking = [index for index in wanted if index not in kept]
    if lacking:
        kept.update(labels.labels_by_index(at.c, at.dataset.id, lacking))
    return {index: kept[index] for index in wanted if index in kept}
