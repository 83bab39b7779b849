"""Owners read and answer annotators' comments, and annotators see the answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.answers import CLIENT_ID, MAX_NOTE
from multilabelfy.annotation.comments import Comment, CommentKind
from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, ImageId, Label
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import AnswerRefused, StoreReadOnly
from multilabelfy.store import people
from multilabelfy.store.answers import comments
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, labels
from multilabelfy.store.decisions import withheld
from multilabelfy.workflows.workspace import Workspace

PAGE = 30
WithheldAmong = Callable[[Connection, Iterable[StoredImage]], frozenset[ImageId]]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to a comment, with its author's name."""

    number: int
    who: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CommentView:
    """One comment with its author, image, the labels chosen with it, and the answers to it, oldest first. The picture of an image that
    `is_withheld` is not drawn."""

    comment: Comment
    dataset: StoredDataset
    image: StoredImage
    who: str
    chosen: tuple[Label, ...]
    answers: tuple[Answered, ...]
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class CommentsFound:
    """A page of comments, newest first; the next page begins below `next_below` (None: this is the last page)."""

    views: tuple[CommentView, ...]
    n_open: int
    n_all: int
    next_below: int | None


def comments_page(
    workspace: Workspace, name: str, *, is_open: bool | None, kind: CommentKind | None, below: int | None = None
) -> CommentsFound:
    """The comments of a dataset that match. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        n_all = comments.n_all(c, dataset.id)
        if not n_all:  # each search goes over all answers
            return CommentsFound((), 0, 0, None)
        page = comments.page(c, dataset.id, is_open=is_open, kind=kind, below=below, limit=PAGE + 1)
        n_open = comments.n_open(c, dataset.id)
        next_below = page[PAGE - 1].number if len(page) > PAGE else None
        return CommentsFound(tuple(_views(c, page[:PAGE], withheld.on_pages)), n_open, n_all, next_below)


def answer_comment(workspace: Workspace, name: str, owner: Annotator, number: int, client_id: str, text: str, now: datetime) -> None:
    """Answer a comment; the same answer under the same id changes nothing. Raises UnknownComment, and AnswerRefused for invalid input."""
    answer = text.strip()
    if not CLIENT_ID.fullmatch(client_id):
        raise AnswerRefused({"id": "The form no longer matches this page: reload it and try again."})
    if not answer:
        raise AnswerRefused({"text": "Write an answer first."})
    if len(answer) > MAX_NOTE:
        raise AnswerRefused({"text": f"The answer has {len(answer):,} characters; at most {MAX_NOTE:,} are allowed."})
    with workspace.store.writing() as c:
        comment = comments.get_in(c, datasets.find(c, name), number)
        comments.append(c, comment, owner.id, client_id, answer, now)


def answers_to(workspace: Workspace, person: Annotator) -> tuple[Sequence[CommentView], int]:
    """This person's answered comments, the newest answer first, and the number up to which they had read answers before.

    From now on all of them count as read, where that can be stored.
    """
    try:
        with workspace.store.writing() as c:
            seen = comments.mark_seen(c, person.id)
            return _own(c, person), seen
    except StoreReadOnly:
        with workspace.store.reading() as c:
            return _own(c, person), comments.last_seen(c, person.id)


def n_unread(workspace: Workspace, person: Annotator) -> int:
    """How many answers this person has not read."""
    with workspace.store.reading() as c:
        return comments.n_unread(c, person.id)


def _own(c: Connection, person: Annotator) -> list[CommentView]:
    return _views(c, comments.answered_to(c, person.id), lambda c, shown: withheld.among(c, [image.id for image in shown]))


def _views(c: Connection, shown: Sequence[Comment], withheld_among: WithheldAmong) -> list[CommentView]:
    """These comments for their readers; for each dataset, a page takes as many queries as one comment."""
    pictures = images.get_many(c, [comment.annotation.image for comment in shown])
    of = {dataset: datasets.get(c, dataset) for dataset in {comment.dataset for comment in shown}}
    names = {dataset: {person.id: person.author for person in people.everyone(c, dataset)} for dataset in of}
    named = {dataset: labels.labels_by_index(c, dataset, _chosen(shown, dataset)) for dataset in of}
    not_shown = withheld_among(c, pictures.values())
    return [
        _view(comment, of[comment.dataset], pictures[comment.annotation.image], named[comment.dataset], names[comment.dataset], not_shown)
        for comment in shown
    ]


def _chosen(shown: Sequence[Comment], dataset: DatasetId) -> set[int]:
    return {label for comment in shown if comment.dataset == dataset for label in comment.annotation.chosen()}


def _view(
    comment: Comment,
    dataset: StoredDataset,
    image: StoredImage,
    named: Mapping[int, Label],
    names: Mapping[AnnotatorId, str],
    not_shown: frozenset[ImageId],
) -> CommentView:
    chosen = tuple(named[label] for label in sorted(comment.annotation.chosen()) if label in named)
    answers = [Answered(answer.number, names[answer.author], answer.text, answer.created_at) for answer in comment.answers]
    return CommentView(comment, dataset, image, names[comment.annotation.annotator], chosen, tuple(answers), image.id in not_shown)
