"""What a worker of a cluster does: it opens the scorer once, and for each shard of images gives back their ranks, as one machine would.

No worker knows the database. Whatever goes wrong comes back as a value, behind what was ranked before it: an engine wraps and retries what
is raised.
"""

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL.Image import Image as Picture

from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import (
    ClusterFailed,
    ExtraMissing,
    InvalidScores,
    MultilabelfyError,
    PicturesUnreachable,
    ScorerFailed,
    ScorerUnavailable,
)
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.registry import open_scorer
from multilabelfy.inference.running.ahead import coming_from
from multilabelfy.inference.running.batches import ScoredBatch, in_chunks
from multilabelfy.inference.running.ranked import RankedBatch, Ranking, ranked_chunk
from multilabelfy.inference.running.streaming import Manner, manner_of, score_pictures, smallest
from multilabelfy.inference.scorers.scores_file import ScoresFile
from multilabelfy.inference.spec import Spec, source_of
from multilabelfy.pictures.likeness import fingerprint
from multilabelfy.pictures.opening import open_picture
from multilabelfy.pictures.remote.pictures import Place
from multilabelfy.pictures.roots import Folder, PictureRoot, root_at
from multilabelfy.proposals.model import Scorer
from multilabelfy.proposals.prompts import Wording

PORTABLE = (ScorerFailed, ScorerUnavailable, InvalidScores, ClusterFailed, PicturesUnreachable, ExtraMissing)


@dataclass(frozen=True, slots=True)
class ShardImage:
    """An image as a worker needs it, with what its row is stored with. `place` is where its picture lies in a remote archive, which no
    worker needs to walk then.
    """

    id: ImageId
    path: str
    given_label: int | None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """All that a worker is told: which scorer to open, how to rank, where the pictures are, and how many at once on how many threads.

    Keys to a bucket are not in it: a worker has those of its own machine's environment. `seconds` is how long a bucket may take to answer.
    `wording` is for a model that reads labels. With `embeddings`, they come with the ranks. Each worker tries a `precision` out with the
    first pictures of its first shard.
    """

    spec: Spec
    checkpoint: Path | None
    folder: Path
    ranking: Ranking
    images_root: str
    seconds: float
    max_pixels: int
    batch_size: int | None
    n_threads: int
    wording: Wording | None = None
    embeddings: bool = False
    precision: Precision = Precision.FLOAT32


@dataclass(frozen=True, slots=True)
class ShardOutcome:
    """A shard's ranks and the fingerprints of its pictures; `error` is what ended it before its end.

    `remark` is what a person should know of how the worker scores; empty if nothing.
    """

    ranked: tuple[RankedBatch[ShardImage], ...]
    looks: dict[ImageId, int]
    error: MultilabelfyError | None
    remark: str = ""


class ShardWorker:
    """Keeps the scorer open from shard to shard."""

    def __init__(self, order: WorkOrder) -> None:
        self._order = order
        self._scorer: Scorer | None = None
        self._batch_size = order.batch_size

    def outcome(self, shard: Sequence[ShardImage]) -> ShardOutcome:
        """The ranks of these images."""
        ranked: list[RankedBatch[ShardImage]] = []
        looks: dict[ImageId, int] = {}
        error = None
        try:
            for chunk in in_chunks(self._scored(shard, looks)):
                ranked.extend(ranked_chunk(chunk, self._order.ranking, _path))
        except MultilabelfyError as broken:
            error = _portable(broken)
        return ShardOutcome(tuple(ranked), looks, error, getattr(self._scorer, "remark", ""))

    def _scored(self, shard: Sequence[ShardImage], looks: dict[ImageId, int]) -> Iterator[ScoredBatch[ShardImage]]:
        order, scorer = self._order, self._opened()
        root = root_at(order.images_root, order.seconds)
        _check_folder(root)
        edge, largest = smallest(scorer), 0

        with coming_from(root, shard, _path, lambda image: image.place) as coming:

            def open_image(image: ShardImage) -> Picture:
                picture = open_picture(coming.picture(image), max_pixels=order.max_pixels, at_least=edge)
                looks[image.id] = fingerprint(picture)
                return picture

            for batch in score_pictures(
                scorer,
                coming.items,
                open_item=open_image,
                name_of=_path,
                batch_size=self._batch_size,
                n_threads=order.n_threads,
                embeddings=order.embeddings,
            ):
                largest = max(largest, len(batch.items))
                yield batch
        if manner_of(scorer) is Manner.AHEAD:
            self._batch_size = self._batch_size or largest or None  # what was found to pay need not be found again in each shard

    def _opened(self) -> Scorer:
        """The scorer of the order. Raises ScorerUnavailable, and ClusterFailed where this machine has other weights under its name."""
        if self._scorer is None:
            order = self._order
            here = source_of(order.spec, order.checkpoint, order.wording, order.precision)
            if here != order.ranking.source:
                raise ClusterFailed(f"On the machine '{_machine()}' the model is '{here}', not '{order.ranking.source}': its files differ.")
            scorer = open_scorer(
                order.spec,
                folder=order.folder,
                checkpoint=order.checkpoint,
                wording=order.wording,
                embeddings=order.embeddings,
                precision=order.precision,
            )
            if isinstance(scorer, ScoresFile):
                raise ScorerUnavailable(f"'{order.spec}' holds scores: they are read where the database is.")
            self._scorer = scorer
        return self._scorer


def _check_folder(root: PictureRoot) -> None:
    """Else each picture would be put aside as unreadable. Raises ClusterFailed."""
    if isinstance(root, Folder) and not root.path.exists():
        raise ClusterFailed(
            f"The machine '{_machine()}' has no folder '{root}'. All machines of a cluster must see the pictures under the same path, as "
            "on a shared disk. What was proposed so far is kept; run the same command to go on."
        )


def _machine() -> str:
    return platform.node() or "without a name"


def _path(image: ShardImage) -> str:
    return image.path


def _portable(error: MultilabelfyError) -> MultilabelfyError:
    """The error in a form that travels between processes: of the ones with parts of their own only the message."""
    kind = type(error)
    return kind(str(error)) if kind in PORTABLE else ScorerUnavailable(str(error))
