"""The guidelines of a dataset: versioned Markdown, so that each annotation names the version that its annotator followed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.annotation.study.protocol import Guidelines
from multilabelfy.dataset.model import DatasetId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import guidelines

NONE_YET = Guidelines(0, "", None, None)


def latest(c: Connection, dataset: DatasetId) -> Guidelines:
    """The newest version."""
    query = select(guidelines).where(guidelines.c.dataset_id == dataset).order_by(guidelines.c.version.desc()).limit(1)
    row = c.execute(query).one_or_none()
    return NONE_YET if row is None else _from_row(row)


def get(c: Connection, dataset: DatasetId, version: int) -> Guidelines:
    """One version; an empty text if there is none of that number."""
    query = select(guidelines).where(guidelines.c.dataset_id == dataset, guidelines.c.version == version)
    row = c.execute(query).one_or_none()
    return NONE_YET if row is None else _from_row(row)


def history(c: Connection, dataset: DatasetId) -> list[Guidelines]:
    """Every version, newest first."""
    query = select(guidelines).where(guidelines.c.dataset_id == dataset).order_by(guidelines.c.version.desc())
    return [_from_row(row) for row in c.execute(query)]


def add(c: Connection, dataset: DatasetId, text: str, author: AnnotatorId | None, now: datetime) -> int:
    """Write the next version and return its number; an unchanged text keeps its version."""
    current = latest(c, dataset)
    if current.text == text:
        return current.version
    c.execute(insert(guidelines).values(dataset_id=dataset, version=current.version + 1, text=text, author_id=author, created_at=now))
    return current.version + 1


def _from_row(row: Row[Any]) -> Guidelines:
    return Guidelines(row.version, row.text, None if row.author_id is None else AnnotatorId(row.author_id), row.created_at)
