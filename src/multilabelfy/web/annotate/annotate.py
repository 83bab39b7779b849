"""The annotate page: one picture, its candidates in fives, an answer. Without scripts it is one form; with them it never waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from multilabelfy.annotation import answers
from multilabelfy.annotation.assignment import Desk
from multilabelfy.annotation.model import AssignmentId
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.annotate import states
from multilabelfy.web.annotate.answer_form import Filled, answer_of, ends_search, filled_as_sent, is_scripted, said_by_search, text
from multilabelfy.web.annotate.found_labels import Below, FoundPage, Text
from multilabelfy.web.annotate.sheet_view import SheetView, view_of
from multilabelfy.web.page.errors import wants_json
from multilabelfy.web.page.forms import form_of
from multilabelfy.web.page.keys import KeyGroup, keys_for
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import AssignmentNumber, Number
from multilabelfy.workflows.annotating import desk, practice
from multilabelfy.workflows.annotating.desk import Progress, Work
from multilabelfy.workflows.annotating.sheets import Option
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/annotate")
WORDS = {
    "nothing": answers.NOTHING_CHOSEN,
    "relation": answers.RELATION_MISSING,
    "reason": answers.REASON_MISSING,
    "other": answers.NOTE_MISSING,
    "ended": "Your session has ended. Your answers are kept here: sign in again and go on.",
    "offline": "No connection. Your answers are kept here and sent later; the next picture comes with the connection.",
}
Query100 = Annotated[str, Query(max_length=100)]
Form = Annotated[FormData, Depends(form_of)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatePage(Page):
    """The page around a sheet; without one it is the shell that a browser fills itself. `workspace` tells a browser's store whose it is."""

    work: Work
    view: SheetView | None
    keys: Sequence[KeyGroup]
    workspace: str
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)

    @property
    def address(self) -> str:
        """Where the dataset's pages begin."""
        return f"/d/{quote(self.dataset or '', safe='')}"


@dataclass(frozen=True, slots=True)
class SheetsPage:
    """Sheets alone, for a page that is open."""

    views: Sequence[SheetView]


@router.get("")
def annotate(request: Request, person: AnyAnnotator, dataset: str) -> Response:
    """The next picture, or the state in which there is none. Its scripts ask for those to have ready once this one is on screen."""
    work = desk.next_work(_workspace(request), dataset, person, _now(request), n=1)
    if work.desk is not Desk.WORK or not work.sheets:
        minutes = desk.minutes_present(_workspace(request), dataset, person)
        return render("annotate/annotate-state.html", states.page_of(work, person, minutes))
    return _page(request, person, work)


@router.get("/ahead")
def ahead(request: Request, person: AnyAnnotator, dataset: str, held: Annotated[str, Query(max_length=400)] = "") -> Response:
    """The sheets that the open page does not have yet; none when there is nothing more for now."""
    have = {AssignmentId(int(one)) for one in held.split(".") if one.isascii() and one.isdecimal() and len(one) < 10}
    work = desk.next_work(_workspace(request), dataset, person, _now(request), held=have)
    return _sheets(request, work)


@router.get("/search")
def search(
    request: Request, person: AnyAnnotator, dataset: str, assignment: AssignmentNumber, q: Text = "", below: Below = None
) -> Response:
    """The labels that a text fits, or what stands below a concept, as options of the search's list."""
    found = desk.search_labels(_workspace(request), dataset, person, AssignmentId(assignment), q, below)
    return render("desk/_found.html", FoundPage(found, assignment))


@router.get("/previous")
def previous(request: Request, person: AnyAnnotator, dataset: str, before: AssignmentNumber | None = None, sheet: bool = False) -> Response:
    """One's own answer before this one; the last one where none is named."""
    return _previous(request, person, dataset, before, sheet=sheet)


@router.get("/shell")
def shell(request: Request, person: AnyAnnotator, dataset: str) -> Response:
    """The page without a sheet, for a browser that holds sheets and has no connection."""
    return _page(request, person, desk.work_so_far(_workspace(request), dataset, person))


@router.get("/{assignment:int}")
def annotate_this(request: Request, person: AnyAnnotator, dataset: str, assignment: Number) -> Response:
    """One's own picture again: to answer, or to revise."""
    work = desk.open_sheet(_workspace(request), dataset, person, AssignmentId(assignment), _now(request))
    return _page(request, person, work)


@router.get("/{assignment:int}/sheet")
def sheet(request: Request, person: AnyAnnotator, dataset: str, assignment: Number) -> Response:
    """The same, for a page that is open."""
    return _sheets(request, desk.open_sheet(_workspace(request), dataset, person, AssignmentId(assignment), _now(request)))


