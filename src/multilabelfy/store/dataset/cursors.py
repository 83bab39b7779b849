"""Where the search for each person's next image starts: every image that they could be given lies at or behind their cursor.

That keeps handing out as fast with a million images as with a hundred. Whatever makes an image available (new proposals, a lapsed lease,
a reopening) must call `pull_back`, which moves back the cursors that have passed it.
"""

import math

from sqlalchemy import bindparam, func, literal, select, update

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import DatasetId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Prebuilt, Upsert
from multilabelfy.store.schema import queue_cursors

START = -math.inf
END = math.inf
_OF_PERSON = (queue_cursors.c.annotator_id == bindparam("annotator")) & (queue_cursors.c.dataset_id == bindparam("dataset"))
PLACE = func.coalesce(select(queue_cursors.c.queue_place).where(_OF_PERSON).scalar_subquery(), literal(START))
"""The place in the queue to search from, inclusive, as an expression with the parameters `annotator` and `dataset`."""
_MOVE = Upsert(queue_cursors, ("annotator_id", "dataset_id"), lambda new: {"queue_place": new.queue_place})
_PULL_BACK = Prebuilt(
    update(queue_cursors)
    .where(queue_cursors.c.dataset_id == bindparam("dataset"), queue_cursors.c.queue_place > bindparam("to"))
    .values(queue_place=bindparam("to"))
)


def move(c: Connection, annotator: AnnotatorId, dataset: DatasetId, place: float) -> None:
    """Set one person's cursor."""
    _MOVE.on(c).run(c, annotator_id=annotator, dataset_id=dataset, queue_place=place)


def pull_back(c: Connection, dataset: DatasetId, place: float) -> None:
    """Move cursors back to this place if they have passed it: images there or behind it became available."""
    _PULL_BACK.run(c, dataset=dataset, to=place)
