"""Numbered releases of final labels. Each stores the changes since the one before, and each can be read back in full."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import UnknownRelease
from multilabelfy.refinement.explanation import NOTHING_SAID
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
from multilabelfy.refinement.final_labels.release import Changes, Release
from multilabelfy.refinement.model import FinalLabels, LabelSource
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import final_labels, images, releases
from multilabelfy.store.schema.decision_tables import explanation_from_row, explanation_to_row

CHUNK = 1000


def add(
    c: Connection,
    dataset: DatasetId,
    finals: Sequence[FinalLabels],
    n_unresolved: int,
    now: datetime,
    by_posterior: ByPosterior | None = None,
) -> Release:
    """Write the next release. `finals` covers all resolved images; those unchanged since the last release are not stored again.

    `by_posterior` says how those of the source `posterior` were made; left out, they are the last release's, and so is what it says.
    """
    changes = changes_to(c, dataset, finals)
    last = newest(c, dataset)
    if not any(final.source is LabelSource.POSTERIOR for final in finals):
        by_posterior = None
    elif by_posterior is None and last is not None:
        by_posterior = last.by_posterior
    counted = {"n_added": len(changes.added), "n_changed": len(changes.changed), "n_removed": len(changes.removed)}
    values: dict[str, Any] = {
        "number": 1 if last is None else last.number + 1,
        "created_at": now,
        "n_images": len(finals),
        "n_unresolved": n_unresolved,
        **counted,
    }
    made_by = None if by_posterior is None else asdict(by_posterior)
    inserted = c.execute(insert(releases).values(dataset_id=dataset, **values, by_posterior=made_by).returning(releases.c.id))
    release = int(inserted.scalar_one())
    written = (*changes.added, *changes.changed, *changes.restated)
    rows = [_to_row(final) for final in written] + [_tombstone(image) for image in changes.removed]
    for chunk in chunked(rows):
        c.execute(insert(final_labels), [{"dataset_id": dataset, "release_id": release, **row} for row in chunk])
    return Release(id=release, **values, by_posterior=by_posterior)


def changes_to(c: Connection, dataset: DatasetId, finals: Sequence[FinalLabels]) -> Changes:
    """How these final labels differ from the last release; without one, everything is new."""
    last = newest(c, dataset)
    before = {} if last is None else {final.image: final for _, final in labels_of(c, dataset, last.number)}
    after = {final.image for final in finals}
    differing = [final for final in finals if final.image in before and before[final.image] != final]
    return Changes(
        added=tuple(final for final in finals if final.image not in before),
        changed=tuple(final for final in differing if not final.decides_like(before[final.image])),
        removed=tuple(image for image in before if image not in after),
        restated=tuple(final for final in differing if final.decides_like(before[final.image])),
    )


def latest(c: Connection, dataset: DatasetId) -> Release:
    """The newest release. Raises UnknownRelease."""
    release = newest(c, dataset)
    if release is None:
        raise UnknownRelease("This dataset has no release of final labels yet. Run `multilabelfy resolve` to make one.")
    return release


def get(c: Connection, dataset: DatasetId, number: int) -> Release:
    """The release of this number. Raises UnknownRelease."""
    row = c.execute(select(releases).where(releases.c.dataset_id == dataset, releases.c.number == number)).one_or_none()
    if row is None:
        newest = latest(c, dataset).number
        raise UnknownRelease(f"This dataset has no release {number}: the numbers run from 1 to {newest}.")
    return _release(row)


def all_releases(c: Connection, dataset: DatasetId) -> list[Release]:
    """Every release, newest first."""
    query = select(releases).where(releases.c.dataset_id == dataset).order_by(releases.c.number.desc())
    return [_release(row) for row in c.execute(query)]


def labels_of(c: Connection, dataset: DatasetId, number: int) -> Iterator[tuple[str, FinalLabels]]:
    """Every resolved image's path and labels as of a release, in import order."""
    release = get(c, dataset, number).id
    place = -1
    while True:
        rows = _standing(c, dataset, release, place)
        yield from ((row.path, _from_row(row)) for row in rows if row.labels is not None)
        if len(rows) < CHUNK:
            return
        place = rows[-1].place


