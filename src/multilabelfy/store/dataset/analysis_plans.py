"""The analysis plans of a dataset. A plan is a draft until it is frozen; a frozen plan never changes, and later ones amend it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.annotation.study.analysis_plan import StoredPlan
from multilabelfy.dataset.model import DatasetId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import analysis_plans


def history(c: Connection, dataset: DatasetId) -> list[StoredPlan]:
    """Every version, oldest first; only the last may be a draft."""
    query = select(analysis_plans).where(analysis_plans.c.dataset_id == dataset).order_by(analysis_plans.c.version)
    return [_from_row(row) for row in c.execute(query)]


def frozen(c: Connection, dataset: DatasetId) -> list[StoredPlan]:
    """The plan and its amendments, oldest first."""
    return [plan for plan in history(c, dataset) if plan.is_frozen]


def write_draft(c: Connection, dataset: DatasetId, text: str, sha256: str, author: AnnotatorId | None, now: datetime) -> int:
    """Write the draft of the next version, replacing an earlier draft; returns its number."""
    versions = history(c, dataset)
    is_there = bool(versions) and not versions[-1].is_frozen
    version = versions[-1].version if is_there else len(versions) + 1
    values: dict[str, Any] = {"text": text, "sha256": sha256, "author_id": author, "created_at": now}
    if is_there:
        c.execute(update(analysis_plans).where(*_draft(dataset, version)).values(**values))
    else:
        c.execute(insert(analysis_plans).values(dataset_id=dataset, version=version, **values))
    return version


def freeze(c: Connection, dataset: DatasetId, version: int, now: datetime, n_answers: int) -> bool:
    """Freeze a draft; returns whether there was one of this number."""
    frozen_now = update(analysis_plans).where(*_draft(dataset, version)).values(frozen_at=now, n_answers=n_answers)
    return c.execute(frozen_now).rowcount > 0


def _draft(dataset: DatasetId, version: int) -> tuple[Any, ...]:
    return analysis_plans.c.dataset_id == dataset, analysis_plans.c.version == version, analysis_plans.c.frozen_at.is_(None)


def _from_row(row: Row[Any]) -> StoredPlan:
    author = None if row.author_id is None else AnnotatorId(row.author_id)
    return StoredPlan(row.version, row.text, row.sha256, author, row.created_at, row.frozen_at, row.n_answers)
