"""The refine page, for experts: the labels that annotators chose, added or dispute, and a decision.

In the open style the page starts from the union of the ticks with votes and notes in view; in the blind style the expert answers first, and
the votes open beside the answer, which may be kept or changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from multilabelfy.annotation.model import Annotator, AssignmentId, Task
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.access.one_hop import OneHop
from multilabelfy.web.desk.found_labels import Below, FoundPage, Text
from multilabelfy.web.desk.looking import looking_page
from multilabelfy.web.desk.page import Held, assignments_in
from multilabelfy.web.page.errors import wants_json
from multilabelfy.web.page.forms import Form, is_scripted, text
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import AssignmentNumber, Now, Number, Served, address_of
from multilabelfy.web.refine.decision_form import FilledDecision, decision_of, filled_as_sent
from multilabelfy.web.refine.filter import Asked, Filtered, FilterView, filter_view
from multilabelfy.web.refine.keys import refine_keys
from multilabelfy.web.refine.pages import RefinePage, SheetAlone, case_view, figures_of
from multilabelfy.web.refine.states import state_page
from multilabelfy.workflows.annotating.sheets import Option
from multilabelfy.workflows.annotating.waiting import held_by_others
from multilabelfy.workflows.refining import desk
from multilabelfy.workflows.refining.desk import RefiningWork
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/refine", route_class=OneHop)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: of which case, and under which filter."""

    assignment: AssignmentId
    form: FormData
    asked: Asked


@router.get("")
def refine(workspace: Served, now: Now, person: AnyExpert, dataset: str, asked: Filtered) -> Response:
    """The next case of those that the filter asks for, or the state in which there is none."""
    chosen = filter_view(workspace, dataset, person, asked)
    if chosen.problems:
        work = desk.state(workspace, dataset, person)
        return state_page(person, dataset, work.desk, work.progress, chosen)
    if desk.only_looks(workspace, dataset, person, now, chosen.wanted):
        return looking_page(person, dataset, Task.REFINE, f"refine/begin{asked.only}")
    work = desk.next_work(workspace, dataset, person, now, wanted=chosen.wanted)
    if work.case:
        return _page(workspace, person, work, chosen)
    held = held_by_others(workspace, dataset, person, now, Task.REFINE)
    return state_page(person, dataset, work.desk, work.progress, chosen, held=held)


@router.post("/begin")
def begin(workspace: Served, now: Now, person: AnyExpert, dataset: str, asked: Filtered) -> Response:
    """Take the first case, and refine from now on."""
    desk.next_work(workspace, dataset, person, now, wanted=filter_view(workspace, dataset, person, asked).wanted)
    return RedirectResponse(f"{address_of(dataset)}/refine{asked.only}", 303)


@router.get("/ahead")
def ahead(workspace: Served, now: Now, person: AnyExpert, dataset: str, asked: Filtered, held: Held = "") -> Response:
    """The case that the open page does not have yet; empty (204) if there is none for now."""
    chosen = filter_view(workspace, dataset, person, asked)
    work = desk.next_work(workspace, dataset, person, now, wanted=chosen.wanted, held=assignments_in(held))
    return SheetAlone(case_view(workspace, work, chosen)).response()


@router.get("/search")
def search(workspace: Served, person: AnyExpert, dataset: str, assignment: AssignmentNumber, q: Text = "", below: Below = None) -> Response:
    """The labels that a text fits, or what stands below a concept, as options of the search's list."""
    matches = desk.search_labels(workspace, dataset, person, AssignmentId(assignment), q, below)
    return render("desk/_found.html", FoundPage(matches, assignment))


@router.get("/previous")
def previous(
    workspace: Served, person: AnyExpert, dataset: str, asked: Filtered, before: AssignmentNumber | None = None, fragment: bool = False
) -> Response:
    """This person's previous decision; the last one if none is named."""
    start = None if before is None else AssignmentId(before)
    neighbour = desk.beside(workspace, dataset, person, start, backwards=True)
    return _beside(dataset, neighbour, start, asked, fragment=fragment)


@router.get("/following")
def following(
    workspace: Served, person: AnyExpert, dataset: str, asked: Filtered, after: AssignmentNumber, fragment: bool = False
) -> Response:
    """This person's decision after this one, else the next case."""
    neighbour = desk.beside(workspace, dataset, person, AssignmentId(after), backwards=False)
    return _beside(dataset, neighbour, None, asked, fragment=fragment)


