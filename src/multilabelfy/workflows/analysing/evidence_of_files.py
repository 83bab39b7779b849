"""Join files of evidence with a file of votes, by the images' names: what models predict, given labels, gold."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.validation import label_finder, unknown_label
from multilabelfy.disagreement.consensus.evidence import FIRST_RANKS, of_given_label, of_models
from multilabelfy.disagreement.questions import MachineVotes
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.evaluation.measures.model import Rankings
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.reading.label_sets import read_given, read_label_sets
from multilabelfy.formats.reading.label_space import read_label_space
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.formats.reading.votes import VoteTable, read_votes

ATTEMPT = "Cannot join the evidence with the votes"
SHOWN = 5
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EvidenceFiles:
    """Files that say something about the labels besides votes. The given label counts only where `given` names a file, and
    machines' votes only where `machines` does."""

    predictions: tuple[Path, ...] = ()
    given: Path | None = None
    gold: Path | None = None
    label_space: str | None = None
    machines: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.predictions or self.given or self.gold or self.machines)


@dataclass(frozen=True, slots=True)
class Joined:
    """The evidence on each question: `features` (n_questions, n_features) or None, and gold as `known` (n_questions,) or None.

    `machines` are their votes on these questions; `n_unasked` votes of theirs were on labels that no person was asked about.
    """

    features: Floats | None = None
    known: Floats | None = None
    machines: MachineVotes | None = None
    n_unasked: int = 0


def join_evidence(table: VoteTable, files: EvidenceFiles) -> Joined:
    """Lay the files out by the questions of the votes. Raises InvalidInput where an image or a label does not join."""
    if not files:
        return Joined()
    machines, n_unasked = _machines(table, files.machines) if files.machines else (None, 0)
    if not (files.predictions or files.given or files.gold):
        return Joined(machines=machines, n_unasked=n_unasked)
    space = _space(table, files.label_space)
    label = _label_indices(table, space)
    features = [of_models(_ranks(table, label, files.predictions, space))] if files.predictions else []
    if files.given:
        features.append(of_given_label(read_given(files.given, table.images, space)[table.questions.image] == label))
    known = _known(table, label, files.gold, space) if files.gold else None
    return Joined(np.hstack(features) if features else None, known, machines, n_unasked)


def _machines(table: VoteTable, file: Path) -> tuple[MachineVotes | None, int]:
    """The votes of a file of machines on the questions of the votes, and how many were on others, which count for nothing."""
    of_machines = read_votes(file, of_machines=True)
    asked = zip(table.images_asked(), table.labels_asked(), strict=True)
    at = {pair: number for number, pair in enumerate(asked)}
    theirs = zip(of_machines.images_asked(), of_machines.labels_asked(), strict=True)
    number = np.array([at.get(pair, -1) for pair in theirs], dtype=np.int64)[of_machines.questions.question]
    is_asked = number >= 0
    votes = MachineVotes(
        number[is_asked], of_machines.questions.rater[is_asked], of_machines.questions.vote[is_asked], len(of_machines.raters)
    )
    return votes if is_asked.any() else None, int((~is_asked).sum())


def _space(table: VoteTable, label_space: str | None) -> LabelSpace | None:
    if label_space:
        return read_label_space(label_space)
    return imagenet1k() if set(table.labels) <= imagenet1k().index_by_key.keys() else None


def _label_indices(table: VoteTable, space: LabelSpace | None) -> Ints:
    """Each question's label as an index."""
    find = label_finder(space) if space else _as_index
    index = {text: find(text) for text in table.labels}
    unknown = [text for text, number in index.items() if number is None][:SHOWN]
    if unknown:
        problems = [
            Problem("the votes", unknown_label(text, space) if space else f"the label '{text}' is not an index") for text in unknown
        ]
        raise InvalidInput(ATTEMPT, problems, "Name the labels with --label-space.")
    return np.array([index[text] for text in table.labels], dtype=np.int64)[table.questions.label]


def _as_index(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _ranks(table: VoteTable, label: Ints, files: Sequence[Path], space: LabelSpace | None) -> npt.NDArray[np.int8]:
    """The rank of each question's label among the first five of each model, 0 where it is not: (n_models, n_questions)."""
    models: list[str] = []
    ranks = []
    for file in files:
        predicted = read_predictions(file, space)
        if not isinstance(predicted, Rankings) or predicted.images is None:
            raise InvalidInput(ATTEMPT, [Problem(str(file), "it does not name its images")], "Use a table image,label,rank, or an .npz.")
        place = positions_of(table.images, predicted.images, attempt=ATTEMPT, where=str(file))[table.questions.image]
        models += predicted.models
        ranks += [_rank_of(np.asarray(ranked)[:, :FIRST_RANKS], place, label) for ranked in predicted.ranked]
    _require_unique(models)
    return np.array(ranks)


def _rank_of(ranked: npt.NDArray[np.integer], place: Ints, label: Ints) -> npt.NDArray[np.int8]:
    rank = np.zeros(len(label), dtype=np.int8)
    for column in reversed(range(ranked.shape[1])):
        rank[ranked[place, column] == label] = column + 1
    return rank


def _require_unique(models: Sequence[str]) -> None:
    twice = sorted({name for name in models if models.count(name) > 1})
    if twice:
        raise InvalidInput(ATTEMPT, [Problem(name, "this model is in the predictions more than once") for name in twice[:SHOWN]])


def _known(table: VoteTable, label: Ints, gold: Path, space: LabelSpace | None) -> Floats:
    """1 for a label that is in its image's gold set, 0 for one that is not, NaN where the image has none."""
    sets = read_label_sets(gold, table.images, space)
    rows = positions_of(sets.images, table.images, attempt=ATTEMPT, where=str(gold))
    of_image = np.full(len(table.images), -1, dtype=np.int64)
    of_image[rows] = np.arange(len(rows))
    row = of_image[table.questions.image]
    stride = int(max(label.max(initial=0), sets.labels.max(initial=0))) + 1
    valid = np.repeat(np.arange(len(sets)), sets.counts) * stride + sets.labels
    return np.where(row < 0, np.nan, np.isin(row * stride + label, valid).astype(np.float64))