def of_image(c: Connection, image: ImageId) -> list[tuple[int, FinalLabels | None]]:
    """An image's final labels in each release that changed them, newest first; None where it was no longer resolved."""
    query = select(final_labels, releases.c.number).join(releases).where(final_labels.c.image_id == image)
    rows = c.execute(query.order_by(releases.c.number.desc()))
    return [(row.number, None if row.labels is None else _from_row(row)) for row in rows]


def newest_of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, list[tuple[int, FinalLabels | None]]]:
    """The newest entry of `of_image`, for many images; an image that no release changed is left out."""
    by_image: dict[ImageId, list[tuple[int, FinalLabels | None]]] = {}
    for chunk in chunked(dict.fromkeys(ids)):
        query = select(final_labels, releases.c.number).join(releases).where(final_labels.c.image_id.in_(chunk))
        for row in c.execute(query.order_by(releases.c.number)):
            by_image[ImageId(row.image_id)] = [(row.number, None if row.labels is None else _from_row(row))]
    return by_image


def newest(c: Connection, dataset: DatasetId) -> Release | None:
    """The newest release, None before the first."""
    query = select(releases).where(releases.c.dataset_id == dataset).order_by(releases.c.number.desc()).limit(1)
    row = c.execute(query).one_or_none()
    return None if row is None else _release(row)


def _standing(c: Connection, dataset: DatasetId, release: int, after_place: int) -> Sequence[Row[Any]]:
    """For the next images, the newest row up to a release, tombstones included."""
    other = final_labels.alias("other")
    newest = select(func.max(other.c.release_id)).where(other.c.image_id == images.c.id, other.c.release_id <= release).correlate(images)
    standing = (final_labels.c.image_id == images.c.id) & (final_labels.c.release_id == newest.scalar_subquery())
    query = select(final_labels, images.c.path, images.c.place).select_from(images).join(final_labels, standing)
    behind = query.where(images.c.dataset_id == dataset, images.c.place > after_place)
    return c.execute(behind.order_by(images.c.place).limit(CHUNK)).all()


def _to_row(final: FinalLabels) -> dict[str, Any]:
    return {
        "image_id": final.image,
        "labels": list(final.labels),
        "n_labels": len(final.labels),
        "source": final.source.value,
        **explanation_to_row(final),
        "decided_by": list(final.decided_by),
        "before": list(final.before),
        "chances": list(final.chances) or None,
    }


def _tombstone(image: ImageId) -> dict[str, Any]:
    empty: dict[str, Any] = {"labels": None, "n_labels": None, "source": "", **explanation_to_row(NOTHING_SAID)}
    return {"image_id": image, **empty, "decided_by": [], "before": [], "chances": None}


def _from_row(row: Row[Any]) -> FinalLabels:
    return FinalLabels(
        image=ImageId(row.image_id),
        labels=tuple(row.labels),
        source=LabelSource(row.source),
        decided_by=tuple(AnnotatorId(person) for person in row.decided_by),
        before=tuple(row.before),
        chances=tuple(row.chances or ()),
        **explanation_from_row(row),
    )


def _release(row: Row[Any]) -> Release:
    counted = {name: getattr(row, name) for name in ("n_images", "n_unresolved", "n_added", "n_changed", "n_removed")}
    return Release(id=row.id, number=row.number, created_at=row.created_at, **counted, by_posterior=_by_posterior(row.by_posterior))


def _by_posterior(stored: dict[str, Any] | None) -> ByPosterior | None:
    return None if stored is None else ByPosterior(**stored | {name: tuple(stored.get(name, ())) for name in ("models", "machines")})