@router.get("/{assignment:int}")
def refine_this(workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, asked: Filtered) -> Response:
    """One's own case again: to decide, or to revise."""
    work = desk.open_case(workspace, dataset, person, AssignmentId(assignment), now)
    return _page(workspace, person, work, filter_view(workspace, dataset, person, asked))


@router.get("/{assignment:int}/case")
def case(workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, asked: Filtered) -> Response:
    """The same, for a page that is open."""
    work = desk.open_case(workspace, dataset, person, AssignmentId(assignment), now)
    return SheetAlone(case_view(workspace, work, filter_view(workspace, dataset, person, asked))).response()


@router.post("/{assignment:int}")
def decide(
    request: Request, workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, form: Form, asked: Filtered
) -> Response:
    """Save a decision and go on; a blind answer leads to its reveal. A script is told what was saved."""
    sent = Sent(AssignmentId(assignment), form, asked)
    if text(form, "q") and not is_scripted(form):
        return _form_again(workspace, now, person, dataset, sent, {})
    try:
        decision = replace(decision_of(form), by_form=not wants_json(request))
        stored = desk.decide(workspace, dataset, person, sent.assignment, decision, now)
    except AnswerRefused as refused:
        if wants_json(request):
            raise
        return _form_again(workspace, now, person, dataset, sent, refused.problems)
    if wants_json(request):
        return JSONResponse({"saved": stored.client_id, **figures_of(workspace, person, dataset)})
    return _go(dataset, None if stored.is_decided else sent.assignment, asked)


@router.post("/{assignment:int}/later")
def later(request: Request, workspace: Served, person: AnyExpert, dataset: str, assignment: Number, asked: Filtered) -> Response:
    """Leave a case for later and go on."""
    desk.leave_for_later(workspace, dataset, person, AssignmentId(assignment))
    if wants_json(request):
        return JSONResponse({"later": assignment})
    return _go(dataset, None, asked)


def _go(dataset: str, assignment: AssignmentId | None, asked: Asked) -> RedirectResponse:
    if assignment is None:
        return RedirectResponse(f"{address_of(dataset)}/{asked.page}{replace(asked, quick='').only}", 303)
    return RedirectResponse(f"{address_of(dataset)}/refine/{assignment}{asked.only}", 303)


def _beside(dataset: str, neighbour: AssignmentId | None, otherwise: AssignmentId | None, asked: Asked, *, fragment: bool) -> Response:
    """Go to one of this person's decisions, as a page or as the case alone (empty, 204, if there is none)."""
    if not fragment:
        return _go(dataset, neighbour if neighbour is not None else otherwise, asked)
    if neighbour is None:
        return Response(status_code=204)
    return RedirectResponse(f"{address_of(dataset)}/refine/{neighbour}/case{asked.only}", 303)


def _form_again(workspace: Workspace, now: datetime, person: Annotator, dataset: str, sent: Sent, problems: Mapping[str, str]) -> Response:
    """The page with the form as it was sent: with what does not fit, or with what a search without scripts found."""
    work = desk.open_case(workspace, dataset, person, sent.assignment, now)
    filled = filled_as_sent(sent.form, problems)
    shown = {option.label.index for option in work.case.shown} if work.case else set()
    options = desk.search_labels(workspace, dataset, person, sent.assignment, filled.query).options if filled.query else ()
    offered = {**desk.options_of(workspace, dataset, filled.yes), **{option.label.index: option for option in options}}
    added = [option for index, option in offered.items() if index not in shown]
    chosen = filter_view(workspace, dataset, person, sent.asked)
    return _page(workspace, person, work, chosen, 422 if problems else 200, filled=filled, added=added)


def _page(
    workspace: Workspace,
    person: Annotator,
    work: RefiningWork,
    chosen: FilterView,
    status: int = 200,
    *,
    filled: FilledDecision | None = None,
    added: Sequence[Option] = (),
) -> Response:
    page = RefinePage(
        title="Refine",
        person=person,
        dataset=work.dataset.name,
        progress=work.progress,
        workspace=workspace.token("browser"),
        script="js/refine/refine.js",
        query=chosen.query,
        filter=chosen,
        view=case_view(workspace, work, chosen, filled=filled, added=added),
        keys=refine_keys(work.dataset.protocol),
    )
    return render("refine/refine.html", page, status)
