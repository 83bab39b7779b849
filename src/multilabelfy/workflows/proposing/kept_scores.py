"""Gather full softmax rows for stored images, rebuilt from the ranks that a run stored, or read from a file of scores."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import MultilabelfyError, NotProposed, ScorerUnavailable
from multilabelfy.inference.registry import HINTS
from multilabelfy.inference.scorers.scores_file import ScoresFile, open_scores
from multilabelfy.inference.spec import HUB, ScorerKind, Spec, parse_spec, source_of
from multilabelfy.proposals.checking import checked
from multilabelfy.proposals.columns import Columns, columns
from multilabelfy.proposals.model import Scores
from multilabelfy.proposals.runs import Run
from multilabelfy.proposals.suspects import whole_scores
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import proposals
from multilabelfy.workflows.proposing.jobs import imagenet1k_keys
from multilabelfy.workflows.proposing.rows import row_finder

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Believer:
    """A model, named by its run. `says` returns, for some images, the positions that it knows and their (n_known, n_labels) softmax."""

    source: str
    says: Callable[[Connection, Sequence[StoredImage]], tuple[Positions, Scores]]


def believers(c: Connection, dataset: StoredDataset, space: LabelSpace, models: Sequence[str]) -> tuple[Believer, ...]:
    """The models of these names or SPECs, each once; every run if none is named. Raises NotProposed and ScorerUnavailable."""
    runs = {run.source: run for run in proposals.runs(c, dataset.id)}
    if not models and not runs:
        raise NotProposed(f"'{dataset.name}' has no proposals yet. Run `multilabelfy propose {shlex.quote(dataset.name)} --model SPEC`.")
    named = [_believer(c, dataset, space, runs, text) for text in models or runs]
    return tuple({believer.source: believer for believer in named}.values())


def mean_scores(
    c: Connection, models: Sequence[Believer], chunk: Sequence[StoredImage], n_labels: int
) -> tuple[Scores, npt.NDArray[np.bool_]]:
    """The mean softmax (n_images, n_labels) of the models that know an image, and whether any does, (n_images,)."""
    total = np.zeros((len(chunk), n_labels), dtype=np.float32)
    n_models = np.zeros(len(chunk), dtype=np.int64)
    for believer in models:
        known, scores = believer.says(c, chunk)
        total[known] += scores
        n_models[known] += 1
    return np.asarray(total / np.maximum(n_models, 1)[:, None], dtype=np.float32), n_models > 0


def _believer(c: Connection, dataset: StoredDataset, space: LabelSpace, runs: Mapping[str, Run], text: str) -> Believer:
    if text in runs:
        return _of_run(runs[text], len(space))
    spec = _spec(text, runs)
    if spec.kind is ScorerKind.SCORES:
        return _of_file(c, dataset, space, spec)
    if spec.kind in HUB:
        return _of_run(_latest_of(text, runs), len(space))
    source = source_of(spec)
    if source not in runs:
        raise _unknown(text, runs)
    return _of_run(runs[source], len(space))


def _latest_of(text: str, runs: Mapping[str, Run]) -> Run:
    """The newest run by this model of the hub, of whatever commit and prompts: nothing is fetched to find out."""
    of_model = [run for source, run in runs.items() if source.rpartition("@")[0] == text]
    if not of_model:
        raise _unknown(text, runs)
    return max(of_model, key=lambda run: (run.started_at, run.id))


def _spec(text: str, runs: Mapping[str, Run]) -> Spec:
    try:
        return parse_spec(text)
    except ScorerUnavailable:
        raise _unknown(text, runs) from None


def _unknown(text: str, runs: Mapping[str, Run]) -> MultilabelfyError:
    known = f"There are those of {', '.join(f'“{source}”' for source in runs)}." if runs else "There are none at all."
    return NotProposed(
        f"There are no proposals by '{text}'. {known} Run `propose` with it first, or name a file of scores: scores:FILE.npy"
    )


def _of_run(run: Run, n_labels: int) -> Believer:
    def says(c: Connection, chunk: Sequence[StoredImage]) -> tuple[Positions, Scores]:
        stored = proposals.kept_of(c, run.id, [image.id for image in chunk])
        known = np.array([place for place, image in enumerate(chunk) if image.id in stored], dtype=np.int64)
        if not len(known):
            return known, np.zeros((0, n_labels), dtype=np.float32)
        rows = [stored[chunk[place].id] for place in known]
        return known, whole_scores(np.stack([labels for labels, _ in rows]), np.stack([scores for _, scores in rows]), n_labels)

    return Believer(run.source, says)


def _of_file(c: Connection, dataset: StoredDataset, space: LabelSpace, spec: Spec) -> Believer:
    scores, source = open_scores(spec.file), source_of(spec)
    meaning = columns(scores.labels, space, source=source, imagenet1k=imagenet1k_keys(scores))
    row_of = row_finder(c, dataset.id, scores)

    def says(_: Connection, chunk: Sequence[StoredImage]) -> tuple[Positions, Scores]:
        return np.arange(len(chunk)), _read(scores, meaning, source, chunk, row_of)

    return Believer(source, says)


def _read(file: ScoresFile, meaning: Columns, source: str, chunk: Sequence[StoredImage], row_of: Callable[[StoredImage], int]) -> Scores:
    """Full rows in label order, each summing to 1 over the dataset's labels. Raises InvalidScores."""
    read, paths = file.rows([row_of(image) for image in chunk]), [image.path for image in chunk]
    scores = meaning.in_label_order(
        checked(read, images=paths, n_columns=meaning.n_columns, source=source, way_out=HINTS[ScorerKind.SCORES])
    )
    total = scores.sum(axis=1, keepdims=True, dtype=np.float32)
    return np.asarray(scores / np.where(total > 0, total, 1), dtype=np.float32)
