"""Keep the newest figures of each dataset, since a page of figures must not read every answer at each look.

In a small study each look is of now. Where an analysis takes long, it stands for ten times as long as it took, so that figures never cost
more than a tenth of the server's time.
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, progress
from multilabelfy.workflows.analysing.analysis import Analysis, analysis_of
from multilabelfy.workflows.workspace import Workspace

T = TypeVar("T")
Stamp = tuple[object, ...]
QUICK_SECONDS = 0.5
STANDS_FOR = 10
"""Times as long as it took to make."""


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    stamp: Stamp
    figures: T
    made_at: float
    took: float


def stamp_of(c: Connection, dataset: StoredDataset) -> Stamp:
    """As long as it is the same, nobody has answered or decided anything, and no image has moved."""
    return (*progress.stamp(c, dataset.id), *sorted(images.counts(c, dataset.id).items()), dataset.protocol_version)


@dataclass
class KeptFigures(ABC, Generic[T]):
    """Figures of each dataset, made again once their stamp has changed; `clock` counts seconds.

    Of `n_workers` each makes its own, and so lets it stand for as many times longer. A kind of figures says how it is made.
    """

    clock: Callable[[], float] = time.monotonic
    n_workers: int = 1
    _kept: dict[int, _Kept[T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @abstractmethod
    def make(self, c: Connection, dataset: StoredDataset) -> T:
        """The figures, newly made."""

    def stamp(self, c: Connection, dataset: StoredDataset) -> Stamp:
        """What the figures depend on."""
        return stamp_of(c, dataset)

    def of(self, workspace: Workspace, name: str) -> T:
        """The figures of a dataset; simultaneous requests make them once. Raises UnknownDataset."""
        with self.reading(workspace, name) as (_, _, figures):
            return figures

    @contextmanager
    def reading(self, workspace: Workspace, name: str) -> Iterator[tuple[Connection, StoredDataset, T]]:
        """The figures with their dataset in an open read transaction, so that a page can show more of the same moment.

        The lock is taken first: whoever waits for it holds no connection.
        """
        with self._lock, workspace.store.reading() as c:
            dataset = datasets.find(c, name)
            yield c, dataset, self._of(c, dataset)

    def _of(self, c: Connection, dataset: StoredDataset) -> T:
        stamp = self.stamp(c, dataset)
        kept = self._kept.get(dataset.id)
        if kept is None or not self._still_stands(kept, stamp):
            begun = self.clock()
            figures = self.make(c, dataset)
            ended = self.clock()
            kept = self._kept[dataset.id] = _Kept(stamp, figures, ended, ended - begun)
        return kept.figures

    def _still_stands(self, kept: _Kept[T], stamp: Stamp) -> bool:
        if kept.stamp == stamp:
            return True
        return kept.took > QUICK_SECONDS and self.clock() - kept.made_at < STANDS_FOR * self.n_workers * kept.took


class Analyses(KeptFigures[Analysis]):
    """One analysis for each dataset, made again once somebody has answered since."""

    def make(self, c: Connection, dataset: StoredDataset) -> Analysis:
        """See `analysis_of`."""
        return analysis_of(c, dataset)
