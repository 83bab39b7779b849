"""Keep the newest analysis of each dataset, since a page of figures must not read every answer at each look."""

import threading
from dataclasses import dataclass, field

from multilabelfy.store import datasets, images, progress
from multilabelfy.store.datasets import StoredDataset
from multilabelfy.store.engine import Connection
from multilabelfy.workflows.analysing import Analysis, analysis_of
from multilabelfy.workflows.workspace import Workspace

Stamp = tuple[object, ...]


@dataclass
class Analyses:
    """One analysis a dataset, made anew when somebody said something since."""

    _kept: dict[int, tuple[Stamp, Analysis]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, workspace: Workspace, name: str) -> Analysis:
        """The analysis as of now; two requests at once make it once. Raises UnknownDataset."""
        with self._lock, workspace.store.reading() as c:
            dataset = datasets.find(c, name)
            stamp = _stamp(c, dataset)
            kept = self._kept.get(dataset.id)
            if kept is None or kept[0] != stamp:
                kept = (stamp, analysis_of(c, dataset))
                self._kept[dataset.id] = kept
            return kept[1]


def _stamp(c: Connection, dataset: StoredDataset) -> Stamp:
    return (*progress.stamp(c, dataset.id), *sorted(images.counts(c, dataset.id).items()), dataset.protocol_version)
