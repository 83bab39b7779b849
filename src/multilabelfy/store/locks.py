"""Let the changes of one dataset happen one after the other, on both databases alike.

A SQLite writer is alone anyway. On PostgreSQL the dataset's row is the lock: a hand-out or a submit holds it for a few milliseconds, so
that counters, cursors and overlap can be read and then changed without a race, and no two changes can wait for each other in a circle.
"""

from sqlalchemy import select

from multilabelfy.dataset.model import DatasetId
from multilabelfy.store.engine import Connection
from multilabelfy.store.schema import datasets


def lock_dataset(c: Connection, dataset: DatasetId) -> None:
    """Wait until no other transaction changes this dataset, and keep it until the end of this one."""
    if c.dialect.name == "postgresql":
        # NO KEY UPDATE: rows that merely refer to the dataset can still be added.
        c.execute(select(datasets.c.id).where(datasets.c.id == dataset).with_for_update(key_share=True))
