"""Read a stored image from a row, and select rows by state."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func

from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.store.schema import images


def from_row(row: Any) -> StoredImage:
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
        fingerprint=row.fingerprint,
        n_wanted=row.n_wanted,
    )


def n_wanted(overlap: ColumnElement[int] | int) -> ColumnElement[int]:
    """How many answers an image wants, as an expression over `images`: as `StoredImage.wants`."""
    return func.coalesce(images.c.n_wanted, overlap)


def is_in(states: Sequence[ImageState]) -> ColumnElement[bool]:
    """Whether an image is in one of these states, as an expression over `images`.

    A single state is compared for equality, so that an index beginning with the state also gives the order of its next columns."""
    if len(states) == 1:
        return images.c.state == states[0].value
    return images.c.state.in_([state.value for state in states])
