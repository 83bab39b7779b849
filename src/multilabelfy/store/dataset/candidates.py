"""The candidates of an image, frozen at its first assignment, so that everybody is asked about the same labels."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Text, cast, select

from multilabelfy.annotation.model import Candidate
from multilabelfy.dataset.model import ImageId
from multilabelfy.store.database.codec import candidates_from_json, candidates_to_json
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed, adding_to
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import candidates

_OF_IMAGES = Listed(select(candidates.c.image_id, cast(candidates.c.candidates, Text).label("candidates")), candidates.c.image_id)
_FREEZE = adding_to(candidates)


def frozen(c: Connection, images: Iterable[ImageId]) -> dict[ImageId, tuple[Candidate, ...]]:
    """The frozen sets of these images; an image without one yet is left out."""
    by_image: dict[ImageId, tuple[Candidate, ...]] = {}
    for chunk in chunked(images):
        by_image.update((ImageId(row.image_id), parsed(row.candidates)) for row in _OF_IMAGES.of(c, chunk))
    return by_image


def freeze(c: Connection, image: ImageId, chosen: Sequence[Candidate], protocol_version: int, now: datetime) -> tuple[Candidate, ...]:
    """Freeze an image's set unless it has one already; returns the frozen set."""
    stored = frozen(c, [image]).get(image)
    return stored if stored is not None else freeze_first(c, image, chosen, protocol_version, now)


def freeze_first(c: Connection, image: ImageId, chosen: Sequence[Candidate], protocol_version: int, now: datetime) -> tuple[Candidate, ...]:
    """As `freeze`, for an image that has no set yet, as this transaction has read."""
    _FREEZE.run(c, image_id=image, candidates=candidates_to_json(chosen), protocol_version=protocol_version, frozen_at=now)
    return tuple(chosen)


@lru_cache(maxsize=1024)
def parsed(text: str) -> tuple[Candidate, ...]:
    """The candidates that a JSON text holds. Whoever gets an image reads it, twice in a step."""
    return candidates_from_json(json.loads(text))
