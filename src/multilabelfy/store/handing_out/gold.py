"""Images with known labels: practice, calibration and test gold. A retired one is not handed out any more, and counts for nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, func, insert, select, update

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.checking.gold import Gold
from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.handing_out.checks import is_known_to
from multilabelfy.store.schema import gold, planned_checks, proposals


def add(c: Connection, dataset: DatasetId, marks: Sequence[Gold], now: datetime) -> None:
    """Mark images as gold; a new mark replaces an earlier one, retired or of another kind."""
    for chunk in chunked(marks):
        c.execute(delete(gold).where(gold.c.image_id.in_([mark.image for mark in chunk])))
        values = [{"image_id": mark.image, "kind": mark.kind.value, "labels": sorted(mark.labels), "why": mark.why} for mark in chunk]
        c.execute(insert(gold), [{"dataset_id": dataset, "added_at": now, **row} for row in values])


def retire(c: Connection, ids: Iterable[ImageId], now: datetime) -> int:
    """Stop handing out these images as gold, and ignore the answers about them; returns how many were gold until now."""
    n_retired = 0
    for chunk in chunked(ids):
        c.execute(delete(planned_checks).where(planned_checks.c.image_id.in_(chunk), planned_checks.c.policy != "repeat"))
        active = gold.c.image_id.in_(chunk) & gold.c.retired_at.is_(None)
        n_retired += c.execute(update(gold).where(active).values(retired_at=now)).rowcount
    return n_retired


def of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, Gold]:
    """The gold among these images, retired gold included."""
    by_image: dict[ImageId, Gold] = {}
    for chunk in chunked(ids):
        by_image.update((ImageId(row.image_id), _from_row(row)) for row in c.execute(select(gold).where(gold.c.image_id.in_(chunk))))
    return by_image


def counts(c: Connection, dataset: DatasetId) -> dict[GoldKind, int]:
    """How many images are gold of each kind; every kind is a key."""
    active = (gold.c.dataset_id == dataset) & gold.c.retired_at.is_(None)
    by_kind = {str(kind): int(n) for kind, n in c.execute(select(gold.c.kind, func.count()).where(active).group_by(gold.c.kind))}
    return {kind: by_kind.get(kind.value, 0) for kind in GoldKind}


def n_without_proposals(c: Connection, dataset: DatasetId) -> int:
    """How many gold images cannot be shown yet."""
    active = (gold.c.dataset_id == dataset) & gold.c.retired_at.is_(None)
    return int(c.execute(select(func.count()).select_from(gold).where(active, ~_has_proposals())).scalar_one())


def pool(c: Connection, dataset: DatasetId, kind: GoldKind, annotator: AnnotatorId) -> list[ImageId]:
    """The gold of a kind that can be shown and that this person was never given in any form."""
    active = (gold.c.dataset_id == dataset) & (gold.c.kind == kind.value) & gold.c.retired_at.is_(None)
    query = select(gold.c.image_id).where(active, _has_proposals(), ~is_known_to(annotator, gold.c.image_id))
    return [ImageId(image) for image in c.execute(query).scalars()]


def _has_proposals() -> ColumnElement[bool]:
    return exists().where(proposals.c.image_id == gold.c.image_id)


def _from_row(row: Row[Any]) -> Gold:
    return Gold(ImageId(row.image_id), GoldKind(row.kind), tuple(row.labels), row.why, row.retired_at is not None)
