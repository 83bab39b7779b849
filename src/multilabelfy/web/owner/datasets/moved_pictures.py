"""Where a dataset's pictures are, for owners, and what to do once they moved: choose a folder that is offered, or copy the command."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.forms import about
from multilabelfy.web.page.jobs.background import Background, Commands
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Served, address_of
from multilabelfy.workflows.importing.places import Places, folder_at, places
from multilabelfy.workflows.owning.relocating import PicturePlace, command_to_relocate, places_of
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/settings/pictures")
Name = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPicturesPage(DatasetPage):
    """Where the pictures are looked for, the folders that can be chosen, and how far the comparison is; `moved` is what came of it.

    `values` are what the form held, `problems` what is wrong with which field.
    """

    here: Sequence[PicturePlace]
    places: Places
    relocation: str
    running: Job
    moved: Mapping[str, Any] | None
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """The fields that do not fit, in their order: id, name, and why."""
        titles = {
            "place": _("Folder of pictures"),
            "inside": _("A folder inside it"),
            "reference": _("Reference pictures, in class folders"),
            "reference_inside": _("A folder inside it"),
        }
        return [(name, title, self.problems[name]) for name, title in titles.items() if name in self.problems]

    @property
    def can_choose(self) -> bool:
        """Whether there is a folder to choose."""
        return bool(self.places.uploaded) or self.places.on_server is not None


@router.get("")
def moved_pictures(workspace: Served, commands: Commands, person: AnyOwner, dataset: str) -> Response:
    """The folders, and the form."""
    return render("owner/datasets/moved-pictures.html", _page(workspace, commands, person, dataset))


@router.post("")
def look_there(
    workspace: Served,
    commands: Commands,
    person: AnyOwner,
    dataset: str,
    place: Name = "",
    inside: Name = "",
    reference: Name = "",
    reference_inside: Name = "",
) -> Response:
    """Compare the pictures of another folder, in a process of its own, and use it if they are the same."""
    values = {"place": place, "inside": inside, "reference": reference, "reference_inside": reference_inside}
    places_of(workspace, dataset)
    try:
        with about("inside" if inside.strip() else "place"):
            options = {"name": dataset, "images": str(folder_at(workspace, person, place, inside, dataset=dataset))}
        if reference:
            with about("reference_inside" if reference_inside.strip() else "reference"):
                options["reference"] = str(folder_at(workspace, person, reference, reference_inside, dataset=dataset))
    except AnswerRefused as refused:
        return render("owner/datasets/moved-pictures.html", _page(workspace, commands, person, dataset, values, refused.problems), 422)
    commands.start(_command(dataset), "relocate", options, longest=None)
    return RedirectResponse(f"{address_of(dataset)}/settings/pictures", 303)


def _page(
    workspace: Workspace,
    commands: Background,
    person: Annotator,
    dataset: str,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> MovedPicturesPage:
    running = commands.of(_command(dataset))
    return MovedPicturesPage(
        title="Where the pictures are",
        person=person,
        dataset=dataset,
        section="settings",
        here=places_of(workspace, dataset),
        places=places(workspace, person, dataset),
        relocation=command_to_relocate(workspace, dataset),
        running=running,
        moved=json.loads(running.output) if running.output and not running.is_running else None,
        values=values or {},
        problems=problems or {},
    )


def _command(dataset: str) -> str:
    return f"relocate {dataset}"
