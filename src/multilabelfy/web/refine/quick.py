"""The quick mode of refining: one disputed label of one picture at a time, beside its reference pictures and its definition, one key."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from multilabelfy.annotation.answers import CLIENT_ID
from multilabelfy.annotation.model import Annotator, AssignmentId, Vote
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.annotate.answer_form import text
from multilabelfy.web.page.errors import wants_json
from multilabelfy.web.page.forms import form_of
from multilabelfy.web.page.keys import KeyGroup
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Number, Served, address_of
from multilabelfy.web.refine import refine
from multilabelfy.web.refine.case_view import CaseView
from multilabelfy.web.refine.decision_form import RELOAD, milliseconds
from multilabelfy.web.refine.filter import Asked, Filtered, FilterView, filter_view
from multilabelfy.web.refine.keys import quick_keys
from multilabelfy.web.refine.refine import STATES, CaseAlone, figures_of, view_of_work
from multilabelfy.workflows.refining import desk, one_label
from multilabelfy.workflows.refining.desk import Desk, Work
from multilabelfy.workflows.refining.one_label import Key, Question, QuickWork
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/refine/quick")
Form = Annotated[FormData, Depends(form_of)]
Handle = Annotated[str, Query(pattern=r"^\d{1,9}(-\d{1,8})?$")]
HANDLE = re.compile(r"(\d{1,9})(?:-(\d{1,8}))?")
MESSAGES: Mapping[str, str] = {**refine.MESSAGES, "vote": "Say yes (Y) or no (N), or leave it for later (→)."}
VOTES = {"yes": Vote.YES, "no": Vote.NO}
NOTHING = (
    "No single label to ask",
    "No picture that you may decide has a label in question by itself. What is left needs a look at the whole picture.",
    "Refine whole pictures.",
)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as its template reads it; `address` is the quick page's own."""

    question: Question
    address: str
    picture: str
    client_id: str
    filter: FilterView

    @property
    def handle(self) -> str:
        """What it is called towards the server."""
        return f"{self.question.assignment}-{self.question.option.label.index}"

    @property
    def only(self) -> str:
        """The filter as what an address ends with."""
        return f"?{self.filter.query}" if self.filter.query else ""

    @property
    def and_only(self) -> str:
        """The same, behind another query."""
        return f"&{self.filter.query}" if self.filter.query else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickPage(DatasetPage):
    """The page around a question, or around the case that ends an image."""

    work: QuickWork
    workspace: str
    filter: FilterView
    question: QuestionView | None
    view: CaseView | None
    keys: Sequence[KeyGroup]
    messages: Mapping[str, str] = field(default_factory=lambda: MESSAGES)


@dataclass(frozen=True, slots=True)
class QuestionAlone:
    """A question without its page, for a page that is open."""

    question: QuestionView


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickStatePage(DatasetPage):
    """Nothing to ask, with its next step."""

    work: QuickWork
    message: str
    next_step: str
    filter: FilterView


@router.get("")
def ask(workspace: Served, now: Now, person: AnyExpert, dataset: str, asked: Filtered) -> Response:
    """The next question of those that the filter asks for, or the state in which there is none."""
    chosen = filter_view(workspace, dataset, person, asked)
    if chosen.problems:
        state = desk.state(workspace, dataset, person)
        return _state(person, QuickWork(state.dataset, state.desk, None, None, state.progress), chosen, 422)
    work = one_label.next_step(workspace, dataset, person, now, wanted=chosen.wanted)
    return _page(workspace, person, work, chosen)


