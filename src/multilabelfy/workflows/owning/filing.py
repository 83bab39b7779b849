"""Rename a dataset, archive it, or delete it: what an owner does with a study that was imported wrongly, or is over.

Under its former names a dataset is still reached from pages, so that no link and no answer on its way is lost.
"""

import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Annotator, Task
from multilabelfy.errors import AnswerRefused, InvalidInput, Problem, UnknownDataset
from multilabelfy.store import jobs, members, security_events
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.importing.rules import name_problems
from multilabelfy.workflows.serving.jobs import names_of
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.workspace import KEPT, Workspace


@dataclass(frozen=True, slots=True)
class Contents:
    """What a deletion would take away: images, people's answers and releases."""

    name: str
    n_images: int
    n_answers: int
    n_releases: int


def rename_dataset(workspace: Workspace, name: str, new: str, now: datetime, *, by: Annotator | None = None) -> str:
    """Rename a dataset; returns the new name. Raises UnknownDataset, and InvalidInput if the name is taken or fits no address."""
    new = new.strip()
    problems = list(name_problems(new))
    if problems:
        raise InvalidInput(f"Cannot rename '{name}'", problems, "Choose another name.")
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        if new != dataset.name:
            datasets.rename(c, dataset, new)
            jobs.forget(c, names_of(dataset.name))
            _log(c, EventKind.RENAMED, dataset.name, now, by, new)
    return new


def present_name(workspace: Workspace, name: str, person: Annotator | None = None) -> str:
    """What the dataset of this name is called now. Raises UnknownDataset if none has it, or had it before it was renamed, and for a person
    who is not in its team."""
    with workspace.store.reading() as c:
        try:
            dataset = datasets.find(c, name)
        except UnknownDataset:
            renamed = datasets.formerly(c, name)
            if renamed is None:
                raise
            dataset = renamed
        if person is not None and members.role_in(c, dataset.id, person) is None:
            raise UnknownDataset(f"There is no dataset '{name}' here.")
        return dataset.name


def archive(workspace: Workspace, name: str, now: datetime, *, by: Annotator | None = None) -> None:
    """Take a dataset out of the lists and hand out nothing of it; everything stays, and owners can still read all of it."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        if not dataset.is_archived:
            datasets.set_archived(c, dataset.id, now)
            _log(c, EventKind.ARCHIVED, dataset.name, now, by)


def take_back(workspace: Workspace, name: str, now: datetime, *, by: Annotator | None = None) -> None:
    """Take a dataset out of the archive. It stays paused until somebody resumes it."""
    with workspace.store.writing() as c:
        datasets.set_archived(c, datasets.find(c, name).id, None)
        _log(c, EventKind.TAKEN_BACK, name, now, by)


def contents(workspace: Workspace, name: str) -> Contents:
    """What there is to delete. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        n_answers = sum(n for task in Task for _, n, _ in annotations.effort(c, dataset.id, task))
        return Contents(dataset.name, sum(images.counts(c, dataset.id).values()), n_answers, len(releases.all_releases(c, dataset.id)))


def delete_dataset(
    workspace: Workspace, name: str, again: str, now: datetime, *, copy: Path | None = None, by: Annotator | None = None
) -> Path:
    """Delete a dataset with all its answers, after a copy of the database was kept; returns the copy's path. Pictures are not touched.

    `again` is the name as it was written once more. `copy` is a copy that was made by hand. Nobody can write between
    the copy and the deletion. Raises AnswerRefused if the names differ, StoreUnavailable if no copy can be made, InvalidInput for an
    empty one.
    """
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        if again.strip() != dataset.name:
            raise AnswerRefused({"name": "This is not the name of the dataset: nothing was deleted."})
        kept = _checked(copy) if copy is not None else back_up(workspace, _place(workspace, dataset.name, now))
        datasets.delete_all_of(c, dataset.id)
        jobs.forget(c, names_of(dataset.name))
        _log(c, EventKind.DELETED, dataset.name, now, by)
    shutil.rmtree(workspace.reports / str(dataset.id), ignore_errors=True)
    (workspace.simulated / f"{dataset.id}.csv").unlink(missing_ok=True)
    return kept


def _log(c: Connection, kind: EventKind, dataset: str, now: datetime, by: Annotator | None, detail: str = "") -> None:
    security_events.add(c, SecurityEvent(kind, now, by.id if by else None, dataset=dataset, detail=detail))


def _place(workspace: Workspace, name: str, now: datetime) -> Path:
    safe = re.sub(r"[^\w.-]", "-", name)
    return workspace.folder / KEPT / f"before-deleting-{safe}-{now:%Y-%m-%dT%H-%M-%S-%f}.db"


def _checked(copy: Path) -> Path:
    if not copy.is_file() or not copy.stat().st_size:
        raise InvalidInput("Cannot delete without a copy", [Problem(str(copy), "there is no such file, or it is empty")])
    return copy
