"""How pictures look to a model: one vector an image and run, float16, of unit length."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, insert, select

from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.proposals.runs import RunId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import embeddings, proposal_runs

Embeddings = npt.NDArray[np.float16]
_VECTOR = np.dtype("<f2")


def add_chunk(c: Connection, run: RunId, image_ids: Sequence[ImageId], vectors: npt.NDArray[np.floating]) -> None:
    """Store a run's vectors (n, width), brought to unit length. Those that the run already has for an image stay."""
    stored: set[int] = set()
    for chunk in chunked(image_ids):
        query = select(embeddings.c.image_id).where(embeddings.c.run_id == run, embeddings.c.image_id.in_(chunk))
        stored.update(c.execute(query).scalars())
    lengths = np.linalg.norm(vectors.astype(np.float32), axis=1, keepdims=True)
    unit = (vectors / np.where(lengths > 0, lengths, 1)).astype(_VECTOR)
    new = {image: row for row, image in reversed(list(enumerate(image_ids))) if image not in stored}
    if new:
        c.execute(insert(embeddings), [{"image_id": image, "run_id": run, "vector": unit[row].tobytes()} for image, row in new.items()])


def newest_run(c: Connection, dataset: DatasetId) -> RunId | None:
    """The dataset's last begun run that has embeddings; None if no run has."""
    has_some = select(embeddings.c.run_id).where(embeddings.c.run_id == proposal_runs.c.id).exists()
    query = select(func.max(proposal_runs.c.id)).where(proposal_runs.c.dataset_id == dataset, has_some)
    newest = c.execute(query).scalar_one()
    return None if newest is None else RunId(newest)


def n_of(c: Connection, run: RunId) -> int:
    """Of how many images a run has embeddings."""
    return int(c.execute(select(func.count()).where(embeddings.c.run_id == run)).scalar_one())


def iterate(c: Connection, run: RunId, *, size: int = 1000) -> Iterator[tuple[list[ImageId], Embeddings]]:
    """A run's image ids and vectors (n, width), by image id, `size` at once."""
    query = select(embeddings.c.image_id, embeddings.c.vector).where(embeddings.c.run_id == run).order_by(embeddings.c.image_id).limit(size)
    after = 0
    while rows := c.execute(query.where(embeddings.c.image_id > after)).all():
        after = rows[-1].image_id
        yield [ImageId(row.image_id) for row in rows], np.stack([np.frombuffer(row.vector, dtype=_VECTOR) for row in rows])
