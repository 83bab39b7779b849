"""Ask when answers came, whoever gave them."""

from datetime import datetime

from sqlalchemy import select

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets
from multilabelfy.store.schema import annotations


def is_answered_between(c: Connection, after: datetime | None, until: datetime) -> bool:
    """Whether an answer of any dataset came after one moment (None: at any time) and up to another."""
    upto = select(annotations.c.id).where(annotations.c.submitted_at <= until).limit(1)
    asked = upto if after is None else upto.where(annotations.c.submitted_at > after)
    return any(c.execute(asked.where(annotations.c.dataset_id == dataset.id)).first() for dataset in datasets.all_datasets(c))
