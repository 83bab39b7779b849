"""Let surplus answers take the places that come free, and settle the images that are complete with them."""

from collections.abc import Iterable
from datetime import datetime

from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.handing_out import leases, surplus
from multilabelfy.workflows.settling.answers import settle


def return_lapsed(c: Connection, dataset: StoredDataset, now: datetime) -> None:
    """Take back what is held beyond its lease; where an answer waits for the place, it counts from now on."""
    fill(c, dataset, leases.return_expired(c, dataset.id, now))


def fill(c: Connection, dataset: StoredDataset, freed: Iterable[ImageId]) -> None:
    """These images lost an annotator: whoever answered late takes the place."""
    for image in surplus.count_waiting(c, freed, dataset.protocol.overlap):
        settle(c, dataset, image)
