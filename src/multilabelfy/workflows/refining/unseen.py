"""Decide which images' votes are hidden from a reader: whoever may still be asked about an image must answer without knowing them."""

from collections.abc import Collection

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.image_filter import Reader
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import gallery


def reader_of(dataset: StoredDataset, person: Annotator) -> Reader | None:
    """The reader from whom votes are hidden; None for an owner, who sees everything.

    Anybody may still have to annotate an open image. If experts decide blind, or two of them independently, they may still have to decide a
    disputed one: its votes open with their answer.
    """
    if person.role is Role.OWNER:
        return None
    protocol = dataset.protocol
    return Reader(person.id, decides_blind=protocol.refinement is RefinementStyle.BLIND or protocol.asks_experts_twice)


def stays_blind(c: Connection, dataset: StoredDataset, person: Annotator) -> bool:
    """Whether this person may still have to decide, without knowing its votes, an image that figures count."""
    reader = reader_of(dataset, person)
    return reader is not None and gallery.hides_disputed(c, dataset.id, reader)


def unseen_among(c: Connection, dataset: StoredDataset, person: Annotator, ids: Collection[ImageId]) -> set[ImageId]:
    """The images among `ids` whose votes this person may not see yet."""
    reader = reader_of(dataset, person)
    return set() if reader is None else gallery.hidden_among(c, reader, ids)
