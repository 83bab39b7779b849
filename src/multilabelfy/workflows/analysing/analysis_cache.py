"""Keep the newest figures of each dataset, since a page of figures must not read every answer at each look.

In a small study each look is of now. Where an analysis takes long, it stands for ten times as long as it took, so that figures never cost
more than a tenth of the server's time. Those of a large study are worked out in a process of their own: whoever looks meanwhile sees those
from before, and waits a moment where there are none.
"""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from multilabelfy.annotation.model import Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.errors import FiguresFailed, FiguresUnderWay
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, progress
from multilabelfy.workflows.analysing.analysis import Analysis, analysis_of
from multilabelfy.workflows.analysing.apart import made_apart
from multilabelfy.workflows.workspace import Workspace

log = logging.getLogger(__name__)
T = TypeVar("T")
Stamp = tuple[object, ...]
QUICK_SECONDS = 0.5
STANDS_FOR = 10
"""Times as long as it took to make."""
LARGE = 20_000
"""So many answers take seconds to read."""
PATIENCE_SECONDS = 3.0


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
class _Making:
    """Figures on their way: once `ended` is set they are kept, or there is a `failure`."""

    ended: threading.Event = field(default_factory=threading.Event)
    failure: FiguresFailed | None = field(default_factory=FiguresFailed)


@dataclass
class KeptFigures(ABC, Generic[T]):
    """Figures of each dataset, made again once their stamp has changed; `clock` counts seconds.

    Of `n_workers` each makes its own, and so lets it stand for as many times longer. From `large` answers on they are made in another
    process, and who finds none waits `patience` seconds for it. A kind of figures says how it is made, and what it goes on from.
    """

    clock: Callable[[], float] = time.monotonic
    n_workers: int = 1
    large: int = LARGE
    patience: float = PATIENCE_SECONDS
    _kept: dict[int, _Kept[T]] = field(default_factory=dict)
    _making: dict[int, _Making] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @abstractmethod
    def make(self, c: Connection, dataset: StoredDataset, begin: Any) -> T:
        """The figures, newly made; `begin` is what those before gave to begin from, None without any."""

    def beginning(self, _figures: T) -> Any:
        """What the next figures may begin from: small, since it goes to another process. Nothing, unless a kind of figures says so."""
        return None

    def stamp(self, c: Connection, dataset: StoredDataset) -> Stamp:
        """What the figures depend on."""
        return stamp_of(c, dataset)

    def of(self, workspace: Workspace, name: str) -> T:
        """The figures of a dataset; simultaneous requests make them once. Raises UnknownDataset, FiguresUnderWay and FiguresFailed."""
        with self.reading(workspace, name) as (_, _, figures):
            return figures

    @contextmanager
    def reading(self, workspace: Workspace, name: str) -> Iterator[tuple[Connection, StoredDataset, T]]:
        """The figures with their dataset in an open read transaction, so that a page can show more of the same moment.

        The lock is taken first: whoever waits for it holds no connection. Raises as `of`.
        """
        while True:
            with self._lock, workspace.store.reading() as c:
                dataset = datasets.find(c, name)
                kept, making = self._of(c, workspace, dataset)
                if kept is not None:
                    yield c, dataset, kept.figures
                    return
            if making is None or not making.ended.wait(self.patience):
                raise FiguresUnderWay
            if making.failure is not None:
                raise making.failure

    def now(self, workspace: Workspace, name: str, begin: Any = None) -> tuple[Stamp, T]:
        """The figures, newly made, and what they depend on. Raises UnknownDataset."""
        with workspace.store.reading() as c:
            dataset = datasets.find(c, name)
            return self.stamp(c, dataset), self.make(c, dataset, begin)

    def _of(self, c: Connection, workspace: Workspace, dataset: StoredDataset) -> tuple[_Kept[T] | None, _Making | None]:
        """What is kept, if it may be shown, and otherwise what is on its way."""
        stamp = self.stamp(c, dataset)
        kept = self._kept.get(dataset.id)
        if kept is not None and self._still_stands(kept, stamp):
            return kept, None
        if sum(n for _, n, _ in annotations.effort(c, dataset.id, Task.ANNOTATE)) >= self.large:
            return kept, self._under_way(workspace, dataset)
        begun = self.clock()
        figures = self.make(c, dataset, self._begin(dataset))
        ended = self.clock()
        kept = self._kept[dataset.id] = _Kept(stamp, figures, ended, ended - begun)
        return kept, None

    def _under_way(self, workspace: Workspace, dataset: StoredDataset) -> _Making:
        """Begin to make figures apart, unless they are on their way."""
        making = self._making.get(dataset.id)
        if making is None:
            making = self._making[dataset.id] = _Making()
            threading.Thread(target=self._make_apart, args=(workspace, dataset, making), daemon=True).start()
        return making

    def _begin(self, dataset: StoredDataset) -> Any:
        kept = self._kept.get(dataset.id)
        return None if kept is None else self.beginning(kept.figures)

    def _make_apart(self, workspace: Workspace, dataset: StoredDataset, making: _Making) -> None:
        begun = self.clock()
        try:
            stamp, figures = made_apart(type(self), workspace.settings, dataset.name, self._begin(dataset))
            ended = self.clock()
            self._kept[dataset.id] = _Kept(stamp, figures, ended, ended - begun)
            making.failure = None
        except FiguresFailed:
            log.warning("The figures of '%s' could not be worked out.", dataset.name)
        finally:
            del self._making[dataset.id]
            making.ended.set()

    def _still_stands(self, kept: _Kept[T], stamp: Stamp) -> bool:
        if kept.stamp == stamp:
            return True
        return kept.took > QUICK_SECONDS and self.clock() - kept.made_at < STANDS_FOR * self.n_workers * kept.took


class Analyses(KeptFigures[Analysis]):
    """One analysis for each dataset, made again once somebody has answered since."""

    def make(self, c: Connection, dataset: StoredDataset, _begin: None) -> Analysis:
        """See `analysis_of`."""
        return analysis_of(c, dataset)
