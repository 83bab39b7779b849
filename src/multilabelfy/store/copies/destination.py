"""Whether a database may take what is moved: nobody's tables but ours are in it, and no study."""

from sqlalchemy import func, select

from multilabelfy.errors import StoreUnavailable
from multilabelfy.plurals import counted
from multilabelfy.store.copies.transfer import remove_all_rows
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.migrations import check_free, migrate, revision_of
from multilabelfy.store.database.own_tables import how_to_empty
from multilabelfy.store.schema import annotators, datasets


def prepare(c: Connection, where: str) -> None:
    """Make this version's tables, without a row, in a database that is empty, or has our tables but neither a dataset nor a person.

    Raises StoreUnavailable, with how to go on, if it is another one.
    """
    if revision_of(c) is None:
        migrate(c)
        return
    migrate(c)
    check_free(c)
    n_datasets, n_people = (c.execute(select(func.count()).select_from(table)).scalar_one() for table in (datasets, annotators))
    if n_datasets or n_people:
        raise StoreUnavailable(
            f"Cannot move to {where}: a study is there already, with {counted(n_datasets, 'dataset')} and "
            f"{counted(n_people, 'person', 'people')}. Name an empty database. Or, if you do not need what it holds, {how_to_empty(c)}"
        )
    remove_all_rows(c)
