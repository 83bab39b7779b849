"""The votes of machines, in a log of their own: no reader of people's answers can mistake them for a person's (decision 33)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from multilabelfy.annotation.machines import MachineId, MachineRater, MachineVote
from multilabelfy.annotation.model import Vote
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import images, machine_votes, machines


def found_or_added(c: Connection, dataset: DatasetId, name: str, now: datetime) -> MachineId:
    """The machine of this name, new if it was never asked about this dataset."""
    known = c.execute(select(machines.c.id).where(machines.c.dataset_id == dataset, machines.c.name == name)).scalar()
    if known is None:
        known = c.execute(insert(machines).values(dataset_id=dataset, name=name, added_at=now).returning(machines.c.id)).scalar_one()
    return MachineId(int(known))


def all_machines(c: Connection, dataset: DatasetId) -> list[MachineRater]:
    """The machines that were asked about a dataset, in the order in which they came."""
    counts = (
        select(
            machine_votes.c.machine_id,
            func.count(machine_votes.c.image_id.distinct()).label("n_images"),
            func.count(machine_votes.c.vote).label("n_votes"),
            func.count().label("n_asked"),
        )
        .group_by(machine_votes.c.machine_id)
        .subquery()
    )
    query = select(machines, counts).outerjoin(counts, counts.c.machine_id == machines.c.id)
    rows = c.execute(query.where(machines.c.dataset_id == dataset).order_by(machines.c.id))
    return [_machine(row) for row in rows]


def asked_about(c: Connection, machine: MachineId, image_ids: Iterable[ImageId]) -> dict[ImageId, frozenset[int]]:
    """Of each of these images the labels that the machine was asked about; an image of which it was asked nothing is left out."""
    labels: dict[ImageId, set[int]] = {}
    for chunk in chunked(image_ids):
        query = select(machine_votes.c.image_id, machine_votes.c.label)
        for row in c.execute(query.where(machine_votes.c.machine_id == machine, machine_votes.c.image_id.in_(chunk))):
            labels.setdefault(ImageId(row.image_id), set()).add(row.label)
    return {image: frozenset(of_image) for image, of_image in labels.items()}


def add(c: Connection, machine: MachineId, image: ImageId, answers: Mapping[int, Vote | None], now: datetime) -> int:
    """Keep what the machine said of an image's labels, and return how many are new. What it said before stays as it was."""
    before = asked_about(c, machine, [image]).get(image, frozenset())
    rows = [
        {"machine_id": machine, "image_id": image, "label": label, "vote": None if vote is None else int(vote), "asked_at": now}
        for label, vote in answers.items()
        if label not in before
    ]
    if rows:
        c.execute(insert(machine_votes), rows)
    return len(rows)


def iterate(c: Connection, dataset: DatasetId) -> Iterator[MachineVote]:
    """Every vote of every machine: machine after machine, in the order of the images' import and of the labels."""
    query = select(machine_votes).join(machines).join(images, images.c.id == machine_votes.c.image_id)
    ordered = query.where(machines.c.dataset_id == dataset).order_by(machine_votes.c.machine_id, images.c.place, machine_votes.c.label)
    for row in c.execute(ordered):
        vote = None if row.vote is None else Vote(row.vote)
        yield MachineVote(MachineId(row.machine_id), ImageId(row.image_id), row.label, vote, row.asked_at)


def _machine(row: Row[Any]) -> MachineRater:
    n_votes = row.n_votes or 0
    return MachineRater(MachineId(row.id), row.name, row.added_at, row.n_images or 0, n_votes, (row.n_asked or 0) - n_votes)
