"""Check all of a workspace that can break, and mend what can be mended safely."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from multilabelfy.plurals import counted
from multilabelfy.store.answers import rebuild
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.checkup import backups, certificate, database, files, machine, pictures
from multilabelfy.workflows.checkup.item import CheckupItem
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.upkeep.leftovers import left, remove_leftovers
from multilabelfy.workflows.workspace import KEPT, Workspace

Look = Callable[[Workspace, datetime], Iterable[CheckupItem]]
CHECKS: tuple[Look, ...] = (
    files.secrets,
    files.disk,
    files.log,
    files.leftovers,
    backups.newest,
    database.integrity,
    database.revision,
    database.counters,
    database.leases,
    database.releases,
    pictures.pictures,
    pictures.references,
    machine.clock,
    machine.time_zone,
    machine.languages,
    machine.server,
    certificate.end,
)


def check(workspace: Workspace, now: datetime) -> tuple[CheckupItem, ...]:
    """Check everything that can be checked without changing anything."""
    return tuple(item for look in CHECKS for item in look(workspace, now))


def repair(workspace: Workspace, now: datetime) -> tuple[str, ...]:
    """Mend what is safe to mend; returns what was done, a sentence each.

    Secrets become their owner's alone, temporary files that killed processes left are removed, SQLite's log is moved into its file, and
    counters are computed anew from the log of answers, which is never touched: in one transaction, after a copy of the database is kept.
    """
    return (*_secrets(workspace), *_leftovers(workspace), *_log(workspace), *_counters(workspace, now))


def _secrets(workspace: Workspace) -> Iterable[str]:
    for file in files.readable_by_others(workspace):
        file.chmod(file.stat().st_mode & 0o700)
        yield f"'{file}' can be read by its owner alone now."


def _leftovers(workspace: Workspace) -> Iterable[str]:
    if left(workspace):
        yield f"{counted(remove_leftovers(workspace), 'temporary file')} of killed processes removed."


def _log(workspace: Workspace) -> Iterable[str]:
    size = files.log_size(workspace)
    if size and workspace.store.take_over_log():
        yield f"The database's log ({size / (1 << 20):.1f} MiB) was moved into its file."


def _counters(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Nobody can write between the copy and the new counters."""
    with workspace.store.writing() as c:
        astray = [each for each in datasets.all_datasets(c) if rebuild.stored_summaries(c, each.id) != rebuild.recomputed(c, each.id)]
        if not astray:
            return
        yield f"A copy of the database was kept first: '{back_up(workspace, _place(workspace, now))}'."
        for dataset in astray:
            rebuild.rebuild(c, dataset.id)
            yield f"The counters of {dataset.name} were computed anew from the log of answers."


def _place(workspace: Workspace, now: datetime) -> Path:
    return workspace.folder / KEPT / f"before-repair-{now:%Y-%m-%dT%H-%M-%S-%f}.db"
