"""Rank a dataset's images by how suspicious their given labels are, before anybody annotates, and hand out the most suspicious first."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_ANSWERS
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import CommandOption, InvalidInput, Problem, WayOut
from multilabelfy.inference.cleanlab import cleanlab_says, require_cleanlab
from multilabelfy.proposals.model import Scores
from multilabelfy.proposals.suspects import Believed, Floats, SuspectBy, believed, loss, most_suspicious
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.workflows.proposing.kept_scores import Believer, believers, mean_scores
from multilabelfy.workflows.workspace import Workspace

if TYPE_CHECKING:
    from multilabelfy.formats.files.write_tables import TableRow

ROWS_AT_ONCE = 1000
POLICY = "suspects:"
"""An image that was moved in the queue has a policy of this beginning; the measure follows."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One image: its given label and the models' best other label, as keys, with the softmax of both, and how suspicious it is.

    `flagged` says whether cleanlab considers the label wrong; None when ranking by loss, which sets no threshold.
    """

    rank: int
    image: str
    given_label: str
    suggested_label: str
    suspicion: float
    given_score: float
    suggested_score: float
    flagged: bool | None


@dataclass(frozen=True)
class Suspects:
    """Every image with a given label and proposals, in import order; `order` has their positions, the most suspicious first."""

    dataset: str
    by: SuspectBy
    models: tuple[str, ...]
    n_left_out: int
    labels: LabelSpace
    images: tuple[StoredImage, ...]
    model_says: Believed
    suspicion: Floats
    flagged: npt.NDArray[np.bool_] | None
    order: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def n_flagged(self) -> int | None:
        """How many given labels cleanlab considers wrong."""
        return None if self.flagged is None else int(self.flagged.sum())

    def ranked(self) -> Iterator[Suspect]:
        """All of them, the most suspicious first."""
        for rank, place in enumerate(self.order.tolist(), start=1):
            image = self.images[place]
            yield Suspect(
                rank=rank,
                image=image.path,
                given_label=self.labels[_given(image)].key,
                suggested_label=self.labels[int(self.model_says.other[place])].key,
                suspicion=float(self.suspicion[place]),
                given_score=float(self.model_says.given[place]),
                suggested_score=float(self.model_says.of_other[place]),
                flagged=None if self.flagged is None else bool(self.flagged[place]),
            )


def suspects(workspace: Workspace, name: str, *, by: SuspectBy = SuspectBy.LOSS, models: Sequence[str] = ()) -> Suspects:
    """Rank the given labels by the scores of `models`: runs by name or SPEC, or `scores:` files; all runs if none is named.

    Several models count by the mean of their softmax. Images without a given label, or without proposals by any of the models, are left
    out. Raises UnknownDataset, NotProposed, ExtraMissing, ScorerUnavailable, InvalidScores, InvalidInput.
    """
    if by is not SuspectBy.LOSS:
        require_cleanlab()
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        space = stored_labels.label_space(c, dataset.id)
        with_given = [image for image in images.iterate(c, dataset.id) if image.given_label is not None]
        _check(dataset, space, with_given)
        asked_models = believers(c, dataset, space, models)
        keep = by is not SuspectBy.LOSS
        parts = [_asked(c, asked_models, chunk, len(space), keep_scores=keep) for chunk in chunked(with_given, ROWS_AT_ONCE)]
    return _ranked(dataset, by, asked_models, space, len(with_given), parts)


def write_suspects(suspects_found: Suspects, out: Path, *, overwrite: bool = False) -> int:
    """Write the ranking as a table, one row for each image, as .csv or .parquet; returns the number of rows. Raises InvalidInput."""
    from multilabelfy.formats.tables_of_results import write_suspects as write

    return write(out, (_row(suspect) for suspect in suspects_found.ranked()), overwrite=overwrite)


def queue_first(workspace: Workspace, suspects_found: Suspects, n: int) -> int:
    """Let the n most suspicious images that still want answers be handed out before all others; returns how many there were.

    Images that an earlier call moved first return to their own places, so that n = 0 undoes it. Assignments name the policy. Until the
    whole dataset is annotated, the annotated images are then no longer a random sample of it.
    """
    waiting = [
        suspects_found.images[place] for place in suspects_found.order.tolist() if suspects_found.images[place].state in AWAITING_ANSWERS
    ][:n]
    with workspace.store.writing() as c:
        dataset = datasets.find(c, suspects_found.dataset)
        earlier = images.moved_in_queue(c, dataset.id, POLICY)
        images.set_queue_places(c, dataset.id, [(image.id, queue_place(image.path, dataset.seed)) for image in earlier])
        moved = [(image.id, float(place - len(waiting))) for place, image in enumerate(waiting)]
        images.set_queue_places(c, dataset.id, moved, policy=POLICY + suspects_found.by)
    return len(waiting)


def n_queued_first(workspace: Workspace, name: str) -> int:
    """How many images were moved to the front of the queue as suspicious. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return len(images.moved_in_queue(c, datasets.find(c, name).id, POLICY))


