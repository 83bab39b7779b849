"""The refine page, for experts: the labels that annotators chose, added or dispute, and a decision.

In the open style the page starts from the union of the ticks with votes and notes in view; in the blind style the expert answers first, and
the votes open beside the answer, which may be kept or changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator, AssignmentId
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access import AnyExpert
from multilabelfy.web.answer_form import is_scripted, text
from multilabelfy.web.case_view import CaseView, view_of
from multilabelfy.web.decision_form import Filled, decision_of, filled_as_sent
from multilabelfy.web.forms import form_of
from multilabelfy.web.keys import KeyGroup
from multilabelfy.web.refine_keys import refine_keys
from multilabelfy.web.rendering import render
from multilabelfy.web.surroundings import MOST, DatasetPage, Now, Number, Served, address_of
from multilabelfy.workflows import refining
from multilabelfy.workflows.labelling import find_label
from multilabelfy.workflows.refining import Desk, Work
from multilabelfy.workflows.sheets import Option
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/refine")
Form = Annotated[FormData, Depends(form_of)]
Asked = Annotated[int, Query(ge=0, le=MOST)]
Short = Annotated[str, Query(max_length=100)]
STATES: Mapping[Desk, tuple[str, str, str]] = {
    Desk.PAUSED: ("The study is paused", "An owner has paused it. What you decided is saved.", "Ask an owner when it goes on."),
    Desk.WAITING: (
        "Nothing to refine now",
        "No disputed image is free for you: annotators are still at work, other experts hold the last ones, or you annotated them.",
        "Look again in a while.",
    ),
    Desk.FINISHED: (
        "Finished: thank you",
        "No image is disputed any more, and every image has its answers.",
        "The final labels can be released.",
    ),
    Desk.NOTHING_SO_FILTERED: ("Nothing so filtered", "No disputed image that you may decide has this label.", "Take the filter back."),
}
MESSAGES = {
    "nothing": "No label is chosen. Say “none is valid” (0) and why, or choose a label.",
    "reason": "Say why the picture has no label.",
    "other": "Say in a few words why the picture has no label.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinePage(DatasetPage):
    """The page around a case; `only` is the text of the filter."""

    work: Work
    view: CaseView
    keys: Sequence[KeyGroup]
    only: str
    messages: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineStatePage(DatasetPage):
    """A state without a case, with its next step."""

    work: Work
    message: str
    next_step: str
    only: str
    may_look_again: bool


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What a search found, for the list of one case."""

    options: Sequence[Option]
    assignment: int
    maybe_allowed: bool = False

    @property
    def filled(self) -> Filled:
        """A label that is found and taken is ticked."""
        return Filled(yes=frozenset(option.label.index for option in self.options))


@router.get("")
def refine(workspace: Served, now: Now, person: AnyExpert, dataset: str, label: Short = "") -> Response:
    """The next case, or the state in which there is none. `label` (a name or number) narrows the queue."""
    only = label.strip()
    chosen = find_label(workspace, dataset, only) if only else None
    if only and chosen is None:
        work = refining.next_work(workspace, dataset, person, now, label=-1)
        return _state(person, work, only, f"No label fits “{only}”.", 422)
    work = refining.next_work(workspace, dataset, person, now, label=chosen.index if chosen else None)
    return _page(workspace, person, work, only) if work.case else _state(person, work, only)


@router.get("/search")
def search(workspace: Served, person: AnyExpert, dataset: str, assignment: Asked, q: Short = "") -> Response:
    """The labels that a text fits, as options of the search's list."""
    found = refining.search_labels(workspace, dataset, person, AssignmentId(assignment), q)
    return render("_found.html", FoundPage(found, assignment))


@router.get("/previous")
def previous(workspace: Served, person: AnyExpert, dataset: str, before: Asked | None = None, label: Short = "") -> Response:
    """One's own decision before this one; the last one where none is named."""
    start = None if before is None else AssignmentId(before)
    found = refining.beside(workspace, dataset, person, start, backwards=True)
    return _go(dataset, found if found is not None else start, label)


