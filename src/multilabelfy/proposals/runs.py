"""The noun of one model's pass over a dataset."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from multilabelfy.dataset.model import DatasetId

RunId = NewType("RunId", int)


@dataclass(frozen=True, slots=True)
class Run:
    """One model's pass over a dataset; `finished_at` is None while images still wait for it.

    `k` labels of an image are its proposals; deeper ranks may be kept beside them, for decoys.
    """

    id: RunId
    dataset: DatasetId
    source: str
    k: int
    started_at: datetime
    finished_at: datetime | None
    n_done: int
