"""How far a dataset is and how fast it goes: a few summary reads for overview pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import DatasetId, ImageState
from multilabelfy.store import images as stored_images
from multilabelfy.store.engine import Connection
from multilabelfy.store.schema import annotations


@dataclass(frozen=True, slots=True)
class Progress:
    """The images by state, the answers given since `since`, and by whom."""

    images: dict[ImageState, int]
    since: datetime
    n_answers: int
    by_annotator: dict[AnnotatorId, int]


def progress(c: Connection, dataset: DatasetId, since: datetime) -> Progress:
    """What there is, and what was answered (revisions apart) since a moment."""
    recent = (annotations.c.dataset_id == dataset) & (annotations.c.submitted_at >= since) & (annotations.c.revision == 1)
    query = select(annotations.c.annotator_id, func.count()).where(recent).group_by(annotations.c.annotator_id)
    by_annotator = {AnnotatorId(person): n for person, n in c.execute(query.order_by(annotations.c.annotator_id))}
    return Progress(stored_images.counts(c, dataset), since, sum(by_annotator.values()), by_annotator)


def answers_per_hour(c: Connection, dataset: DatasetId, now: datetime, over: timedelta = timedelta(days=1)) -> float:
    """Answers an hour over the last `over`, revisions apart; 0 where there was none."""
    return progress(c, dataset, now - over).n_answers / (over / timedelta(hours=1))