@router.get("/following")
def following(workspace: Served, person: AnyExpert, dataset: str, after: Asked, label: Short = "") -> Response:
    """One's own decision after this one, else the next case."""
    return _go(dataset, refining.beside(workspace, dataset, person, AssignmentId(after), backwards=False), label)


@router.get("/{assignment:int}")
def refine_this(workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, label: Short = "") -> Response:
    """One's own case again: to decide, or to revise."""
    work = refining.open_case(workspace, dataset, person, AssignmentId(assignment), now)
    return _page(workspace, person, work, label.strip())


@router.post("/{assignment:int}")
def decide(workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, form: Form, label: Short = "") -> Response:
    """Save a decision and go on; a blind answer leads to its reveal."""
    if text(form, "q") and not is_scripted(form):
        return _form_again(workspace, now, person, dataset, assignment, form, {}, label)
    try:
        stored = refining.decide(workspace, dataset, person, AssignmentId(assignment), decision_of(form), now)
    except AnswerRefused as refused:
        return _form_again(workspace, now, person, dataset, assignment, form, refused.problems, label)
    return _go(dataset, None if stored.is_decided else AssignmentId(assignment), label)


@router.post("/{assignment:int}/later")
def later(workspace: Served, person: AnyExpert, dataset: str, assignment: Number, label: Short = "") -> Response:
    """Leave a case for later and go on."""
    refining.leave_for_later(workspace, dataset, person, AssignmentId(assignment))
    return _go(dataset, None, label)


def _go(dataset: str, assignment: AssignmentId | None, only: str) -> RedirectResponse:
    address = f"{address_of(dataset)}/refine" + (f"/{assignment}" if assignment is not None else "")
    return RedirectResponse(address + _query(only), 303)


def _query(only: str) -> str:
    return f"?{urlencode({'label': only})}" if only else ""


def _form_again(
    workspace: Workspace,
    now: Now,
    person: Annotator,
    dataset: str,
    assignment: int,
    form: FormData,
    problems: Mapping[str, str],
    only: str,
) -> Response:
    """The page with the form as it was sent: with what does not fit, or with what a search without scripts found."""
    work = refining.open_case(workspace, dataset, person, AssignmentId(assignment), now)
    filled = filled_as_sent(form, problems)
    shown = {option.label.index for option in work.case.shown} if work.case else set()
    found = refining.search_labels(workspace, dataset, person, AssignmentId(assignment), filled.query) if filled.query else []
    offered = {**refining.options_of(workspace, dataset, filled.yes), **{option.label.index: option for option in found}}
    added = [option for index, option in offered.items() if index not in shown]
    return _page(workspace, person, work, only, 422 if problems else 200, filled=filled, added=added)


def _page(
    workspace: Workspace,
    person: Annotator,
    work: Work,
    only: str,
    status: int = 200,
    *,
    filled: Filled | None = None,
    added: Sequence[Option] = (),
) -> Response:
    assert work.case is not None
    name = work.dataset.name
    view = view_of(work.case, f"{address_of(name)}/refine", workspace.settings.picture_edge, only=_query(only), filled=filled, added=added)
    page = RefinePage(
        title="Refine",
        person=person,
        dataset=name,
        section="refine",
        work=work,
        view=view,
        keys=refine_keys(work.dataset.protocol),
        only=only,
        messages=MESSAGES,
    )
    return render("refine.html", page, status)


def _state(person: Annotator, work: Work, only: str, problem: str = "", status: int = 200) -> Response:
    title, message, next_step = STATES[work.desk]
    page = RefineStatePage(
        title=title,
        person=person,
        dataset=work.dataset.name,
        section="refine",
        work=work,
        message=problem or message,
        next_step=next_step,
        only=only,
        may_look_again=work.desk is not Desk.FINISHED,
    )
    return render("refine-state.html", page, status)
