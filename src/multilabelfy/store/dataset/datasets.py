"""Datasets: where their pictures lie, which protocol they follow, and whether they are paused."""

import json
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, func, insert, select, update

from multilabelfy.annotation.study.protocol import AnnotationProtocol, CandidateOrder, ExpertOrder, RefinementStyle
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, ImageState, LabelSpace
from multilabelfy.errors import InvalidInput, Problem, UnknownDataset
from multilabelfy.plurals import there_are
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Prebuilt
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.store.schema import (
    answers_seen,
    comment_answers,
    datasets,
    guidelines,
    image_counts,
    images,
    metadata,
    protocols,
    queue_cursors,
)

MAX_NAME = 100
_GUIDELINES = select(func.coalesce(func.max(guidelines.c.version), 0)).where(guidelines.c.dataset_id == datasets.c.id).scalar_subquery()
_CURRENT = select(
    *[column for column in datasets.c if column is not datasets.c.former_names],
    *[cast(column, Text).label(column.name) for column in (datasets.c.former_names, protocols.c.protocol)],
    _GUIDELINES.label("guidelines_version"),
).join(protocols, (protocols.c.dataset_id == datasets.c.id) & (protocols.c.version == datasets.c.protocol_version))
_BY_NAME = Prebuilt(_CURRENT.where(datasets.c.name == bindparam("named")))
_BY_ID = Prebuilt(_CURRENT.where(datasets.c.id == bindparam("dataset")))


def add(
    c: Connection,
    *,
    name: str,
    images_root: str,
    reference_root: str | None,
    labels: LabelSpace,
    protocol: AnnotationProtocol,
    seed: int,
    now: datetime,
) -> DatasetId:
    """Add a dataset with its labels and no images. Raises InvalidInput if the name is taken, empty or longer than 100 characters."""
    _check_name(c, name, f"Cannot add the dataset '{name}'")
    values = {"name": name, "images_root": images_root, "reference_root": reference_root, "label_space": labels.name, "seed": seed}
    inserted = c.execute(insert(datasets).values(**values, protocol_version=1, created_at=now).returning(datasets.c.id))
    dataset = DatasetId(int(inserted.scalar_one()))
    c.execute(insert(protocols).values(dataset_id=dataset, version=1, protocol=asdict(protocol), created_at=now))
    c.execute(insert(image_counts), [{"dataset_id": dataset, "state": state.value, "n_images": 0} for state in ImageState])
    stored_labels.add_space(c, dataset, labels)
    return dataset


def find(c: Connection, name: str) -> StoredDataset:
    """The dataset of this name. Raises UnknownDataset, whose `known` lists the names that there are."""
    dataset = named(c, name)
    if dataset is None:
        raise UnknownDataset(f"There is no dataset '{name}' in this workspace.", _known(c, name))
    return dataset


def named(c: Connection, name: str) -> StoredDataset | None:
    """The dataset of this name; None where there is none."""
    row = _BY_NAME.row(c, named=name)
    return None if row is None else _from_row(row)


def formerly(c: Connection, name: str) -> StoredDataset | None:
    """The dataset that had this name before it was renamed, the newest if several had."""
    return next((dataset for dataset in sorted(all_datasets(c), key=lambda dataset: -dataset.id) if name in dataset.former_names), None)


def get(c: Connection, dataset: DatasetId) -> StoredDataset:
    """The dataset of this id. Raises UnknownDataset."""
    row = _BY_ID.row(c, dataset=dataset)
    if row is None:
        raise UnknownDataset(f"There is no dataset number {dataset} in this workspace.")
    return _from_row(row)


def all_datasets(c: Connection) -> list[StoredDataset]:
    """Every dataset, by name."""
    return [_from_row(row) for row in c.execute(_CURRENT.order_by(datasets.c.name))]


def rename(c: Connection, dataset: StoredDataset, name: str) -> None:
    """Give a dataset another name, and remember this one. Raises InvalidInput if the name is taken, empty or too long."""
    _check_name(c, name, f"Cannot rename '{dataset.name}' to '{name}'")
    former = [*(earlier for earlier in dataset.former_names if earlier != name), dataset.name]
    c.execute(update(datasets).where(datasets.c.id == dataset.id).values(name=name, former_names=former))


def set_archived(c: Connection, dataset: DatasetId, at: datetime | None) -> None:
    """Archive a dataset, which pauses it, or take it back with None; it then stays paused."""
    paused = {"paused": True} if at is not None else {}
    c.execute(update(datasets).where(datasets.c.id == dataset).values(archived_at=at, **paused))


