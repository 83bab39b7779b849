"""Check a workspace: its key, its disk, its database and counters, and that its pictures are still in place."""

import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.errors import ForbiddenPath
from multilabelfy.pictures.paths import inside
from multilabelfy.plurals import counted
from multilabelfy.store.answers import rebuild
from multilabelfy.store.database import health
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.workspace import KEY_FILE, Workspace

LOW_DISK = 1 << 30
"""Free space, in bytes, below which a workspace is in danger."""


@dataclass(frozen=True, slots=True)
class CheckupItem:
    """The result of one check; `detail` says what was found and, if it is not ok, what to do."""

    what: str
    ok: bool
    detail: str


def check(workspace: Workspace) -> tuple[CheckupItem, ...]:
    """Check everything that can be checked without changing anything."""
    return (_key(workspace), _disk(workspace), _database(workspace), *_counters(workspace), *_pictures(workspace))


def repair(workspace: Workspace) -> None:
    """Recompute every dataset's counters from the log of answers; the log itself is never touched."""
    with workspace.store.writing() as c:
        for dataset in datasets.all_datasets(c):
            rebuild.rebuild(c, dataset.id)


def _key(workspace: Workspace) -> CheckupItem:
    mode = (workspace.folder / KEY_FILE).stat().st_mode & 0o077
    detail = "only its owner can read it" if not mode else f"others can read it: run chmod 600 '{workspace.folder / KEY_FILE}'"
    return CheckupItem("key", not mode, detail)


def _disk(workspace: Workspace) -> CheckupItem:
    if workspace.store.is_read_only:
        return CheckupItem("disk", False, f"'{workspace.folder}' is read-only: give this user the right to write it")
    free = shutil.disk_usage(workspace.folder).free
    return CheckupItem("disk", free >= LOW_DISK, f"{free / (1 << 30):.1f} GiB free" + ("" if free >= LOW_DISK else ": make room"))


def _database(workspace: Workspace) -> CheckupItem:
    with workspace.store.reading() as c:
        damage = health.damage(c)
        return CheckupItem("database", damage is None, f"{damage}: restore it from a backup" if damage else health.description(c))


def _counters(workspace: Workspace) -> list[CheckupItem]:
    with workspace.store.reading() as c:
        return [_counters_of(c, dataset) for dataset in datasets.all_datasets(c)]


def _counters_of(c: Connection, dataset: StoredDataset) -> CheckupItem:
    agree = rebuild.stored_summaries(c, dataset.id) == rebuild.recomputed(c, dataset.id)
    detail = "agree with the log of answers" if agree else "differ from the log of answers: run `multilabelfy doctor --repair`"
    return CheckupItem(f"counters of {dataset.name}", agree, detail)


def _pictures(workspace: Workspace) -> list[CheckupItem]:
    with workspace.store.reading() as c:
        roots = {dataset.name: (Path(dataset.images_root), images.paths(c, dataset.id)) for dataset in datasets.all_datasets(c)}
    return [_pictures_of(name, root, paths) for name, (root, paths) in roots.items()]


def _pictures_of(name: str, root: Path, paths: list[str]) -> CheckupItem:
    missing = [path for path in paths if not _is_there(root, path)]
    if not missing:
        return CheckupItem(f"pictures of {name}", True, f"{counted(len(paths), 'picture')} where expected")
    way_out = f"put them back, or run `multilabelfy relocate {shlex.quote(name)} --images DIR` if they were moved"
    return CheckupItem(f"pictures of {name}", False, f"{len(missing)} of {len(paths)} are gone, the first '{missing[0]}': {way_out}")


def _is_there(root: Path, path: str) -> bool:
    try:
        return inside(root, path).is_file()
    except ForbiddenPath:
        return False
