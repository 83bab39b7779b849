"""Where images stand that wait for annotators: among their kin, or where they were drawn. Whoever has passed a new place is pulled back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Update, bindparam, or_, select, update

from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.proposals.kin.groups import KIN_POLICY
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset.cursors import pull_back
from multilabelfy.store.dataset.image_rows import is_in
from multilabelfy.store.schema import images

_IS_MOVABLE = is_in(AWAITING_ANNOTATORS) & or_(images.c.queue_policy.is_(None), images.c.queue_policy == KIN_POLICY)


@dataclass(frozen=True, slots=True)
class WaitingImage:
    """An image that waits for annotators, its place in their queue, and whether it stands there among its kin."""

    image: ImageId
    path: str
    queue_place: float
    is_among_kin: bool


def waiting_images(c: Connection, dataset: DatasetId) -> list[WaitingImage]:
    """The images that wait for annotators, by image id, without those that another policy gave their place."""
    query = select(images.c.id, images.c.path, images.c.queue_place, images.c.queue_policy).where(
        images.c.dataset_id == dataset, _IS_MOVABLE
    )
    rows = c.execute(query.order_by(images.c.id))
    return [WaitingImage(ImageId(image), path, place, policy is not None) for image, path, place, policy in rows]


def place_among_kin(c: Connection, dataset: DatasetId, places: Mapping[ImageId, float]) -> None:
    """Give images their places among their kin; assignments name the policy. Those that no longer wait, or were put first, stay."""
    _move(c, dataset, places, KIN_POLICY)


def place_as_drawn(c: Connection, dataset: DatasetId, places: Mapping[ImageId, float]) -> None:
    """Give images back the places that were drawn for them. Those that no longer wait keep their places, and what is said of these."""
    _move(c, dataset, places, None)


def _move(c: Connection, dataset: DatasetId, places: Mapping[ImageId, float], policy: str | None) -> None:
    if places:
        rows: list[dict[str, Any]] = [{"image": image, "to": place} for image, place in places.items()]
        c.execute(_moving(dataset, policy), rows)
        pull_back(c, dataset, min(places.values()))


def _moving(dataset: DatasetId, policy: str | None) -> Update:
    movable = (images.c.id == bindparam("image")) & (images.c.dataset_id == dataset) & _IS_MOVABLE
    return update(images).where(movable).values(queue_place=bindparam("to"), queue_policy=policy)
