"""The annotate page: one picture, its candidates in fives, an answer. Without scripts it is one form; with them it never waits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from multilabelfy.annotation import answers
from multilabelfy.annotation.assignment import Desk
from multilabelfy.annotation.model import Annotator, AssignmentId, Role, Task
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.access.one_hop import OneHop
from multilabelfy.web.annotate.answer_form import FilledAnswer, answer_of, ends_search, filled_as_sent, votes_by_search
from multilabelfy.web.annotate.fresh_sheets import sheet_html, sheet_pieces
from multilabelfy.web.annotate.sheet_view import SheetView, view_of
from multilabelfy.web.desk.found_labels import Below, FoundPage, Text
from multilabelfy.web.desk.looking import looking_page
from multilabelfy.web.desk.page import MOST_HELD, DeskPage, Held, assignments_in
from multilabelfy.web.page.errors import wants_json
from multilabelfy.web.page.forms import Form, is_scripted, text
from multilabelfy.web.page.keys import keys_for
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import AssignmentNumber, DatasetPage, Now, Number, Served, address_of
from multilabelfy.web.page.text.packed import json_with_text
from multilabelfy.workflows.annotating import desk, practice, waiting
from multilabelfy.workflows.annotating.desk import Progress, Work
from multilabelfy.workflows.annotating.sheets import Option, Sheet
from multilabelfy.workflows.annotating.waiting import HeldByOthers
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/annotate", route_class=OneHop)
WORDS = {
    "nothing": answers.NOTHING_CHOSEN,
    "relation": answers.RELATION_MISSING,
    "reason": answers.REASON_MISSING,
    "other": answers.NOTE_MISSING,
    "unseen": "This picture cannot be shown now. Try again, leave it for later, or save once more to answer all the same.",
    "coming": "The next picture is on its way.",
    "ended": "Your session has ended. Your answers are kept here: sign in again and go on.",
    "offline": "No connection. Your answers are kept here and sent later; the next picture comes with the connection.",
    "first": "You have no answer before this one.",
    "back": "Your last answer, open again. It counts as it was until you save a change.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatePage(DeskPage):
    """The page around a sheet; without one it is the shell that a browser fills itself."""

    work: Work
    view: SheetView | None
    section: str = "annotate"
    element: str = "annotate-desk"
    script: str = "js/annotate/annotate.js"
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)


@router.get("")
def annotate(workspace: Served, now: Now, person: AnyAnnotator, dataset: str) -> Response:
    """The next picture, or the reason why there is none. Its scripts fetch the following ones once this one is on screen."""
    if waiting.only_looks(workspace, dataset, person, now):
        return looking_page(person, dataset, Task.ANNOTATE, "annotate/begin")
    work = desk.next_work(workspace, dataset, person, now, n=1)
    if work.desk is not Desk.WORK or not work.sheets:
        minutes = desk.minutes_present(workspace, dataset, person)
        held = waiting.held_by_others(workspace, dataset, person, now) if work.desk not in (Desk.FINISHED, Desk.NO_PICTURES) else ()
        return render("annotate/annotate-state.html", page_of(work, person, minutes, held))
    return _page(workspace, person, work, _views(workspace, now, work))


@router.post("/begin")
def begin(workspace: Served, now: Now, person: AnyAnnotator, dataset: str) -> Response:
    """Take the first picture, and annotate from now on."""
    desk.next_work(workspace, dataset, person, now, n=1)
    return RedirectResponse(f"{address_of(dataset)}/annotate", 303)


@router.get("/ahead")
def ahead(workspace: Served, now: Now, person: AnyAnnotator, dataset: str, held: Held = "") -> Response:
    """The sheets that the open page does not have yet; none when there is nothing more for now."""
    return _sheets(workspace, now, desk.next_work(workspace, dataset, person, now, held=assignments_in(held)))


@router.get("/search")
def search(
    workspace: Served, person: AnyAnnotator, dataset: str, assignment: AssignmentNumber, q: Text = "", below: Below = None
) -> Response:
    """The labels that a text fits, or what stands below a concept, as options of the search's list."""
    matches = desk.search_labels(workspace, dataset, person, AssignmentId(assignment), q, below)
    return render("desk/_found.html", FoundPage(matches, assignment))


@router.get("/previous")
def previous(
    workspace: Served, person: AnyAnnotator, dataset: str, before: AssignmentNumber | None = None, fragment: bool = False
) -> Response:
    """This person's previous answer; the last one if none is named."""
    earlier = desk.answer_before(workspace, dataset, person, None if before is None else AssignmentId(before))
    if earlier is None:
        return Response(status_code=204) if fragment else RedirectResponse(_address(dataset), 303)
    return RedirectResponse(f"{_address(dataset)}/{earlier}{'/sheet' if fragment else ''}", 303)


