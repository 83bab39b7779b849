"""A workspace's own file, where it might be missed: it is gone, or it holds a study while the settings name another database."""

from multilabelfy.errors import InvalidSetting
from multilabelfy.plurals import counted
from multilabelfy.settings import Settings
from multilabelfy.store.copies.file_backup import n_datasets_or_mark
from multilabelfy.store.database.marks import Mark
from multilabelfy.store.database.opening.addresses import address_without_password, sqlite_file
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.workspace_database import VARIABLE, database_url, origin, own_file


def check_not_lost(settings: Settings) -> None:
    """Raise InvalidSetting if the workspace had a database in a file that is gone: an empty one in its place would look like a loss."""
    file = sqlite_file(database_url(settings))
    if file is None or file.exists():
        return
    named = f" {origin(settings)} names it: check that address." if settings.database_url else ""
    raise InvalidSetting(
        f"There is no database at '{file}', although this workspace had one.{named} Bring the file back, or restore a "
        f"backup into another folder. To begin anew in this one, remove its file 'key' as well."
    )


def check_nothing_left_behind(settings: Settings) -> None:
    """Raise InvalidSetting if an empty database is about to be used while the own file has a study, or says that it went elsewhere."""
    left = _left(settings)
    if not left:
        return
    named, empty = origin(settings), address_without_password(database_url(settings))
    another = "To begin another study in the empty one, name another workspace (--workspace)."
    if isinstance(left, Mark):
        raise InvalidSetting(
            f"The database {empty} is empty, and this workspace's study was moved to {left.address} on {left.since}. Check the address: "
            f"it is from {named}. {another}"
        )
    raise InvalidSetting(f"The database {empty} is empty: {named} names it. {_holds(settings, left)} {another}")


def missed(settings: Settings, store: Store) -> str:
    """Where the database that is used has no dataset: what the own file holds, and how it gets there."""
    with store.reading() as c:
        return "" if datasets.all_datasets(c) else hint(settings)


def hint(settings: Settings) -> str:
    """What the own file holds although another database is used, and how it gets there; empty if it holds nothing."""
    left = _left(settings)
    return _holds(settings, left) if left and not isinstance(left, Mark) else ""


def _left(settings: Settings) -> int | Mark:
    file = own_file(settings)
    is_used = not settings.database_url or sqlite_file(settings.database_url) == file
    return 0 if is_used or not file.is_file() else n_datasets_or_mark(file)


def _holds(settings: Settings, n_datasets: int) -> str:
    named = origin(settings)
    leave_out = f"unset {VARIABLE}" if named == VARIABLE else f"take `database_url` out of {named}"
    return (
        f"The workspace's own file '{own_file(settings)}' holds {counted(n_datasets, 'dataset')} and is not used, since {named} names "
        f"another database. To bring them there, {leave_out}, then run `multilabelfy backup --move-to` with its address."
    )
