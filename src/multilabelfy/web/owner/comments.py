"""The comments page, for owners: what annotators write beside their labels, open until it is answered; and the replies, for annotators."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.comments import CommentKind
from multilabelfy.annotation.model import Annotator
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyAnnotator, AnyOwner
from multilabelfy.web.language.words import OUTCOMES, UNFIT_REASONS
from multilabelfy.web.page.forms import Form, text
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import MOST, Behind, DatasetPage, Now, Number, Served, address_of
from multilabelfy.workflows.owning.comments import CommentsFound, CommentView, answer_comment, answers_to, comments_page
from multilabelfy.workflows.showing.addresses import has_pictures
from multilabelfy.workflows.workspace import Workspace

router = APIRouter()
State = Annotated[str, Query(pattern="^(open|answered|all)$")]
Kind = Annotated[str, Query(pattern="^(note|missing|unfit)?$")]
Below = Annotated[int | None, Query(ge=0, le=MOST)]
STATES: Mapping[str, str] = {"open": "open", "answered": "answered", "all": "all"}
IS_OPEN: Mapping[str, bool | None] = {"open": True, "answered": False, "all": None}
KINDS: Mapping[str, str] = {
    "": "anything",
    CommentKind.NOTE: "a note",
    CommentKind.MISSING: "a missing label",
    CommentKind.UNFIT: "an unfit picture",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsPage(DatasetPage):
    """The comments that match; `refused` is the number of the comment whose reply was refused, with what was typed and why."""

    comments: CommentsFound
    state: str
    kind: str
    client_id: str
    refused: int | None = None
    typed: str = ""
    problem: str = ""
    states: Mapping[str, str] = field(default_factory=lambda: STATES)
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)
    unfit: Mapping[str, str] = field(default_factory=lambda: UNFIT_REASONS)
    outcomes: Mapping[str, str] = field(default_factory=lambda: OUTCOMES)

    @property
    def query(self) -> str:
        """The filter as the query of an address."""
        return urlencode({"state": self.state, "kind": self.kind})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage(Page):
    """One's own comments that were answered; answers above `seen` are new."""

    views: Sequence[CommentView]
    seen: int
    unfit: Mapping[str, str] = field(default_factory=lambda: UNFIT_REASONS)
    outcomes: Mapping[str, str] = field(default_factory=lambda: OUTCOMES)


@router.get("/d/{dataset}/comments")
def comments(workspace: Served, person: AnyOwner, dataset: str, state: State = "open", kind: Kind = "", below: Below = None) -> Response:
    """The comments, open ones unless asked otherwise."""
    return render("owner/comments.html", _page(workspace, person, dataset, state, kind, below))


@router.post("/d/{dataset}/comments/{number:int}")
def answer(
    workspace: Served, now: Now, person: AnyOwner, dataset: str, number: Number, form: Form, state: State = "open", kind: Kind = ""
) -> Response:
    """Answer a comment: its author sees it."""
    try:
        answer_comment(workspace, dataset, person, number, text(form, "id"), text(form, "text"), now)
    except AnswerRefused as refused:
        problem = " ".join(refused.problems.values())
        page = _page(workspace, person, dataset, state, kind, None, refused=number, typed=text(form, "text"), problem=problem)
        return render("owner/comments.html", page, 422)
    return RedirectResponse(f"{address_of(dataset)}/comments?{urlencode({'state': state, 'kind': kind})}", 303)


@router.get("/answers")
def answers(workspace: Served, person: AnyAnnotator, behind: Behind) -> Response:
    """Owners' replies to this person's comments."""
    views, seen = answers_to(workspace, person)
    page = AnswersPage(title="Replies to you", person=person, dataset=behind, section="answers", views=views, seen=seen)
    return render("owner/answers.html", page)


def _page(
    workspace: Workspace,
    person: Annotator,
    dataset: str,
    state: str,
    kind: str,
    below: int | None,
    *,
    refused: int | None = None,
    typed: str = "",
    problem: str = "",
) -> CommentsPage:
    comments = comments_page(workspace, dataset, is_open=IS_OPEN[state], kind=CommentKind(kind) if kind else None, below=below)
    return CommentsPage(
        title="Comments",
        person=person,
        dataset=dataset,
        has_pictures=has_pictures(workspace, dataset),
        section="comments",
        comments=comments,
        state=state,
        kind=kind,
        client_id=secrets.token_hex(12),
        refused=refused,
        typed=typed,
        problem=problem,
    )