@router.get("/answered")
def answered(workspace: Served, person: AnyAnnotator, dataset: str, of: Held = "") -> Response:
    """Which of these this person has answered, for a browser that holds their sheets."""
    done = desk.answered_among(workspace, dataset, person, assignments_in(of))
    return JSONResponse({"answered": sorted(map(str, done))}, headers={"Cache-Control": "no-store"})


@router.get("/shell")
def shell(workspace: Served, person: AnyAnnotator, dataset: str) -> Response:
    """The page without a sheet, for a browser that holds sheets and has no connection."""
    return _page(workspace, person, desk.work_so_far(workspace, dataset, person), [])


@router.get("/{assignment:int}")
def annotate_this(workspace: Served, now: Now, person: AnyAnnotator, dataset: str, assignment: Number) -> Response:
    """One's own picture again: to answer, or to revise."""
    work = desk.open_sheet(workspace, dataset, person, AssignmentId(assignment), now)
    return _page(workspace, person, work, _views(workspace, now, work))


@router.get("/{assignment:int}/sheet")
def sheet(workspace: Served, now: Now, person: AnyAnnotator, dataset: str, assignment: Number) -> Response:
    """The same, for a page that is open."""
    return _sheets(workspace, now, desk.open_sheet(workspace, dataset, person, AssignmentId(assignment), now))


@router.post("/{assignment:int}")
def submit(request: Request, workspace: Served, now: Now, person: AnyAnnotator, dataset: str, assignment: Number, form: Form) -> Response:
    """Save an answer. A script is told what was saved, and gets the sheets that it lacks if it says what it has (`held`); a page without
    scripts goes on to the next picture."""
    own = AssignmentId(assignment)
    if text(form, "q") and not is_scripted(form):
        return _form_again(workspace, now, person, dataset, own, filled_as_sent(form, {}))
    if ends_search(form):
        return _form_again(workspace, now, person, dataset, own, replace(filled_as_sent(form, {}), first=votes_by_search(form)))
    try:
        answer = replace(answer_of(form, now), by_form=not wants_json(request))
        taken = desk.submit(workspace, dataset, person, own, answer, now, held=_held(form))
    except AnswerRefused as refused:
        if wants_json(request):
            raise
        return _form_again(workspace, now, person, dataset, own, filled_as_sent(form, refused.problems))
    if wants_json(request):
        saved = {"saved": answer.submission.client_id, **_figures(taken.progress)}
        return (
            JSONResponse(saved) if taken.ahead is None else _saved_with(request, saved, _fresh_views(workspace, now, dataset, taken.ahead))
        )
    is_practice = practice.is_practice(workspace, dataset, person, own)
    return RedirectResponse(f"{_address(dataset)}/{assignment}/feedback" if is_practice else _address(dataset), 303)


@router.post("/{assignment:int}/later")
def later(request: Request, workspace: Served, person: AnyAnnotator, dataset: str, assignment: Number) -> Response:
    """Leave a picture for later and go on."""
    desk.leave_for_later(workspace, dataset, person, AssignmentId(assignment))
    if wants_json(request):
        return JSONResponse({"later": assignment})
    return RedirectResponse(_address(dataset), 303)


def _address(dataset: str) -> str:
    return f"{address_of(dataset)}/annotate"


def _form_again(
    workspace: Workspace, now: datetime, person: Annotator, dataset: str, own: AssignmentId, filled: FilledAnswer
) -> HTMLResponse:
    """The page with the form as it was sent: with what does not fit, with what a search without scripts found, or, after the search by
    which an answer begins, with the candidates."""
    work = desk.open_sheet(workspace, dataset, person, own, now)
    candidates = _candidates(work.sheets[0], filled)
    options = desk.search_labels(workspace, dataset, person, own, filled.query).options if filled.query else ()
    kept = desk.added_options(workspace, dataset, person, own, filled.yes | filled.maybe)
    offered = {**kept, **{option.label.index: option for option in options}}
    added = [option for index, option in offered.items() if index not in candidates]
    views = _views(workspace, now, work, filled=filled, added=added)
    return _page(workspace, person, work, views, 422 if filled.problems else 200)


def _candidates(sheet: Sheet, filled: FilledAnswer) -> set[int]:
    """The labels that stand in the sheet's fives or among its chips; none while it is answered by search alone."""
    if sheet.by_search_first and not filled.first:
        return set()
    return {option.label.index for option in (*sheet.options(), *sheet.added)}


