"""What the refine page and its quick mode share: the page around a case or a question, and its words."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.responses import Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.web.desk.page import DeskPage, judged_picture_address
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import address_of
from multilabelfy.web.refine.case_view import CaseView, view_of
from multilabelfy.web.refine.decision_form import FilledDecision
from multilabelfy.web.refine.filter import FilterView
from multilabelfy.workflows.annotating.sheets import Option
from multilabelfy.workflows.refining import desk
from multilabelfy.workflows.refining.desk import ExpertProgress, RefiningWork
from multilabelfy.workflows.refining.one_label import OneLabelQuestion
from multilabelfy.workflows.workspace import Workspace

WORDS = {
    "nothing": "No label is chosen. Choose one, or say “no label is valid” and why.",
    "untouched": "You have changed nothing: the ticked labels are what the annotators chose. If they are right, decide once more.",
    "reason": "Say why the picture has no label.",
    "other": "Say in a few words why the picture has no label.",
    "unseen": "This picture cannot be shown now. Try again, leave it for later, or decide once more all the same.",
    "vote": "Say yes or no, or leave it for later.",
    "coming": "Your decision is on its way; what comes next appears once it is saved.",
    "ended": "Your session has ended. What you decided is kept here: sign in again and go on.",
    "offline": "No connection. What you decided is kept here and sent later; the next picture comes with the connection.",
    "first": "You have no decision before this one.",
    "back": "Your last answer, open again. It counts as it was until you save a change.",
}


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One label of one picture as its template reads it; `address` is the quick page's own."""

    question: OneLabelQuestion
    address: str
    picture: str
    client_id: str
    filter: FilterView

    @property
    def handle(self) -> str:
        """Its name in requests to the server."""
        return f"{self.question.assignment}-{self.question.option.label.index}"


@dataclass(frozen=True, slots=True)
class SheetAlone:
    """A case, or a question, without its page: for a page that is open."""

    view: CaseView | None = None
    question: QuestionView | None = None

    def response(self) -> Response:
        """The fragment; empty (204) if there is neither."""
        if self.view is None and self.question is None:
            return Response(status_code=204)
        return render("refine/_sheet.html", self, Cache_Control="no-store")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinePage(DeskPage):
    """The page around a case or, in the quick mode, a question."""

    progress: ExpertProgress
    filter: FilterView
    view: CaseView | None = None
    question: QuestionView | None = None
    section: str = "refine"
    element: str = "refine-desk"
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)


def case_view(
    workspace: Workspace, work: RefiningWork, chosen: FilterView, *, filled: FilledDecision | None = None, added: Sequence[Option] = ()
) -> CaseView | None:
    """The case of an expert's work as its template reads it; None where there is none."""
    if work.case is None:
        return None
    return view_of(
        work.case,
        f"{address_of(work.dataset.name)}/refine",
        workspace.settings.picture_edge,
        chosen,
        relation_asked=work.dataset.protocol.relation_asked,
        filled=filled,
        added=added,
    )


def question_view(workspace: Workspace, dataset: str, question: OneLabelQuestion | None, chosen: FilterView) -> QuestionView | None:
    """A question as its template reads it; None where there is none."""
    if question is None:
        return None
    picture = judged_picture_address(question.image.token, workspace.settings.picture_edge)
    return QuestionView(question, f"{address_of(dataset)}/refine/quick", picture, secrets.token_hex(16), chosen)


def figures_of(workspace: Workspace, person: Annotator, dataset: str) -> dict[str, int]:
    """The figures in the page's header, for the script that keeps them up to date."""
    progress = desk.state(workspace, dataset, person).progress
    return {"decided": progress.n_decided, "disputed": progress.n_disputed}
