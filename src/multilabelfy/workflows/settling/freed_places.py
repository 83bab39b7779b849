"""Let surplus answers take places that become free, and settle the images that they complete."""

from collections.abc import Iterable
from datetime import datetime

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.handing_out import handing_out, leases, surplus
from multilabelfy.store.handing_out.handing_out import Looked, Request
from multilabelfy.workflows.settling.answers import settle


def return_lapsed(c: Connection, dataset: StoredDataset, now: datetime) -> None:
    """Take back assignments whose lease has lapsed; a surplus answer that waits for such a place counts from now on."""
    fill(c, dataset, leases.return_expired(c, dataset.id, now))


def look(c: Connection, dataset: StoredDataset, request: Request, n: int) -> Looked:
    """As `return_lapsed`; and what this person can be given then, asked together with what has lapsed."""
    looked = handing_out.look(c, request, n)
    if not looked.has_lapsed():
        return looked
    return_lapsed(c, dataset, request.now)
    return handing_out.look(c, request, n)


def fill(c: Connection, dataset: StoredDataset, freed: Iterable[ImageId]) -> None:
    """Let surplus answers take the places of these images, each of which has lost an annotator."""
    for image in surplus.count_waiting(c, freed, dataset.protocol.least_overlap):
        settle(c, dataset, image)
