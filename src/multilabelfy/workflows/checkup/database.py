"""Check the database: its file, its revision, its counters, what people hold, and the newest release."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from multilabelfy.errors import UnknownRelease
from multilabelfy.plurals import counted
from multilabelfy.store.answers import rebuild
from multilabelfy.store.database import health, migrations
from multilabelfy.store.dataset import datasets
from multilabelfy.store.decisions import releases as stored_releases
from multilabelfy.store.handing_out import leases as stored_leases
from multilabelfy.workflows.checkup.item import CheckupItem, Severity, fine
from multilabelfy.workflows.workspace import Workspace

LONG_LAPSED = timedelta(days=1)


def integrity(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Whether the file is undamaged and each row that another one refers to is there."""
    with workspace.store.reading() as c:
        damage, description = health.damage(c, thorough=True), health.description(c)
    if damage is None:
        yield fine("database", description)
        return
    means = "Some of what people said may be lost or wrong. A disk, a copy of the file alone, or another program can be the cause."
    way_out = (
        "End the server, copy multilabelfy.db and its -wal elsewhere, then `multilabelfy backup --restore BACKUP "
        "--replace`. Check the disk."
    )
    yield CheckupItem("database", Severity.PROBLEM, f"{damage}: restore it from a backup", means, way_out)


def revision(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Which version's tables it has: opening it made them this version's."""
    with workspace.store.reading() as c:
        yield fine("schema", f"revision {migrations.revision_of(c)}, as this version needs")


def counters(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Whether each dataset's counters are what the log of answers comes to."""
    with workspace.store.reading() as c:
        for dataset in datasets.all_datasets(c):
            what = f"counters of {dataset.name}"
            if rebuild.stored_summaries(c, dataset.id) == rebuild.recomputed(c, dataset.id):
                yield fine(what, "agree with the log of answers")
                continue
            yield CheckupItem(
                what,
                Severity.PROBLEM,
                "differ from the log of answers: run `multilabelfy doctor --repair`",
                "Progress and hand-out count wrongly; the answers themselves are not touched. Somebody may have edited the database.",
                "multilabelfy doctor --repair",
                "computes them anew from the log, after a copy of the database is kept",
            )


def leases(workspace: Workspace, now: datetime) -> Iterator[CheckupItem]:
    """Pictures that were handed out and neither answered nor given back long after."""
    with workspace.store.reading() as c:
        for dataset in datasets.all_datasets(c):
            n = stored_leases.n_lapsed(c, dataset.id, now - LONG_LAPSED)
            if n:
                yield CheckupItem(
                    f"pictures in hand of {dataset.name}",
                    Severity.NOTE,
                    f"{counted(n, 'picture')} handed out and not answered for more than a day",
                    "Nobody waits for them: they return to the queue as soon as somebody asks for the next picture.",
                    "Nothing.",
                )


def releases(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Whether the newest release of each dataset holds as many images as it was written with."""
    with workspace.store.reading() as c:
        for dataset in datasets.all_datasets(c):
            try:
                newest = stored_releases.latest(c, dataset.id)
            except UnknownRelease:
                continue
            n_images = sum(1 for _ in stored_releases.labels_of(c, dataset.id, newest.number))
            what = f"release {newest.number} of {dataset.name}"
            if n_images == newest.n_images:
                yield fine(what, f"holds its {counted(n_images, 'image')}")
                continue
            means = "Final labels were lost or added by another program: exports of this release are not what they were."
            way_out = "Restore a backup beside it and compare; `multilabelfy resolve` makes a new release of what people said."
            detail = f"holds {counted(n_images, 'image')}, was written with {newest.n_images}"
            yield CheckupItem(what, Severity.PROBLEM, detail, means, way_out)
