"""The quick mode of refining: one disputed label of one picture at a time, beside its reference pictures and its definition, one key."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from multilabelfy.annotation.answers import CLIENT_ID
from multilabelfy.annotation.model import Annotator, AssignmentId, Task, Vote
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.access.one_hop import OneHop
from multilabelfy.web.desk.looking import looking_page
from multilabelfy.web.desk.page import Held
from multilabelfy.web.page.errors import wants_json
from multilabelfy.web.page.forms import Form, milliseconds, text
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import Now, Number, Served, address_of
from multilabelfy.web.refine.case_view import CaseView
from multilabelfy.web.refine.decision_form import RELOAD
from multilabelfy.web.refine.filter import Asked, Filtered, FilterView, filter_view
from multilabelfy.web.refine.keys import quick_keys
from multilabelfy.web.refine.pages import RefinePage, SheetAlone, case_view, figures_of, question_view
from multilabelfy.web.refine.states import state_page
from multilabelfy.workflows.annotating.waiting import held_by_others
from multilabelfy.workflows.refining import desk, one_label
from multilabelfy.workflows.refining.desk import RefiningWork
from multilabelfy.workflows.refining.one_label import Key, QuickWork
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/refine/quick", route_class=OneHop)
Handle = Annotated[str, Query(pattern=r"^\d{1,9}(-\d{1,8})?$")]
HANDLE = re.compile(r"(\d{1,9})(?:-(\d{1,8}))?")
VOTES = {"yes": Vote.YES, "no": Vote.NO}


@router.get("")
def ask(workspace: Served, now: Now, person: AnyExpert, dataset: str, asked: Filtered) -> Response:
    """The next question of those that the filter asks for, or the state in which there is none."""
    chosen = filter_view(workspace, dataset, person, asked)
    if chosen.problems:
        state = desk.state(workspace, dataset, person)
        return state_page(person, dataset, state.desk, state.progress, chosen, is_quick=True)
    if desk.only_looks(workspace, dataset, person, now, chosen.wanted):
        return looking_page(person, dataset, Task.REFINE, f"refine/quick/begin{asked.only}")
    work = one_label.next_step(workspace, dataset, person, now, wanted=chosen.wanted)
    return _page(workspace, person, work, chosen) if work.question or work.case else _nothing(workspace, now, person, work, chosen)


@router.post("/begin")
def begin(workspace: Served, now: Now, person: AnyExpert, dataset: str, asked: Filtered) -> Response:
    """Take the first question, and refine from now on."""
    chosen = filter_view(workspace, dataset, person, asked)
    work = one_label.next_step(workspace, dataset, person, now, wanted=chosen.wanted)
    if work.question or work.case:
        return RedirectResponse(_address(dataset, None, asked), 303)
    return _nothing(workspace, now, person, work, chosen)


def _nothing(workspace: Workspace, now: datetime, person: Annotator, work: QuickWork, chosen: FilterView) -> Response:
    held = held_by_others(workspace, work.dataset.name, person, now, Task.REFINE)
    return state_page(person, work.dataset.name, work.desk, work.progress, chosen, is_quick=True, held=held)


@router.get("/ahead")
def ahead(
    workspace: Served,
    now: Now,
    person: AnyExpert,
    dataset: str,
    asked: Filtered,
    held: Held = "",
) -> Response:
    """The question that the open page does not have yet; empty (204) if there is none for now."""
    handles = [read for read in map(_read, held.split(".")) if read is not None]
    chosen = filter_view(workspace, dataset, person, asked)
    work = one_label.next_step(
        workspace,
        dataset,
        person,
        now,
        wanted=chosen.wanted,
        held={(assignment, label) for assignment, label in handles if label is not None},
        held_cases={assignment for assignment, label in handles if label is None},
    )
    return _alone(workspace, work, chosen)


@router.get("/previous")
def previous(
    workspace: Served, person: AnyExpert, dataset: str, asked: Filtered, before: Handle | None = None, fragment: bool = False
) -> Response:
    """This person's previous answer, to look at or to change."""
    earlier = one_label.answered_before(workspace, dataset, person, _read(before) if before else None)
    if fragment:
        return Response(status_code=204) if earlier is None else RedirectResponse(_address(dataset, earlier, asked, "/question"), 303)
    return RedirectResponse(_address(dataset, earlier, asked), 303)


@router.get("/following")
def following(dataset: str, person: AnyExpert, asked: Filtered, after: Handle, fragment: bool = False) -> Response:  # noqa: ARG001
    """From an earlier answer on to the next open question."""
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
    assignment_id, by_form = AssignmentId(assignment), not wants_json(request)
    one_label.answer(workspace, dataset, person, assignment_id, index, vote, client_id, now, present_ms=present, by_form=by_form)
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
    match = HANDLE.fullmatch(handle) if handle.isascii() else None
    return (AssignmentId(int(match[1])), int(match[2]) if match[2] else None) if match else None


def _address(dataset: str, key: Key | None, asked: Asked, end: str = "") -> str:
    place = f"/{key[0]}/{key[1]}{end}" if key else ""
    return f"{address_of(dataset)}/refine/quick{place}{asked.only}"


def _page(workspace: Workspace, person: Annotator, work: QuickWork, chosen: FilterView) -> Response:
    name = work.dataset.name
    page = RefinePage(
        title="Refine, one label at a time",
        person=person,
        dataset=name,
        progress=work.progress,
        workspace=workspace.token("browser"),
        script="js/refine/quick.js",
        place="/quick",
        query=chosen.query,
        filter=chosen,
        question=question_view(workspace, name, work.question, chosen),
        view=_last_case(workspace, work, chosen),
        keys=quick_keys(),
    )
    return render("refine/refine.html", page)


def _alone(workspace: Workspace, work: QuickWork, chosen: FilterView) -> Response:
    question = question_view(workspace, work.dataset.name, work.question, chosen)
    return SheetAlone(_last_case(workspace, work, chosen), question).response()


def _last_case(workspace: Workspace, work: QuickWork, chosen: FilterView) -> CaseView | None:
    """The case that ends an image; after it the quick page goes on."""
    back = replace(chosen, asked=replace(chosen.asked, quick="1"))
    return case_view(workspace, RefiningWork(work.dataset, work.desk, work.case, work.progress), back)
