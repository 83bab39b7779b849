"""Which answers count: each place of an image is answered, held or free, and a late answer takes a free one.

An answer without a free place is kept and marked surplus. When a place becomes free, the oldest surplus answer takes it, so that nobody
works in vain. The mark is ours: the answer itself is not touched.
"""

from collections.abc import Iterable

from sqlalchemy import func, select, update

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.image_states import MOVABLE
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset.image_rows import is_in, n_wanted
from multilabelfy.store.schema import annotations, images


def is_surplus(assignment: Assignment, image: StoredImage, overlap: int) -> bool:
    """Whether a first answer finds no place: with a lease, once all places are answered; without one, once all are answered or held."""
    holds = assignment.state is AssignmentState.OPEN
    return image.n_answers + (0 if holds else image.n_leases) >= image.wants(overlap)


def count_waiting(c: Connection, freed: Iterable[ImageId], overlap: int) -> list[ImageId]:
    """Let surplus answers take the free places of these images, the oldest first; returns the images that gained one, to be settled."""
    return [image for image in dict.fromkeys(freed) if _gains(c, image, overlap)]


def images_waiting(c: Connection, dataset: DatasetId) -> list[ImageId]:
    """The images of a dataset that have surplus answers."""
    query = select(annotations.c.image_id).where(annotations.c.dataset_id == dataset, annotations.c.surplus).distinct()
    return [ImageId(image) for image in c.execute(query.order_by(annotations.c.image_id)).scalars()]


def _gains(c: Connection, image: ImageId, overlap: int) -> bool:
    columns = select(images.c.n_answers, images.c.n_leases, n_wanted(overlap).label("n_wanted"))
    stored = c.execute(columns.where(images.c.id == image, is_in(MOVABLE))).one_or_none()
    n_free = stored.n_wanted - stored.n_answers - stored.n_leases if stored else 0
    waiting = _waiting(c, image, n_free) if n_free > 0 else []
    for annotator in waiting:
        theirs = (annotations.c.image_id == image) & (annotations.c.annotator_id == annotator)
        c.execute(update(annotations).where(theirs).values(surplus=False))
    if waiting:
        c.execute(update(images).where(images.c.id == image).values(n_answers=images.c.n_answers + len(waiting)))
    return bool(waiting)


def _waiting(c: Connection, image: ImageId, n: int) -> list[AnnotatorId]:
    """The people whose surplus answers wait, in the order of their first answers."""
    first = func.min(annotations.c.id)
    query = select(annotations.c.annotator_id).where(annotations.c.image_id == image, annotations.c.surplus)
    return [AnnotatorId(person) for person in c.execute(query.group_by(annotations.c.annotator_id).order_by(first).limit(n)).scalars()]
