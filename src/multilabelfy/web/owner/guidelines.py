"""The guidelines of a dataset: what everybody is asked to follow, in versions; owners write the next one."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from multilabelfy.web.access.access import AnyAnnotator, AnyOwner
from multilabelfy.web.language.formatting import too_long
from multilabelfy.web.page.forms import pressed, text
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Served, address_of
from multilabelfy.web.page.text.markdown import shown
from multilabelfy.workflows.owning.configuring import GuidelinesHistory, guidelines_of, write_guidelines

router = APIRouter(prefix="/d/{dataset}/guidelines")
MOST_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelinesPage(DatasetPage):
    """A version of the text, shown; `draft` is the text in the owner's field, `is_preview` tells that the draft is what is shown."""

    history: GuidelinesHistory
    html: Markup
    draft: str
    is_preview: bool = False
    problem: str = ""


async def form_in(request: Request) -> FormData:
    """A form with a text that may be long."""
    return await request.form(max_files=0, max_fields=10)


@router.get("")
def guidelines(
    workspace: Served, person: AnyAnnotator, dataset: str, version: Annotated[int | None, Query(ge=1, le=10**6)] = None
) -> Response:
    """The newest version, or an earlier one."""
    history = guidelines_of(workspace, dataset, version)
    page = GuidelinesPage(
        title="Guidelines",
        person=person,
        dataset=dataset,
        section="guidelines",
        history=history,
        html=shown(history.shown.text),
        draft=history.newest.text,
    )
    return render("owner/guidelines.html", page)


@router.post("")
def write(
    workspace: Served,
    now: Now,
    person: AnyOwner,
    dataset: str,
    form: Annotated[FormData, Depends(form_in)],
) -> Response:
    """Save the next version, or preview it."""
    do = pressed(form, "save", "preview")
    draft = text(form, "text").replace("\r\n", "\n").strip()
    history = guidelines_of(workspace, dataset)
    page = GuidelinesPage(
        title="Guidelines",
        person=person,
        dataset=dataset,
        section="guidelines",
        history=history,
        html=shown(history.shown.text),
        draft=draft,
    )
    if len(draft) > MOST_CHARACTERS:
        problem = too_long(len(draft), MOST_CHARACTERS)
        return render("owner/guidelines.html", replace(page, problem=problem), 422)
    if do == "preview":
        return render("owner/guidelines.html", replace(page, html=shown(draft), is_preview=True))
    write_guidelines(workspace, dataset, draft, person, now)
    return RedirectResponse(f"{address_of(dataset)}/guidelines", 303)
