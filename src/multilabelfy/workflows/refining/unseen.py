"""Decide of which images a reader may not see the votes yet: whoever may still be asked about an image answers without knowing them."""

from collections.abc import Collection

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.annotation.protocol import RefinementStyle
from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.image_filter import Reader
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import gallery


def reader_of(dataset: StoredDataset, person: Annotator) -> Reader | None:
    """Whom something is hidden from; None for an owner, who sees everything.

    An open image may be handed to anybody to annotate. Where experts decide blind, or two of them independently, what is disputed waits for
    theirs: its votes open with the own answer.
    """
    if person.role is Role.OWNER:
        return None
    protocol = dataset.protocol
    return Reader(person.id, decides_blind=protocol.refinement is RefinementStyle.BLIND or protocol.asks_experts_twice)


def unseen_among(c: Connection, dataset: StoredDataset, person: Annotator, ids: Collection[ImageId]) -> set[ImageId]:
    """Those of these images whose votes this person may not see yet."""
    reader = reader_of(dataset, person)
    return set() if reader is None else gallery.hidden_among(c, reader, ids)
