"""Measure models on all images of a study, from the final labels of those that its draw put first.

Every image has a place that was drawn by the study's seed, whatever its owner let come first since. The first images in this order are a
random sample, but only without a gap: what waits for an expert is unlike what annotators agreed on.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId, LabelSets
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.few_labels.by_sample import MeasuredBySample
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages, Predictions, Rankings
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.plurals import counted
from multilabelfy.refinement.model import FinalLabels, LabelSource
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, labels, proposals
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.evaluating.by_sample import ATTEMPT, Sampled, measured_in
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True)
class _Drawn:
    """A study's readable images in the order of its draw, and the final labels that people gave, by image."""

    dataset: StoredDataset
    order: list[StoredImage]
    finals: dict[ImageId, FinalLabels]


def evaluate_drawn(workspace: Workspace, name: str, n: int | None, predictions: Sequence[Path] = ()) -> MeasuredBySample:
    """Measure the proposers that know every image, and the models of these files, from the first `n` images of the draw.

    Without `n` it is as many as have final labels in the newest release without a gap. Labels that the posterior settled count as none.
    Raises UnknownDataset, UnknownRelease, and InvalidInput where one of the `n` has no final labels.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        space = labels.label_space(c, dataset.id)
        drawn = _drawn(c, dataset)
        n_sampled = _n_sampled(drawn, n)
        read = [*_proposers(c, drawn), *((path, read_predictions(path, space)) for path in predictions)]
    if not read:
        problem = Problem(name, "no model has proposed labels for all of its images")
        raise InvalidInput(ATTEMPT, [problem], "Give predictions for all images with --predictions.")
    return measured_in(_sampled(drawn, n_sampled), read, len(space))


def _drawn(c: Connection, dataset: StoredDataset) -> _Drawn:
    readable = [image for image in images.iterate(c, dataset.id) if image.state.meaning.is_shown]
    newest = releases.latest(c, dataset.id)
    finals = {
        final.image: final for _, final in releases.labels_of(c, dataset.id, newest.number) if final.source is not LabelSource.POSTERIOR
    }
    return _Drawn(dataset, sorted(readable, key=lambda image: (queue_place(image.path, dataset.seed), image.id)), finals)


def _n_sampled(drawn: _Drawn, n: int | None) -> int:
    """How many images are the sample. Raises InvalidInput where some of them have no final labels."""
    gap = next((place for place, image in enumerate(drawn.order) if image.id not in drawn.finals), len(drawn.order))
    if n is None or n <= gap:
        return gap if n is None else n
    if n > len(drawn.order):
        problem = Problem(f"--sample {n}", f"'{drawn.dataset.name}' has {counted(len(drawn.order), 'readable image')}")
        raise InvalidInput(ATTEMPT, [problem])
    open_ones = [image for image in drawn.order[:n] if image.id not in drawn.finals]
    lacking = "1 has" if len(open_ones) == 1 else f"{len(open_ones)} have"
    reason = f"of the first {counted(n, 'image')} of the draw, {lacking} no final labels in the newest release, '{open_ones[0].path}' first"
    way_out = (
        f"Have them answered and decided, then run `multilabelfy resolve {shlex.quote(drawn.dataset.name)}`; "
        f"or take the first {gap}, which have final labels: --sample all."
    )
    raise InvalidInput(ATTEMPT, [Problem(drawn.dataset.name, reason)], way_out)


def _sampled(drawn: _Drawn, n: int) -> Sampled:
    """The images in the order of the draw: the first n with their labels, the others with none."""
    of_each = [drawn.finals[image.id].labels for image in drawn.order[:n]] + [()] * (len(drawn.order) - n)
    sets = LabelSets.from_rows([image.path for image in drawn.order], of_each)
    given = np.array([NO_LABEL if image.given_label is None else image.given_label for image in drawn.order], dtype=np.int64)
    return Sampled(LabelledImages(sets, given if (given != NO_LABEL).any() else None), np.arange(n))


def _proposers(c: Connection, drawn: _Drawn) -> list[tuple[Path, Predictions]]:
    """What each run that proposed labels for every readable image ranks first, under its name."""
    paths = tuple(image.path for image in drawn.order)
    runs = proposals.best_of_runs(c, drawn.dataset.id, [image.id for image in drawn.order])
    whole = [run for run in runs if len(run.place) == len(paths)]
    return [(Path(run.source), Rankings((run.source,), run.labels[np.newaxis], paths)) for run in whole]
