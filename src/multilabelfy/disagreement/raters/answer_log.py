"""Lay answers out for questions about whoever gave them: which votes belong to one answer, in which order, and what it took."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.votes import votes_of
from multilabelfy.disagreement.questions import Ints, Questions, questions_of

Floats = npt.NDArray[np.float64]
LEAST_SECONDS_A_FIVE = 0.3
"""About one fixation of the eye (Rayner 1998): nobody reads a label in less."""


@dataclass(frozen=True)
class AnswerLog:
    """Answers as columns, each rater's in the order in which they were given.

    `rater`, `image` (n_answers,) are codes as in `Questions`; the votes of answer i are `vote_order[start[i]:stop[i]]`, in their order on
    the page if `has_places`. `seconds` (n_answers,) is the time present, NaN where it was not measured. Of the fives whose opening was
    measured, `n_fives`, `n_unseen` cannot have been looked at. `has_times` tells whether the order is that of time.
    """

    rater: Ints
    image: Ints
    start: Ints
    stop: Ints
    vote_order: Ints
    seconds: Floats
    n_fives: Ints
    n_unseen: Ints
    has_places: bool
    has_times: bool

    def __len__(self) -> int:
        return len(self.rater)

    def votes(self, answer: int) -> Ints:
        """The places of an answer's votes among those of the questions."""
        return self.vote_order[self.start[answer] : self.stop[answer]]

    def of_rater(self, rater: int) -> Ints:
        """The places of a rater's answers, in order."""
        return np.flatnonzero(self.rater == rater)


@dataclass(frozen=True, slots=True)
class _Row:
    rater: int
    image: int
    start: int
    stop: int
    answer: Annotation = field(compare=False)


def logged(by_image: Sequence[Sequence[Annotation]]) -> tuple[Questions, AnswerLog, tuple[AnnotatorId, ...]]:
    """The votes of images' standing answers on labels that were shown, their log, and the annotators in the order of their codes."""
    questions, annotators = questions_of(by_image, shown_only=True)
    code = {annotator: number for number, annotator in enumerate(annotators)}
    rows = sorted(_rows(by_image, code), key=lambda row: (row.rater, row.answer.submitted_at, row.start))
    fives = [fives_of(row.answer) for row in rows]
    seconds = [row.answer.present_ms / 1000 or np.nan for row in rows]
    rater, image, start, stop = np.array([(row.rater, row.image, row.start, row.stop) for row in rows], dtype=np.int64).reshape(-1, 4).T
    n_fives, n_unseen = np.array(fives, dtype=np.int64).reshape(-1, 2).T
    was_seen = not rows or not all(row.answer.is_imported for row in rows)
    measured = (np.array(seconds, dtype=np.float64), n_fives, n_unseen)
    log = AnswerLog(rater, image, start, stop, np.arange(len(questions.vote)), *measured, has_places=was_seen, has_times=was_seen)
    return questions, log, annotators


def log_of_votes(questions: Questions) -> AnswerLog:
    """The same of votes alone, from a table: answers come in the order of their images' codes, and nobody knows places or times."""
    image = questions.image[questions.question]
    order = np.lexsort((questions.question, image, questions.rater))
    rater, image = questions.rater[order], image[order]
    begins = np.flatnonzero(np.diff(rater, prepend=-1) | np.diff(image, prepend=-1))
    none = np.zeros(len(begins), dtype=np.int64)
    ends = np.append(begins[1:], len(order))[: len(begins)]
    unknown = np.full(len(begins), np.nan)
    return AnswerLog(rater[begins], image[begins], begins, ends, order, unknown, none, none, has_places=False, has_times=False)


def fives_of(answer: Annotation) -> tuple[int, int]:
    """How many fives were opened, and how many of these cannot have been looked at; none of either where openings were not measured.

    A five cannot have been looked at if the time from its opening until the answer, shared among it and the fives opened after it, is
    less than LEAST_SECONDS_A_FIVE each. Whoever leafs through all fives first and then comes back has the time.
    """
    opened = sorted(moment for moment in answer.screen.opened_at if moment is not None)
    if not opened or not answer.present_ms or answer.submitted_at - opened[0] < timedelta(milliseconds=answer.present_ms):
        return 0, 0  # imported answers have one moment for everything
    left = [(answer.submitted_at - moment).total_seconds() / (len(opened) - place) for place, moment in enumerate(opened)]
    return len(opened), sum(seconds < LEAST_SECONDS_A_FIVE for seconds in left)


def _rows(by_image: Iterable[Sequence[Annotation]], code: dict[AnnotatorId, int]) -> Iterator[_Row]:
    """The answers of annotators with votes, as `questions_of` goes through them."""
    start = 0
    for place, answers in enumerate(by_image):
        for answer in answers:
            n_votes = sum(label not in answer.unprompted for label in votes_of(answer))
            if answer.annotator in code:
                yield _Row(code[answer.annotator], place, start, start + n_votes, answer)
            start += n_votes
