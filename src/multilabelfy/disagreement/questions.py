"""Lay votes out as arrays: one question is one image and one label, answered by whoever was shown it."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.model import Annotation, AnnotatorId, Vote
from multilabelfy.annotation.votes import votes_of

Ints = npt.NDArray[np.int64]
Codes = Sequence[int] | npt.NDArray[np.integer]
N_ANSWERS = len(Vote)


@dataclass(frozen=True)
class Questions:
    """Votes as long columns over coded questions.

    `image` and `label` are (n_questions,): a place in the caller's list of images, and a label's code. `question`, `rater` and `vote` are
    (n_votes,): which question, whose (0 … n_raters−1), and no 0, maybe 1, yes 2. A rater answers a question at most once.
    """

    image: Ints
    label: Ints
    question: Ints
    rater: Ints
    vote: Ints
    n_raters: int

    def __len__(self) -> int:
        return len(self.image)

    @property
    def n_images(self) -> int:
        """How many places of images there are."""
        return int(self.image.max()) + 1 if len(self.image) else 0

    @property
    def n_checked(self) -> int:
        """How many questions at least two raters answered: without any, votes alone cannot tell how raters err."""
        return int((np.bincount(self.question, minlength=len(self)) > 1).sum())

    def counts(self) -> Ints:
        """The answers to each question, (n_questions, 3): how many no, maybe, yes."""
        flat = np.bincount(self.question * N_ANSWERS + self.vote, minlength=len(self) * N_ANSWERS)
        return flat.reshape(len(self), N_ANSWERS).astype(np.int64)


@dataclass(frozen=True)
class MachineVotes:
    """What machines say of questions that people were asked, as long columns: evidence beside people's votes, never votes of people.

    `question`, `machine` (0 … n_machines−1) and `vote` are (n_votes,). A machine answers a question at most once.
    """

    question: Ints
    machine: Ints
    vote: Ints
    n_machines: int


def questions_of_votes(images: Codes, labels: Codes, raters: Codes, votes: Codes) -> Questions:
    """Code long votes, one row a vote; questions come in order of image, then label."""
    n_labels = int(np.max(labels)) + 1 if len(labels) else 1
    keys = np.array(images, dtype=np.int64)
    keys *= n_labels
    keys += np.asarray(labels, dtype=np.int64)
    keys, question = np.unique(keys, return_inverse=True)
    rater = np.asarray(raters, dtype=np.int64)
    n_raters = int(rater.max()) + 1 if len(rater) else 0
    return Questions(keys // n_labels, keys % n_labels, question.astype(np.int64), rater, np.asarray(votes, dtype=np.int64), n_raters)


def pairs_of_votes(questions: Questions) -> tuple[Ints, Ints]:
    """Each pair of votes on one question, as places of votes, (n_pairs,) each: the rater with the lower code first."""
    order = np.lexsort((questions.rater, questions.question))
    question = questions.question[order]
    most = int(np.bincount(question).max(initial=0))
    same = [(step, np.flatnonzero(question[step:] == question[:-step])) for step in range(1, most)]
    none = [np.zeros(0, dtype=np.int64)]
    return np.concatenate(none + [order[at] for _, at in same]), np.concatenate(none + [order[at + step] for step, at in same])


def questions_of(by_image: Iterable[Sequence[Annotation]], *, shown_only: bool = False) -> tuple[Questions, tuple[AnnotatorId, ...]]:
    """The votes of images' newest annotations, and the annotators in the order of their codes (that of first appearance).

    `shown_only` leaves out votes on labels that the annotator was not shown but found by search: nobody could have said no to them, so
    that two who found the same label would agree on a question that was never asked.
    """
    columns, unprompted, raters = _columns(by_image)
    if not shown_only or not len(unprompted):
        return questions_of_votes(*columns), raters
    image, label, rater, vote = (np.delete(column, unprompted) for column in columns)
    with_votes, rater = np.unique(rater, return_inverse=True)
    return questions_of_votes(image, label, rater, vote), tuple(raters[code] for code in with_votes)


@dataclass(frozen=True)
class VotesByOrigin:
    """All votes, those on labels that were shown, and those on labels that the annotator found by search, with one code an annotator."""

    every: Questions
    shown: Questions
    found: Questions
    raters: tuple[AnnotatorId, ...]


def votes_by_origin(by_image: Iterable[Sequence[Annotation]]) -> VotesByOrigin:
    """The votes of images' newest annotations by how their labels came before the annotator; answers are read once."""
    columns, unprompted, raters = _columns(by_image)
    every = questions_of_votes(*columns)
    shown = questions_of_votes(*(np.delete(column, unprompted) for column in columns)) if len(unprompted) else every
    return VotesByOrigin(every, shown, questions_of_votes(*(np.asarray(column)[unprompted] for column in columns)), raters)


def _columns(by_image: Iterable[Sequence[Annotation]]) -> tuple[tuple[Codes, Codes, Codes, Codes], Ints, tuple[AnnotatorId, ...]]:
    """Place of the image, label, rater and vote, (n_votes,) each; the places of votes on labels that were not shown; and the annotators."""
    codes: dict[AnnotatorId, int] = {}
    place, rater, n_votes = array("i"), array("i"), array("i")
    label, vote, unprompted = array("i"), array("b"), array("q")
    for at, annotations in enumerate(by_image):
        for annotation in annotations:
            votes = votes_of(annotation)
            if not votes:
                continue
            if annotation.unprompted:
                unprompted.extend([len(label) + step for step, each in enumerate(votes) if each in annotation.unprompted])
            place.append(at)
            rater.append(codes.setdefault(annotation.annotator, len(codes)))
            n_votes.append(len(votes))
            label.extend(votes)
            vote.extend(votes.values())
    of_votes = (np.repeat(place, n_votes), np.asarray(label), np.repeat(rater, n_votes), np.asarray(vote))
    return of_votes, np.asarray(unprompted), tuple(codes)
