"""What the parts of one workflow share: a dataset in an open transaction, and whoever is at work on it now.

Pages pass names; a workflow opens these once and hands one value on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OpenDataset:
    """A dataset in an open transaction `c`, in its workspace."""

    c: Connection
    workspace: Workspace
    dataset: StoredDataset


@dataclass(frozen=True, slots=True)
class AtWork(OpenDataset):
    """Somebody at work on a dataset now, in a write transaction."""

    person: Annotator
    now: datetime


@contextmanager
def reading(workspace: Workspace, name: str) -> Iterator[OpenDataset]:
    """The dataset of this name in a read transaction. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        yield OpenDataset(c, workspace, datasets.find(c, name))


@contextmanager
def writing(workspace: Workspace, name: str) -> Iterator[OpenDataset]:
    """The same in a write transaction, where neither the person nor the time is needed."""
    with workspace.store.writing() as c:
        yield OpenDataset(c, workspace, datasets.find(c, name))


@contextmanager
def at_work(workspace: Workspace, name: str, person: Annotator, now: datetime) -> Iterator[AtWork]:
    """The dataset of this name in a write transaction, for this person. Raises UnknownDataset."""
    with workspace.store.writing() as c:
        yield AtWork(c, workspace, datasets.find(c, name), person, now)
