"""Check that what people said does not lie on one disk alone: the age of the newest backup."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from multilabelfy.store.answers.counting import is_answered_between
from multilabelfy.workflows.checkup.item import CheckupItem, Severity, fine
from multilabelfy.workflows.upkeep.kept_backups import KeptBackups, kept_backups
from multilabelfy.workflows.workspace import Workspace

UNSAVED_FOR = timedelta(days=7)
"""How long answers may lie in the database alone."""


def newest(workspace: Workspace, now: datetime) -> Iterator[CheckupItem]:
    """Whether answers of more than a week ago lie in no backup of the folder where backups are kept."""
    try:
        kept = kept_backups(workspace)
    except OSError as error:
        yield _unsaved(f"the folder of backups cannot be read ({error.strerror})")
        return
    made_at = kept.newest[0].made_at if kept.newest else None
    with workspace.store.reading() as c:
        is_unsaved = is_answered_between(c, made_at, now - UNSAVED_FOR)
    if is_unsaved:
        yield _unsaved(f"answers of more than {UNSAVED_FOR.days} days ago are in none: {_newest(kept)}")
        return
    yield fine("backups", f"{_newest(kept)}; every older answer is in it" if made_at else "nothing was answered so far that needs one")


def _newest(kept: KeptBackups) -> str:
    if not kept.newest:
        return f"'{kept.folder}' has none"
    return f"the newest in '{kept.folder}' is of {kept.newest[0].made_at:%Y-%m-%d %H:%M} UTC"


def _unsaved(detail: str) -> CheckupItem:
    means = "If this disk fails, they are lost. Backups in other folders are not seen: the setting `backup_folder` says where yours lie."
    return CheckupItem("backups", Severity.WARNING, detail, means, "multilabelfy backup PLACE, every night, on another disk.")
