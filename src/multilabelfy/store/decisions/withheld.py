"""Which pictures are withheld, by everything that was said of their images: whatever draws a picture asks here.

The rule is `refinement.empty_reasons.is_withheld`. Few images were ever given such a reason: these are
found first, and all is read of them alone.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.refinement.empty_reasons import WITHHOLDING, EmptyReason, is_withheld
from multilabelfy.refinement.reopening import is_decided_unseen
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.decisions import refinements as decisions
from multilabelfy.store.schema import final_labels, refinements

_WORDS = sorted(reason.value for reason in WITHHOLDING)


def of_dataset(c: Connection, dataset: DatasetId) -> frozenset[ImageId]:
    """Every image of a dataset whose picture is withheld."""
    return _withheld(c, _suspected(c, refinements.c.dataset_id == dataset, final_labels.c.dataset_id == dataset))


def among(c: Connection, ids: Iterable[ImageId]) -> frozenset[ImageId]:
    """Those of these images whose pictures are withheld; as many queries for many as for one."""
    suspected = (
        _suspected(c, refinements.c.image_id.in_(chunk), final_labels.c.image_id.in_(chunk)) for chunk in chunked(dict.fromkeys(ids))
    )
    return _withheld(c, set(chain.from_iterable(suspected)))


def on_pages(c: Connection, shown: Iterable[StoredImage]) -> frozenset[ImageId]:
    """Those of these images whose pictures pages for experts and owners withhold.

    An image that waits for an expert who decides unseen is shown as any other: whether its picture is there would tell what another said.
    """
    return among(c, [image.id for image in shown if not is_decided_unseen(image.state, image.expert_policy)])


def _suspected(c: Connection, decided: ColumnElement[bool], released: ColumnElement[bool]) -> set[ImageId]:
    """Images that anybody ever gave such a reason."""
    by_decision: Select[Any] = select(refinements.c.image_id).where(decided, refinements.c.reason.in_(_WORDS))
    by_release: Select[Any] = select(final_labels.c.image_id).where(released, final_labels.c.reason.in_(_WORDS))
    return {ImageId(image) for image in c.execute(by_decision.union(by_release)).scalars()}


def _withheld(c: Connection, suspected: set[ImageId]) -> frozenset[ImageId]:
    standing = decisions.standing_of_images(c, suspected)
    before = decisions.decided_of_images(c, suspected - standing.keys())
    released = _released(c, suspected - standing.keys())
    return frozenset(
        image
        for image in suspected
        if is_withheld(
            [decision.reason for decision in standing.get(image, ())],
            [*(decision.reason for decision in before.get(image, ())), released.get(image)],
        )
    )


def _released(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, EmptyReason | None]:
    """The reason in the newest release that gave an image labels: one that left it out decided nothing."""
    by_image: dict[ImageId, EmptyReason | None] = {}
    for chunk in chunked(ids):
        query = select(final_labels.c.image_id, final_labels.c.reason)
        of_chunk = query.where(final_labels.c.image_id.in_(chunk), final_labels.c.n_labels.is_not(None))
        for row in c.execute(of_chunk.order_by(final_labels.c.release_id)):
            by_image[ImageId(row.image_id)] = None if row.reason is None else EmptyReason(row.reason)
    return by_image
