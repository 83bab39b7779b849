"""The noun of a stored image, and how it is read from a row."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from multilabelfy.dataset.model import DatasetId, ImageId, ImageState


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image of a dataset. `place` is its order in the import, `token` the opaque name of its picture, `n_leases` who has it now.

    Where it waits for experts, `n_experts` says how many of them it wants, and `expert_policy` why (None: it is disputed).
    """

    id: ImageId
    dataset: DatasetId
    path: str
    place: int
    given_label: int | None
    token: str
    state: ImageState
    n_answers: int
    n_leases: int
    unreadable_why: str | None
    n_experts: int = 1
    expert_policy: str | None = None


def from_row(row: Row[Any]) -> StoredImage:
    """A row of `images` as its noun."""
    return StoredImage(
        id=ImageId(row.id),
        dataset=DatasetId(row.dataset_id),
        path=row.path,
        place=row.place,
        given_label=row.given_label,
        token=row.token,
        state=ImageState(row.state),
        n_answers=row.n_answers,
        n_leases=row.n_leases,
        unreadable_why=row.unreadable_why,
        n_experts=row.n_experts,
        expert_policy=row.expert_policy,
    )
