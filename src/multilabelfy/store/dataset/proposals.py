"""Stage 1 in the database: resumable runs of models over a dataset, and their proposals, packed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, and_, func, insert, select, update

from multilabelfy.dataset.image_states import AWAITING_PROPOSALS, SHOWN
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.proposals.model import Proposal
from multilabelfy.proposals.runs import Run, RunId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed
from multilabelfy.store.database.rows import chunked, refresh_statistics
from multilabelfy.store.dataset import images as stored_images
from multilabelfy.store.dataset.cursors import pull_back
from multilabelfy.store.dataset.image_rows import from_row, is_in
from multilabelfy.store.schema import embeddings, images, proposal_runs, proposals

_LABELS = np.dtype("<i4")
_SCORES = np.dtype("<f4")
_Best = tuple[int, npt.NDArray[np.int32], npt.NDArray[np.float32]]
"""An image's place, and what a run proposed for it."""


def of_runs() -> Select[Any]:
    """What the runs proposed, run by run: rows for `by_rank`."""
    columns = (proposals.c.image_id, proposals.c.labels, proposals.c.scores, proposal_runs.c.source)
    return select(*columns).join(proposal_runs).order_by(proposals.c.image_id, proposals.c.run_id)


_OF_IMAGES = Listed(of_runs(), proposals.c.image_id)


def start_run(c: Connection, dataset: DatasetId, source: str, k: int, now: datetime) -> RunId:
    """The run of this source: a new one, or the one to resume. Raises InvalidInput if the earlier run has another k."""
    of_source = (proposal_runs.c.dataset_id == dataset) & (proposal_runs.c.source == source)
    row = c.execute(select(proposal_runs.c.id, proposal_runs.c.k).where(of_source)).one_or_none()
    if row is None:
        values = {"dataset_id": dataset, "source": source, "k": k, "started_at": now}
        return RunId(int(c.execute(insert(proposal_runs).values(**values).returning(proposal_runs.c.id)).scalar_one()))
    if row.k != k:
        problem = Problem(source, f"it proposed {row.k} labels an image before, now {k} are asked for")
        raise InvalidInput("Cannot go on proposing", [problem], f"Run it with -k {row.k}.")
    return RunId(row.id)


def finish_run(c: Connection, run: RunId, now: datetime) -> None:
    """Note when the last image was done; an earlier time is not overwritten."""
    unfinished = (proposal_runs.c.id == run) & proposal_runs.c.finished_at.is_(None)
    c.execute(update(proposal_runs).where(unfinished).values(finished_at=now))
    for table in (images, proposals):
        refresh_statistics(c, table)


def runs(c: Connection, dataset: DatasetId) -> list[Run]:
    """The dataset's runs in the order of their beginnings."""
    n_done = select(func.count()).where(proposals.c.run_id == proposal_runs.c.id).scalar_subquery()
    query = select(proposal_runs, n_done.label("n_done")).where(proposal_runs.c.dataset_id == dataset).order_by(proposal_runs.c.id)
    return [_run(row) for row in c.execute(query)]


def sources(c: Connection, dataset: DatasetId) -> tuple[str, ...]:
    """The models of the dataset's runs, in the order of their beginnings."""
    query = select(proposal_runs.c.source).where(proposal_runs.c.dataset_id == dataset).order_by(proposal_runs.c.id)
    return tuple(c.execute(query).scalars())


def pending(c: Connection, run: RunId, *, after: ImageId = ImageId(0), limit: int = 1000, embedded: bool = False) -> list[StoredImage]:
    """Readable images with ids above `after` for which this run has no proposals, or (`embedded`) not both these and embeddings, by id."""
    query = _pending(select(images), run, embedded=embedded).where(images.c.id > after).order_by(images.c.id).limit(limit)
    return [from_row(row) for row in c.execute(query)]


def n_pending(c: Connection, run: RunId, *, embedded: bool = False) -> int:
    """For how many readable images this run has no proposals, or (`embedded`) not both these and embeddings."""
    return int(c.execute(_pending(select(func.count()).select_from(images), run, embedded=embedded)).scalar_one())


def proposed_of(c: Connection, run: RunId, image_ids: Iterable[ImageId]) -> set[int]:
    """The ids of those images for which this run has proposals."""
    stored: set[int] = set()
    for chunk in chunked(image_ids):
        query = select(proposals.c.image_id).where(proposals.c.run_id == run, proposals.c.image_id.in_(chunk))
        stored.update(c.execute(query).scalars())
    return stored


def add_chunk(
    c: Connection, run: RunId, image_ids: Sequence[ImageId], labels: npt.NDArray[np.int32], scores: npt.NDArray[np.float32]
) -> int:
    """Store proposals, best first: `labels` (n, depth) int32 and `scores` (n, depth) float32, softmax. Images without any become open.

    Proposals that the run already has for an image stay, so that a chunk may come twice. Returns how many images were new to the run.
    """
    dataset = DatasetId(int(c.execute(select(proposal_runs.c.dataset_id).where(proposal_runs.c.id == run)).scalar_one()))
    stored = proposed_of(c, run, image_ids)
    new = {image: row for row, image in reversed(list(enumerate(image_ids))) if image not in stored}
    packed_labels, packed_scores = np.asarray(labels, dtype=_LABELS), np.asarray(scores, dtype=_SCORES)
    rows = [
        {"image_id": image, "run_id": run, "labels": packed_labels[row].tobytes(), "scores": packed_scores[row].tobytes()}
        for image, row in new.items()
    ]
    if rows:
        c.execute(insert(proposals), rows)
    _open_images(c, dataset, image_ids)
    return len(rows)