def delete_all_of(c: Connection, dataset: DatasetId) -> None:
    """Delete a dataset and every row that belongs to it, answers too. Nothing brings them back but a copy of the database."""
    of_image = select(images.c.id).where(images.c.dataset_id == dataset)
    of_answer = select(comment_answers.c.id).where(comment_answers.c.dataset_id == dataset)
    c.execute(delete(answers_seen).where(answers_seen.c.comment_answer_id.in_(of_answer)))
    for table in reversed(metadata.sorted_tables):
        if "dataset_id" in table.c:
            c.execute(delete(table).where(table.c.dataset_id == dataset))
        elif "image_id" in table.c:
            c.execute(delete(table).where(table.c.image_id.in_(of_image)))
    c.execute(delete(datasets).where(datasets.c.id == dataset))


def set_images_root(c: Connection, dataset: DatasetId, root: str) -> None:
    """Name the folder below which the images lie."""
    c.execute(update(datasets).where(datasets.c.id == dataset).values(images_root=root))


def set_paused(c: Connection, dataset: DatasetId, paused: bool) -> None:
    """Pause or resume handing out; answers to images already handed out may still be submitted."""
    c.execute(update(datasets).where(datasets.c.id == dataset).values(paused=paused))


def set_reference_root(c: Connection, dataset: DatasetId, root: str) -> None:
    """Name the folder below which the reference pictures lie."""
    c.execute(update(datasets).where(datasets.c.id == dataset).values(reference_root=root))


def set_protocol(c: Connection, dataset: DatasetId, protocol: AnnotationProtocol, now: datetime) -> int:
    """Use this protocol from now on and return its version, which later annotations carry. An unchanged protocol keeps its version."""
    current = get(c, dataset)
    if current.protocol == protocol:
        return current.protocol_version
    version = current.protocol_version + 1
    c.execute(insert(protocols).values(dataset_id=dataset, version=version, protocol=asdict(protocol), created_at=now))
    c.execute(update(datasets).where(datasets.c.id == dataset).values(protocol_version=version))
    # Images that were complete may want answers again, wherever a person's cursor is.
    c.execute(delete(queue_cursors).where(queue_cursors.c.dataset_id == dataset))
    return version


def protocol_versions(c: Connection, dataset: DatasetId) -> list[tuple[int, AnnotationProtocol, datetime]]:
    """Every version of the protocol, oldest first."""
    columns = (protocols.c.version, cast(protocols.c.protocol, Text).label("protocol"), protocols.c.created_at)
    query = select(*columns).where(protocols.c.dataset_id == dataset).order_by(protocols.c.version)
    return [(row.version, _protocol(row.protocol), row.created_at) for row in c.execute(query)]


def _known(c: Connection, name: str) -> str:
    renamed = formerly(c, name)
    if renamed is not None:
        return f"It was renamed: it is '{renamed.name}' now."
    names = c.execute(select(datasets.c.name).order_by(datasets.c.name)).scalars().all()
    return there_are(names) if names else "There is none yet: import one first."


def _check_name(c: Connection, name: str, attempt: str) -> None:
    problem = ""
    if not name.strip() or len(name) > MAX_NAME:
        problem = f"a name has 1 to {MAX_NAME} characters"
    elif c.execute(select(datasets.c.id).where(datasets.c.name == name)).first():
        problem = "there is already a dataset of this name"
    if problem:
        raise InvalidInput(attempt, [Problem("name", problem)], "Choose another name.")


@lru_cache(maxsize=256)
def _from_row(row: Any) -> StoredDataset:
    """The dataset in a row of `_CURRENT`. Every step reads the row, which is nearly always the same: the same row is the same dataset."""
    former_names = tuple(json.loads(row.former_names)) if row.former_names else ()
    return StoredDataset(**{**row._asdict(), "protocol": _protocol(row.protocol), "former_names": former_names})


@lru_cache(maxsize=256)
def _protocol(stored: str) -> AnnotationProtocol:
    """The protocol that a JSON text holds; each text is parsed once."""
    values = json.loads(stored)
    kinds = {"order": CandidateOrder(values["order"]), "refinement": RefinementStyle(values["refinement"])}
    return AnnotationProtocol(**{**values, **kinds, "expert_order": ExpertOrder(values.get("expert_order", ExpertOrder.VOTES))})
