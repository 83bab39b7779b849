"""How a stored image is read from a row."""

from typing import Any

from sqlalchemy import Row

from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage


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
