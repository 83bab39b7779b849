"""Lay out what votes and scores say about the images of a report: of a study's annotators, or of files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import ImageId, LabelSpace
from multilabelfy.dataset.validation import label_finder, unknown_label
from multilabelfy.disagreement.consensus import dawid_skene
from multilabelfy.disagreement.questions import Ints
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.choices.labellings import Judged
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.formats.reading.label_scores import read_label_scores
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.plurals import counted
from multilabelfy.workflows.analysing.analysis import AnalysedAnswers

ATTEMPT = "Cannot join the votes with the labels"
SHOWN = 5


def judged_in_study(analysed: AnalysedAnswers, released: Sequence[ImageId]) -> Judged | None:
    """The annotators' votes on the released images, in the order of the release; their scores are Dawid and Skene's."""
    if not len(analysed.questions):
        return None
    place = {image: position for position, image in enumerate(released)}
    at = np.array([place.get(image, -1) for image in analysed.answers], dtype=np.int64)[analysed.questions.image]
    kept = at >= 0
    score = dawid_skene.fit(analysed.questions).score
    return Judged(at[kept], analysed.questions.label[kept], analysed.questions.counts()[kept], score[kept]) if kept.any() else None


def judged_in_files(labelled: LabelledImages, votes: Path | None, scores: Path | None, space: LabelSpace | None) -> Judged | None:
    """The votes and scores of files, joined by image name; without a file of scores they are Dawid and Skene's. Raises InvalidInput."""
    by_votes = _by_votes(labelled, votes, space, scored=scores is None) if votes else None
    if scores is None:
        return by_votes
    read = read_label_scores(scores)
    image, label = _joined(labelled, read.images, read.labels, str(scores), space)
    if by_votes is None:
        return Judged(image, label, score=read.scores)
    asked = by_votes.image, by_votes.label
    return Judged(*asked, by_votes.counts, _in_order_of(asked, (image, label), read.scores, scores))


def _by_votes(labelled: LabelledImages, votes: Path, space: LabelSpace | None, *, scored: bool) -> Judged:
    table = read_votes(votes)
    asked = _joined(labelled, table.images_asked(), table.labels_asked(), str(votes), space)
    return Judged(*asked, table.questions.counts(), dawid_skene.fit(table.questions).score if scored else None)


def _joined(
    labelled: LabelledImages, images: Sequence[str], labels: Sequence[str], where: str, space: LabelSpace | None
) -> tuple[Ints, Ints]:
    """Each question's image as a position among the labelled images, and its label's index."""
    names = tuple(dict.fromkeys(images))
    place = dict(zip(names, positions_of(names, labelled.sets.images, attempt=ATTEMPT, where=where).tolist(), strict=True))
    find = label_finder(space) if space is not None else _as_index
    index = {text: find(text) for text in dict.fromkeys(labels)}
    unknown = [text for text, number in index.items() if number is None]
    if unknown:
        raise InvalidInput(ATTEMPT, [Problem(where, _unknown(text, space)) for text in unknown[:SHOWN]], "Name them with --label-space.")
    return np.array([place[image] for image in images], dtype=np.int64), np.array([index[text] for text in labels], dtype=np.int64)


def _as_index(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _unknown(text: str, space: LabelSpace | None) -> str:
    return unknown_label(text, space) if space else f"the label '{text}' is neither an index nor a known key"


def _in_order_of(
    questions: tuple[Ints, Ints], scored: tuple[Ints, Ints], scores: npt.NDArray[np.float64], where: Path
) -> npt.NDArray[np.float64]:
    """The scores in the order of the votes' questions. Raises InvalidInput where a question has none."""
    stride = int(max(questions[1].max(), scored[1].max())) + 1
    wanted, known = questions[0] * stride + questions[1], scored[0] * stride + scored[1]
    order = np.argsort(known)
    at = order[np.minimum(np.searchsorted(known[order], wanted), len(order) - 1)]
    n_missing = int((known[at] != wanted).sum())
    if n_missing:
        raise InvalidInput(
            ATTEMPT, [Problem(str(where), f"{n_missing} of {counted(len(wanted), 'question')} of the votes without a score there")]
        )
    return np.asarray(scores[at])