def _page(workspace: Workspace, person: Annotator, work: Work, views: Sequence[SheetView], status: int = 200) -> HTMLResponse:
    page = AnnotatePage(
        title="Annotate",
        person=person,
        dataset=work.dataset.name,
        work=work,
        view=next(iter(views), None),
        keys=keys_for(work.dataset.protocol),
        workspace=workspace.token("browser"),
    )
    return render("annotate/annotate.html", page, status)


def _sheets(workspace: Workspace, now: datetime, work: Work) -> HTMLResponse:
    return HTMLResponse(_sheets_of(workspace, now, work.dataset.name, work.sheets), headers={"Cache-Control": "no-store"})


def _sheets_of(workspace: Workspace, now: datetime, dataset: str, sheets: Sequence[Sheet]) -> str:
    return "".join(sheet_html(view) for view in _fresh_views(workspace, now, dataset, sheets))


def _saved_with(request: Request, saved: Mapping[str, object], ahead: Iterable[SheetView]) -> Response:
    """The word that an answer is saved, and the sheets that follow."""
    return json_with_text(request, saved, "ahead", chain.from_iterable(sheet_pieces(view) for view in ahead))


def _fresh_views(workspace: Workspace, now: datetime, dataset: str, sheets: Iterable[Sheet]) -> Iterator[SheetView]:
    address, edge = _address(dataset), workspace.settings.picture_edge
    return (view_of(sheet, address, edge, now) for sheet in sheets)


def _held(form: Form) -> set[AssignmentId] | None:
    """The assignments that a page with scripts has already; None if it does not ask for more."""
    return assignments_in(text(form, "held")[:MOST_HELD]) if "held" in form else None


def _views(
    workspace: Workspace, now: datetime, work: Work, *, filled: FilledAnswer | None = None, added: Sequence[Option] = ()
) -> list[SheetView]:
    edge = workspace.settings.picture_edge
    return [view_of(sheet, _address(work.dataset.name), edge, now, filled=filled, added=added) for sheet in work.sheets]


def _figures(progress: Progress) -> dict[str, int]:
    return {"answered": progress.n_answered, "images": progress.n_images}


STATE_WORDS = {
    Desk.PAUSED: (
        "The study is paused",
        "An owner has paused it. What you answered is saved.",
        "Come back later, or ask an owner when it will continue.",
    ),
    Desk.NO_PICTURES: (
        "No pictures",
        "This dataset was imported without pictures: nobody can be asked about it.",
        "",
    ),
    Desk.UNPROPOSED: (
        "No picture is ready yet",
        "A model proposes labels first; that has not begun for this study.",
        "An owner starts it. Come back after that.",
    ),
    Desk.WAITING: (
        "Nothing to do now",
        "Others are looking at the last pictures, proposals for more are on their way, or some may be asked about again soon.",
        "If somebody leaves a picture, it will come to you.",
    ),
    Desk.FINISHED: (
        "Finished: thank you",
        "Every picture that you could answer has its answers.",
        "You can go over your answers; a revision keeps the earlier one in the history.",
    ),
}

OWNERS_STEP = "Start it with `multilabelfy propose`: the overview has the whole command."
"""What an owner does where others wait for proposals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePage(DatasetPage):
    """A state with its next step (empty: none), the person's own figures, and the images that others `held` on their screens."""

    work: Work
    message: str
    next_step: str
    minutes: int
    may_look_again: bool
    held: Sequence[HeldByOthers] = ()

    @property
    def seconds_each(self) -> int:
        """Average seconds per picture, computed from whole minutes."""
        return round(60 * self.minutes / max(self.work.progress.n_answered, 1))


def page_of(work: Work, person: Annotator, minutes: int, held: Sequence[HeldByOthers] = ()) -> StatePage:
    """The page of a desk without work. A desk that has work but hands out none is waiting (another page has all of it)."""
    desk = work.desk if work.desk in STATE_WORDS else Desk.WAITING
    title, message, next_step = STATE_WORDS[desk]
    if desk is Desk.FINISHED and not work.progress.n_answered:
        next_step = ""
    return StatePage(
        title=title,
        person=person,
        dataset=work.dataset.name,
        section="annotate",
        work=work,
        message=message,
        next_step=OWNERS_STEP if desk is Desk.UNPROPOSED and person.role is Role.OWNER else next_step,
        minutes=minutes,
        may_look_again=desk not in (Desk.FINISHED, Desk.NO_PICTURES),
        held=held,
    )