@router.get("/ahead")
def ahead(
    workspace: Served,
    now: Now,
    person: AnyExpert,
    dataset: str,
    asked: Filtered,
    held: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """The question that the open page does not have yet; nothing (204) where there is no more for now."""
    handles = [read for read in map(_read, held.split(".")) if read is not None]
    chosen = filter_view(workspace, dataset, person, asked)
    work = one_label.next_step(
        workspace,
        dataset,
        person,
        now,
        wanted=chosen.wanted,
        held={(one, label) for one, label in handles if label is not None},
        held_cases={one for one, label in handles if label is None},
    )
    return _alone(workspace, work, chosen)


@router.get("/previous")
def previous(
    workspace: Served, person: AnyExpert, dataset: str, asked: Filtered, before: Handle | None = None, fragment: bool = False
) -> Response:
    """One's own answer before this one, to look at or to change."""
    found = one_label.answered_before(workspace, dataset, person, _read(before) if before else None)
    if fragment:
        return Response(status_code=204) if found is None else RedirectResponse(_address(dataset, found, asked, "/question"), 303)
    return RedirectResponse(_address(dataset, found, asked), 303)


@router.get("/following")
def following(dataset: str, person: AnyExpert, asked: Filtered, after: Handle, fragment: bool = False) -> Response:  # noqa: ARG001
    """On from an earlier answer: to the next open question."""
    return Response(status_code=204) if fragment else RedirectResponse(_address(dataset, None, asked), 303)


@router.get("/{assignment:int}/{index:int}")
def ask_this(workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, index: Number, asked: Filtered) -> Response:
    """One's own question again, or the whole case once its image is decided."""
    work = one_label.question_again(workspace, dataset, person, AssignmentId(assignment), index, now)
    return _page(workspace, person, work, filter_view(workspace, dataset, person, asked))


@router.get("/{assignment:int}/{index:int}/question")
def question(workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, index: Number, asked: Filtered) -> Response:
    """The same, for a page that is open."""
    work = one_label.question_again(workspace, dataset, person, AssignmentId(assignment), index, now)
    return _alone(workspace, work, filter_view(workspace, dataset, person, asked))


@router.post("/{assignment:int}/{index:int}")
def answer(
    request: Request,
    workspace: Served,
    now: Now,
    person: AnyExpert,
    dataset: str,
    assignment: Number,
    index: Number,
    form: Form,
    asked: Filtered,
) -> Response:
    """Keep an answer and go on. A script is told what was saved."""
    vote, client_id = VOTES.get(text(form, "vote")), text(form, "id")
    if vote is None or not CLIENT_ID.fullmatch(client_id):
        raise AnswerRefused({"answers": RELOAD})
    present = milliseconds(text(form, "present"))
    one_label.answer(workspace, dataset, person, AssignmentId(assignment), index, vote, client_id, now, present_ms=present)
    if wants_json(request):
        return JSONResponse({"saved": client_id, **figures_of(workspace, person, dataset)})
    return RedirectResponse(_address(dataset, None, asked), 303)


@router.post("/{assignment:int}/{index:int}/later")
def later(
    request: Request, workspace: Served, person: AnyExpert, dataset: str, assignment: Number, index: Number, asked: Filtered
) -> Response:
    """Leave the picture, with all its labels, for later."""
    desk.leave_for_later(workspace, dataset, person, AssignmentId(assignment))
    if wants_json(request):
        return JSONResponse({"later": assignment, "label": index})
    return RedirectResponse(_address(dataset, None, asked), 303)


def _read(handle: str) -> tuple[AssignmentId, int | None] | None:
    found = HANDLE.fullmatch(handle) if handle.isascii() else None
    return (AssignmentId(int(found[1])), int(found[2]) if found[2] else None) if found else None


def _address(dataset: str, found: Key | None, asked: Asked, end: str = "") -> str:
    place = f"/{found[0]}/{found[1]}{end}" if found else ""
    return f"{address_of(dataset)}/refine/quick{place}" + (f"?{asked.query}" if asked.query else "")


def _page(workspace: Workspace, person: Annotator, work: QuickWork, chosen: FilterView) -> Response:
    if work.question is None and work.case is None:
        return _state(person, work, chosen)
    page = QuickPage(
        title="Refine, one label at a time",
        person=person,
        dataset=work.dataset.name,
        section="refine",
        work=work,
        workspace=workspace.token("browser"),
        filter=chosen,
        question=_question_view(workspace, work, chosen),
        view=_case_view(workspace, work, chosen),
        keys=quick_keys(),
    )
    return render("refine/quick.html", page)


def _alone(workspace: Workspace, work: QuickWork, chosen: FilterView) -> Response:
    question, case = _question_view(workspace, work, chosen), _case_view(workspace, work, chosen)
    if question is not None:
        return render("refine/_question_alone.html", QuestionAlone(question), Cache_Control="no-store")
    return render("refine/_case_alone.html", CaseAlone(case), Cache_Control="no-store") if case else Response(status_code=204)


def _question_view(workspace: Workspace, work: QuickWork, chosen: FilterView) -> QuestionView | None:
    if work.question is None:
        return None
    picture = f"/pictures/{work.question.image.token}-{workspace.settings.picture_edge}.webp"
    return QuestionView(work.question, f"{address_of(work.dataset.name)}/refine/quick", picture, secrets.token_hex(16), chosen)


def _case_view(workspace: Workspace, work: QuickWork, chosen: FilterView) -> CaseView | None:
    """The case that ends an image; after it the quick page goes on."""
    if work.case is None:
        return None
    back = replace(chosen, asked=replace(chosen.asked, quick="1"))
    return view_of_work(workspace, Work(work.dataset, work.desk, work.case, work.progress), back)


def _state(person: Annotator, work: QuickWork, chosen: FilterView, status: int = 200) -> Response:
    title, message, next_step = NOTHING if work.desk is Desk.WAITING else STATES[work.desk]
    page = QuickStatePage(
        title=title,
        person=person,
        dataset=work.dataset.name,
        section="refine",
        work=work,
        message=message,
        next_step=next_step,
        filter=chosen,
    )
    return render("refine/quick-state.html", page, status)