@dataclass(frozen=True, slots=True)
class _Part:
    """The models' scores for those images of one chunk that they know; `scores` only if needed later."""

    images: tuple[StoredImage, ...]
    says: Believed
    scores: Scores | None


def _check(dataset: StoredDataset, space: LabelSpace, with_given: Sequence[StoredImage]) -> None:
    attempt = f"Cannot look for suspects in '{dataset.name}'"
    if not with_given:
        raise InvalidInput(
            attempt, [Problem("given labels", "no image came with one")], (WayOut("import again: {}", CommandOption("given", "FILE")),)
        )
    if len(space) < 2:
        raise InvalidInput(attempt, [Problem("labels", "there is only one label, so none can be wrong")])


def _asked(c: Connection, asked_models: Sequence[Believer], chunk: Sequence[StoredImage], n_labels: int, *, keep_scores: bool) -> _Part:
    scores, known = mean_scores(c, asked_models, chunk, n_labels)
    scored_images = tuple(image for image, is_known in zip(chunk, known.tolist(), strict=True) if is_known)
    given = np.array([_given(image) for image in scored_images], dtype=np.int64)
    return _Part(scored_images, believed(scores[known], given), scores[known] if keep_scores else None)


def _ranked(
    dataset: StoredDataset, by: SuspectBy, asked_models: Sequence[Believer], space: LabelSpace, n_given: int, parts: Sequence[_Part]
) -> Suspects:
    ranked_images = tuple(image for part in parts for image in part.images)
    says = Believed(
        given=np.concatenate([part.says.given for part in parts]),
        other=np.concatenate([part.says.other for part in parts]),
        of_other=np.concatenate([part.says.of_other for part in parts]),
    )
    if not ranked_images:
        raise InvalidInput(
            f"Cannot look for suspects in '{dataset.name}'",
            [Problem(", ".join(model.source for model in asked_models), "it has proposals of no image that has a given label")],
            f"Run `multilabelfy propose {shlex.quote(dataset.name)} --model SPEC` to its end.",
        )
    scores = [part.scores for part in parts if part.scores is not None]
    cleanlab = cleanlab_says(np.concatenate(scores), np.array([_given(image) for image in ranked_images]), by) if scores else None
    suspicion = cleanlab.suspicion if cleanlab else loss(says.given)
    return Suspects(
        dataset=dataset.name,
        by=by,
        models=tuple(model.source for model in asked_models),
        n_left_out=n_given - len(ranked_images),
        labels=space,
        images=ranked_images,
        model_says=says,
        suspicion=suspicion,
        flagged=cleanlab.flagged if cleanlab else None,
        order=most_suspicious(suspicion),
    )


def _given(image: StoredImage) -> int:
    assert image.given_label is not None  # images without one were left out when they were read
    return image.given_label


def _row(suspect: Suspect) -> "TableRow":
    return (
        suspect.rank,
        suspect.image,
        suspect.given_label,
        suspect.suggested_label,
        suspect.suspicion,
        suspect.given_score,
        suspect.suggested_score,
        suspect.flagged,
    )