def of_image(c: Connection, image: ImageId) -> list[Proposal]:
    """The proposals for an image, run by run in the order of their beginnings, each best first and as deep as stored."""
    return of_images(c, [image])[image]


def of_images(c: Connection, image_ids: Iterable[ImageId]) -> dict[ImageId, list[Proposal]]:
    """As `of_image`, for many; an image without proposals has an empty list."""
    by_image: dict[ImageId, list[Proposal]] = {image: [] for image in image_ids}
    for chunk in chunked(by_image):
        for row in _OF_IMAGES.of(c, chunk):
            by_image[ImageId(row.image_id)].extend(by_rank(row))
    return by_image


def kept_of(
    c: Connection, run: RunId, image_ids: Iterable[ImageId]
) -> dict[ImageId, tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]]:
    """A run's stored labels and scores for these images, (depth,) each, best first; images without proposals are absent."""
    by_image: dict[ImageId, tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]] = {}
    for chunk in chunked(image_ids):
        query = select(proposals.c.image_id, proposals.c.labels, proposals.c.scores)
        for row in c.execute(query.where(proposals.c.run_id == run, proposals.c.image_id.in_(chunk))):
            by_image[ImageId(row.image_id)] = (np.frombuffer(row.labels, dtype=_LABELS), np.frombuffer(row.scores, dtype=_SCORES))
    return by_image


def iterate(c: Connection, dataset: DatasetId) -> Iterator[tuple[str, list[Proposal]]]:
    """Every image's path with the k best of each run, in import order; deeper ranks serve for decoys alone."""
    k_of = {run.source: run.k for run in runs(c, dataset)}
    for chunk in chunked(stored_images.iterate(c, dataset)):
        by_image = of_images(c, [image.id for image in chunk])
        for image in chunk:
            yield image.path, [proposal for proposal in by_image[image.id] if proposal.rank <= k_of[proposal.source]]


@dataclass(frozen=True, slots=True)
class BestOfRun:
    """The best labels of a run: `place` (n,) says of which of the images, ascending; `labels` (n, k) are theirs, best first, with -1
    behind the last of a shorter list, and `scores` (n, k) the labels' softmax, there 0."""

    source: str
    place: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]


def best_of_runs(c: Connection, dataset: DatasetId, image_ids: Sequence[ImageId], n_ranks: int | None = None) -> list[BestOfRun]:
    """What each run proposed for these images, run by run in the order of their beginnings: the run's k, or so many ranks of each list.

    Ranks beyond k serve for decoys, and as evidence.
    """
    place, every = {image: at for at, image in enumerate(image_ids)}, runs(c, dataset)
    lists: dict[str, list[_Best]] = {run.source: [] for run in every}
    for chunk in chunked(image_ids):
        for row in _OF_IMAGES.of(c, chunk):
            best = np.frombuffer(row.labels, dtype=_LABELS), np.frombuffer(row.scores, dtype=_SCORES)
            lists[row.source].append((place[row.image_id], *best))
    return [_best(run, lists[run.source], n_ranks or run.k) for run in every]


def _best(run: Run, lists: Sequence[_Best], n_ranks: int) -> BestOfRun:
    labels, scores = np.full((len(lists), n_ranks), -1, dtype=np.int64), np.zeros((len(lists), n_ranks), dtype=np.float32)
    ordered = sorted(lists, key=lambda of_image: of_image[0])
    for row, (_, best, theirs) in enumerate(ordered):
        labels[row, : len(best)] = best[:n_ranks]
        scores[row, : len(best)] = theirs[:n_ranks]
    return BestOfRun(run.source, np.array([at for at, _, _ in ordered], dtype=np.int64), labels, scores)


def _run(row: Row[Any]) -> Run:
    return Run(RunId(row.id), DatasetId(row.dataset_id), row.source, row.k, row.started_at, row.finished_at, row.n_done)


def _pending(query: Select[Any], run: RunId, *, embedded: bool) -> Select[Any]:
    dataset = select(proposal_runs.c.dataset_id).where(proposal_runs.c.id == run).scalar_subquery()
    wanted = (proposals, embeddings) if embedded else (proposals,)
    has_all = and_(*(select(each.c.image_id).where(each.c.image_id == images.c.id, each.c.run_id == run).exists() for each in wanted))
    return query.where(images.c.dataset_id == dataset, is_in(SHOWN), ~has_all)


def _open_images(c: Connection, dataset: DatasetId, image_ids: Iterable[ImageId]) -> None:
    """Open the unproposed images among these."""
    for chunk in chunked(image_ids):
        waiting = images.c.id.in_(chunk) & (images.c.dataset_id == dataset) & is_in(AWAITING_PROPOSALS)
        first = c.execute(select(func.min(images.c.queue_place)).where(waiting)).scalar_one()
        if first is None:
            continue
        opened = c.execute(update(images).where(waiting).values(state=ImageState.OPEN.value)).rowcount
        stored_images.count_change(c, dataset, ImageState.UNPROPOSED, -opened)
        stored_images.count_change(c, dataset, ImageState.OPEN, opened)
        pull_back(c, dataset, first)


def by_rank(row: Any) -> Iterator[Proposal]:
    """What one run proposed for an image, best first."""
    labels = np.frombuffer(row.labels, dtype=_LABELS)
    scores = np.frombuffer(row.scores, dtype=_SCORES)
    for rank, (label, score) in enumerate(zip(labels.tolist(), scores.tolist(), strict=True), start=1):
        yield Proposal(label, rank, score, row.source)
