"""The teams of datasets: who is in which, with which role there. Owners of the workspace are in every team without a row.

In a team, `Annotator.role` is the role there.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.dataset.model import DatasetId
from multilabelfy.store import people
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import annotators, datasets, members


def join(c: Connection, dataset: DatasetId, person: AnnotatorId, role: Role, now: datetime) -> None:
    """Give a person this role in a dataset, whether or not they were in its team."""
    row = (members.c.dataset_id == dataset) & (members.c.annotator_id == person)
    if not c.execute(update(members).where(row).values(role=role.value)).rowcount:
        c.execute(insert(members).values(dataset_id=dataset, annotator_id=person, role=role.value, joined_at=now))


def leave(c: Connection, dataset: DatasetId, person: AnnotatorId) -> None:
    """Take a person out of a team; their answers stay."""
    c.execute(delete(members).where(members.c.dataset_id == dataset, members.c.annotator_id == person))


def leave_all(c: Connection, person: AnnotatorId) -> None:
    """Take a person out of all teams."""
    c.execute(delete(members).where(members.c.annotator_id == person))


def set_role_everywhere(c: Connection, person: AnnotatorId, role: Role) -> None:
    """Give a person this role in each of their teams."""
    c.execute(update(members).where(members.c.annotator_id == person).values(role=role.value))


def roles_of(c: Connection, person: AnnotatorId) -> dict[DatasetId, Role]:
    """The teams that a person is in, and their role in each."""
    rows = c.execute(select(members.c.dataset_id, members.c.role).where(members.c.annotator_id == person))
    return {DatasetId(row.dataset_id): Role(row.role) for row in rows}


def roles_of_all(c: Connection) -> dict[AnnotatorId, dict[str, Role]]:
    """The same for everybody, by the datasets' names."""
    query = select(members.c.annotator_id, datasets.c.name, members.c.role).join(datasets, datasets.c.id == members.c.dataset_id)
    roles: dict[AnnotatorId, dict[str, Role]] = {}
    for row in c.execute(query.order_by(datasets.c.name)):
        roles.setdefault(AnnotatorId(row.annotator_id), {})[row.name] = Role(row.role)
    return roles


def role_in(c: Connection, dataset: DatasetId, person: Annotator) -> Role | None:
    """A person's role in a dataset; None if they are not in its team."""
    if person.owns_workspace:
        return Role.OWNER
    query = select(members.c.role).where(members.c.dataset_id == dataset, members.c.annotator_id == person.id)
    stored = c.execute(query).scalar_one_or_none()
    return None if stored is None else Role(stored)


def team(c: Connection, dataset: DatasetId) -> list[Annotator]:
    """Everybody who may open a dataset, with their role there, by name; the workspace's owners too."""
    roles = {row.annotator_id: Role(row.role) for row in c.execute(select(members).where(members.c.dataset_id == dataset))}
    everybody = people.everyone(c, dataset)
    return [person.placed(roles.get(person.id)) for person in everybody if person.owns_workspace or person.id in roles]


def is_seen_by(dataset_id: ColumnElement[Any], person: AnnotatorId) -> ColumnElement[bool]:
    """Whether a row's dataset is one that a person may open."""
    own = select(members.c.dataset_id).where(members.c.annotator_id == person)
    owner = select(annotators.c.id).where(annotators.c.id == person, annotators.c.role == Role.OWNER.value).exists()
    return or_(dataset_id.in_(own), owner)
