"""For owners: import the answers that somebody's browser could not send and saved as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator, AssignmentId
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.unsent_answers import UnsentAnswer, read_unsent
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.annotate.answer_form import answer_of
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Behind, Now, Served
from multilabelfy.web.refine.decision_form import decision_of
from multilabelfy.workflows.annotating import desk as annotating
from multilabelfy.workflows.owning.unsent_answers import Imported, Result, counted, import_answers
from multilabelfy.workflows.refining import desk as refining
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/team/answers")
MOST_BYTES = 20_000_000
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class File:
    """The result of one file: its answers, or what is wrong with it."""

    name: str
    came: Sequence[Imported] = ()
    problems: Sequence[Problem] = ()

    @property
    def counts(self) -> dict[Result, int]:
        """How many answers had which result."""
        return counted(self.came)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentAnswersPage(Page):
    """The form, and the result of the files that were just sent."""

    files: Sequence[File] = ()
    problem: str = ""


async def files_of(request: Request) -> list[tuple[str, bytes]]:
    """The posted files, each with its name; a body that is too large is refused with 413 before it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise HTTPException(413 if length.isdecimal() else 411)
    async with request.form(max_files=MOST_FILES, max_fields=10) as form:
        files = [entry for entry in form.getlist("files") if isinstance(entry, UploadFile)]
        return [(file.filename, await file.read()) for file in files if file.filename]


@router.get("")
def unsent_answers(person: AnyOwner, behind: Behind) -> Response:
    """The form."""
    return render("owner/unsent-answers.html", _page(person, behind))


@router.post("")
def bring_in(
    workspace: Served, now: Now, person: AnyOwner, behind: Behind, sent: Annotated[list[tuple[str, bytes]], Depends(files_of)]
) -> Response:
    """Import each file on its own and report what happened to each answer."""
    if not sent:
        return render("owner/unsent-answers.html", _page(person, behind, problem="Choose at least one file."), 422)
    files = [import_file(workspace, name, text, now, by=person) for name, text in sent]
    return render("owner/unsent-answers.html", _page(person, behind, files), 422 if any(file.problems for file in files) else 200)


def import_file(workspace: Workspace, name: str, text: bytes, now: datetime, *, by: Annotator | None) -> File:
    """Import one file; the command line uses this too."""
    try:
        sent = read_unsent(text, name)
    except InvalidInput as refused:
        return File(name, problems=refused.problems)
    doors = {"annotate": partial(_annotate, workspace, now), "refine": partial(_refine, workspace, now)}
    return File(name, import_answers(workspace, sent, doors, now, by=by))


def _annotate(workspace: Workspace, now: datetime, dataset: str, person: Annotator, assignment: AssignmentId, sent: UnsentAnswer) -> None:
    annotating.submit(workspace, dataset, person, assignment, answer_of(_form(sent, now), now), now)


def _refine(workspace: Workspace, now: datetime, dataset: str, person: Annotator, assignment: AssignmentId, sent: UnsentAnswer) -> None:
    refining.decide(workspace, dataset, person, assignment, decision_of(_form(sent, now)), now)


def _form(sent: UnsentAnswer, now: datetime) -> FormData:
    """The form as the browser would send it now: its id, and for how long it waited by the browser's clock."""
    kept = [(name, value) for name, value in sent.body if name not in ("id", "age")]
    age = max(0, int(now.timestamp() * 1000) - sent.given)
    return FormData([*kept, ("id", sent.id), ("age", str(age))])


def _page(person: Annotator, behind: str | None, files: Sequence[File] = (), problem: str = "") -> UnsentAnswersPage:
    return UnsentAnswersPage(title="Unsent answers", person=person, dataset=behind, section="team", files=files, problem=problem)
