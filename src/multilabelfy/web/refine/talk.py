"""How experts talk to each other on the refine page: a note on a case, or passing it to somebody else."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from multilabelfy.annotation.model import AnnotatorId, AssignmentId
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.access.one_hop import OneHop
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.errors import wants_json
from multilabelfy.web.page.forms import LABEL, Form, text
from multilabelfy.web.page.rendering import environment
from multilabelfy.web.page.surroundings import Now, Number, Served, address_of
from multilabelfy.web.refine.filter import Filtered
from multilabelfy.web.refine.pages import figures_of
from multilabelfy.workflows.refining import desk, talking
from multilabelfy.workflows.refining.cases import Case

router = APIRouter(prefix="/d/{dataset}/refine", route_class=OneHop)


@router.post("/{assignment:int}/note")
def add_note(
    request: Request, workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, form: Form, asked: Filtered
) -> Response:
    """Append a note to the talk about a case."""
    assignment_id = AssignmentId(assignment)
    by_form = not wants_json(request)
    talking.add_note(workspace, dataset, person, assignment_id, text(form, "id"), text(form, "text"), now, by_form=by_form)
    if not wants_json(request):
        return RedirectResponse(f"{address_of(dataset)}/refine/{assignment}{asked.only}", 303)
    case = desk.open_case(workspace, dataset, person, assignment_id, now).case
    assert case is not None
    return JSONResponse({"assignment": assignment, "discussion": _rendered(case)})


@router.post("/{assignment:int}/pass")
def pass_on(
    request: Request, workspace: Served, now: Now, person: AnyExpert, dataset: str, assignment: Number, form: Form, asked: Filtered
) -> Response:
    """Give the picture to another expert, and go on to the next."""
    recipient = text(form, "to")
    if recipient and not LABEL.fullmatch(recipient):
        raise AnswerRefused({"to": _("Choose somebody from the list.")})
    to, by_form = AnnotatorId(int(recipient)) if recipient else None, not wants_json(request)
    assignment_id = AssignmentId(assignment)
    talking.pass_on(workspace, dataset, person, assignment_id, text(form, "id"), text(form, "text"), now, to=to, by_form=by_form)
    if wants_json(request):
        return JSONResponse({"passed": assignment, **figures_of(workspace, person, dataset)})
    return RedirectResponse(f"{address_of(dataset)}/refine{asked.only}", 303)


def _rendered(case: Case) -> str:
    context: Mapping[str, object] = {"case": case, "discussion": case.discussion}
    return environment().get_template("refine/_discussion.html").render(context)
