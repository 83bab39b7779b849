"""Store what a model made of some images, in one transaction: its best ranks, its embeddings, and which pictures it could not read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.dataset.image_states import AWAITING_ANSWERS
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import MultilabelfyError, UnreadablePicture
from multilabelfy.inference.cluster.work import ShardImage
from multilabelfy.inference.running.batches import Spent
from multilabelfy.inference.running.ranked import RankedBatch
from multilabelfy.pictures.likeness import is_nearly
from multilabelfy.proposals.ranking import is_held
from multilabelfy.proposals.runs import Run
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images, proposals
from multilabelfy.store.dataset.looks import embeddings, fingerprints
from multilabelfy.workflows.showing.references_beside import UNREADABLE, as_text
from multilabelfy.workflows.workspace import Workspace

NO_LABEL = -1

Ranked = RankedBatch[StoredImage] | RankedBatch[ShardImage]


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """The result of storing one chunk: as in `RunSummary`."""

    n_new: int
    n_given: int
    n_held: int
    unreadable: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    spent: Spent
    remark: str
    n_embedded: int

    @property
    def n_done(self) -> int:
        """How many more images need no more of this run."""
        return max(self.n_new, self.n_embedded) + len(self.unreadable)


def store_chunk(workspace: Workspace, run: Run, batch: Ranked, looks: dict[ImageId, int]) -> StoredChunk:
    """Store, in one transaction, the proposals, the embeddings, the pictures' fingerprints, and which pictures cannot be read."""
    ids = [image.id for image in batch.items]
    with workspace.store.writing() as c:
        before = set() if batch.embeddings is None else proposals.proposed_of(c, run.id, ids)
        n_new = proposals.add_chunk(c, run.id, ids, batch.labels, batch.scores)
        if batch.embeddings is not None:
            embeddings.add_chunk(c, run.id, ids, batch.embeddings)
        changed = _keep_looks(c, ids, looks)
        unreadable = tuple((image.path, _put_aside(c, image.id, error)) for image, error in batch.unreadable)
    new = [image.given_label if image.id not in before else None for image in batch.items]
    given = np.array([NO_LABEL if label is None else label for label in new], dtype=np.int64)
    return StoredChunk(
        n_new=n_new,
        n_given=int((given != NO_LABEL).sum()),
        n_held=int(is_held(batch.labels[:, : run.k], given).sum()),
        unreadable=unreadable,
        changed=tuple(image.path for image in batch.items if image.id in changed),
        spent=batch.spent,
        remark=batch.remark,
        n_embedded=0 if batch.embeddings is None else len(ids),
    )


def _keep_looks(c: Connection, ids: Sequence[ImageId], looks: dict[ImageId, int]) -> set[ImageId]:
    """Store fingerprints, so that no near-copy of an image is shown beside it as a reference (see `workflows.showing`).

    Returns the images whose pictures are not the ones of their stored fingerprints any more. These stay: frozen candidates and answers
    belong to the earlier pictures, so that every later run warns of it.
    """
    seen = {image: looks.pop(image) for image in ids if image in looks}
    known = fingerprints.of_images(c, seen)
    fingerprints.set_of_images(c, {image: as_text(seen[image]) for image, stored in known.items() if stored is None})
    return {image for image, stored in known.items() if stored not in (None, UNREADABLE) and not is_nearly(int(stored, 16), seen[image])}


def _put_aside(c: Connection, image: ImageId, error: MultilabelfyError) -> str:
    """Mark an image as unreadable and return why. An image with answers or leases keeps its state, since its file may come back."""
    why = error.why if isinstance(error, UnreadablePicture) else str(error)
    stored = images.get(c, image)
    is_untouched = not stored.n_answers and not stored.n_leases
    if stored.state in AWAITING_ANSWERS and is_untouched:
        images.set_unreadable(c, image, why)
    return why