@router.post("/{assignment:int}")
def submit(request: Request, person: AnyAnnotator, dataset: str, assignment: Number, form: Form) -> Response:
    """Save an answer. A script is told what was saved; a page without scripts goes on to the next picture."""
    if text(form, "q") and not is_scripted(form):
        return _form_again(request, person, dataset, assignment, form, {})
    if ends_search(form):
        return _form_again(request, person, dataset, assignment, form, {}, first=said_by_search(form))
    try:
        answer = answer_of(form, _now(request))
        _, progress = desk.submit(_workspace(request), dataset, person, AssignmentId(assignment), answer, _now(request))
    except AnswerRefused as refused:
        if wants_json(request):
            raise
        return _form_again(request, person, dataset, assignment, form, refused.problems)
    if wants_json(request):
        return JSONResponse({"saved": answer.said.client_id, **_figures(progress)})
    page = f"/d/{quote(dataset, safe='')}/annotate"
    is_practice = practice.is_practice(_workspace(request), dataset, person, AssignmentId(assignment))
    return RedirectResponse(f"{page}/{assignment}/feedback" if is_practice else page, 303)


@router.post("/{assignment:int}/later")
def later(request: Request, person: AnyAnnotator, dataset: str, assignment: Number) -> Response:
    """Leave a picture for later and go on."""
    desk.leave_for_later(_workspace(request), dataset, person, AssignmentId(assignment))
    if wants_json(request):
        return JSONResponse({"later": assignment})
    return RedirectResponse(f"/d/{quote(dataset, safe='')}/annotate", 303)


def _previous(request: Request, person: AnyAnnotator, dataset: str, before: int | None, *, sheet: bool) -> Response:
    found = desk.answer_before(_workspace(request), dataset, person, None if before is None else AssignmentId(before))
    address = f"/d/{quote(dataset, safe='')}/annotate"
    if found is None:
        return Response(status_code=204) if sheet else RedirectResponse(address, 303)
    return RedirectResponse(f"{address}/{found}/sheet" if sheet else f"{address}/{found}", 303)


def _form_again(
    request: Request, person: AnyAnnotator, dataset: str, assignment: int, form: FormData, problems: dict[str, str], first: str = ""
) -> HTMLResponse:
    """The page with the form as it was sent: with what does not fit, with what a search without scripts found, or, after the search by
    which an answer begins, with the candidates; `first` is what was said by then."""
    workspace, now = _workspace(request), _now(request)
    work = desk.open_sheet(workspace, dataset, person, AssignmentId(assignment), now)
    filled = filled_as_sent(form, problems)
    filled = replace(filled, first=first or filled.first)
    sheet = work.sheets[0]
    is_searching = sheet.by_search_first and not filled.first
    candidates = set() if is_searching else {option.label.index for option in (*sheet.options(), *sheet.added)}
    handed = AssignmentId(assignment)
    found = desk.search_labels(workspace, dataset, person, handed, filled.query).options if filled.query else ()
    kept = desk.added_options(workspace, dataset, person, handed, filled.yes | filled.maybe)
    offered = {**kept, **{option.label.index: option for option in found}}
    added = [option for index, option in offered.items() if index not in candidates]
    return _page(request, person, work, 422 if problems else 200, filled=filled, added=added)


def _page(
    request: Request,
    person: AnyAnnotator,
    work: Work,
    status: int = 200,
    *,
    filled: Filled | None = None,
    added: Sequence[Option] = (),
) -> HTMLResponse:
    page = AnnotatePage(
        title="Annotate",
        person=person,
        dataset=work.dataset.name,
        section="annotate",
        work=work,
        view=next(iter(_views(request, work, filled=filled, added=added)), None),
        keys=keys_for(work.dataset.protocol),
        workspace=_workspace(request).token("browser"),
    )
    return render("annotate/annotate.html", page, status)


def _sheets(request: Request, work: Work) -> HTMLResponse:
    return render("annotate/_sheets.html", SheetsPage(_views(request, work)), Cache_Control="no-store")


def _views(request: Request, work: Work, *, filled: Filled | None = None, added: Sequence[Option] = ()) -> list[SheetView]:
    address = f"/d/{quote(work.dataset.name, safe='')}/annotate"
    edge = _workspace(request).settings.picture_edge
    return [view_of(sheet, address, edge, _now(request), filled=filled, added=added) for sheet in work.sheets]


def _figures(progress: Progress) -> dict[str, int]:
    return {"answered": progress.n_answered, "images": progress.n_images}


def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


def _now(request: Request) -> datetime:
    now: datetime = request.app.state.clock()
    return now
