"""New datasets, for owners: upload pictures, choose a folder and its labels, and import it, as `multilabelfy import` does."""

import json
import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.protocol import PRESETS
from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import AnswerRefused, InvalidInput, Problem, UnknownDataset
from multilabelfy.formats.inputs import GIVEN_LABELS, LABEL_SPACE
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.access.proxies import at
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.forms import about, text
from multilabelfy.web.page.jobs.background import Commands
from multilabelfy.web.page.jobs.worker_process import folder_for_download
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Served, address_of
from multilabelfy.workflows.importing.places import Places, folder_at, places
from multilabelfy.workflows.importing.rules import name_problems
from multilabelfy.workflows.importing.uploads import SentFile, Uploaded, store_upload
from multilabelfy.workflows.owning.filing import present_name
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/new")
MOST_FILES = 500
"""How many files a form may send at once: each takes an open file until all have come."""
OVERLAP = re.compile("[1-9][0-9]?")
FOLDERS, NONE, FILE = "folders", "none", "file"
EMPTY: Mapping[str, str] = {"labels": FOLDERS, "given": FOLDERS, "protocol": next(iter(PRESETS))}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDatasetPage(Page):
    """The two forms. `values` are what they held, `problems` what is wrong with which field."""

    places: Places
    megabytes: float
    most_files: int = MOST_FILES
    presets: Sequence[str] = tuple(PRESETS)
    values: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    problems: Mapping[str, str] = field(default_factory=dict)
    uploaded: Uploaded | None = None
    label_files: str = ",".join(LABEL_SPACE.suffixes)
    given_files: str = ",".join(GIVEN_LABELS.suffixes)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """The fields that do not fit, in their order: id, name, and why."""
        return [(name, title, self.problems[name]) for name, title in _titles().items() if name in self.problems]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(Page):
    """An import that is running or done; `summary` is what came of it, as the command says it."""

    name: str
    address: str
    running: Job
    summary: Mapping[str, Any] | None


async def sent_form(request: Request, person: AnyOwner) -> AsyncIterator[FormData]:  # noqa: ARG001 – who asks is known before a byte is read
    """The form with its files, which stay open until the page is made."""
    try:
        async with request.form(max_files=MOST_FILES, max_fields=30) as form:
            yield form
    except HTTPException as refused:
        if refused.status_code != 400 or "files" not in str(refused.detail):
            raise
        too_many = _("at most %(n)s files can be sent at once; pack more of them into a ZIP archive") % {"n": MOST_FILES}
        raise InvalidInput(_("Cannot take these pictures"), [Problem(_("files"), too_many)]) from None


Sent = Annotated[FormData, Depends(sent_form)]


@router.get("")
def new_dataset(workspace: Served, person: AnyOwner, folder: str = "") -> Response:
    """The forms; `folder` is chosen already."""
    return render("owner/datasets/new-dataset.html", _page(workspace, person, values={**EMPTY, "place": folder}))


@router.post("/pictures")
def upload(workspace: Served, person: AnyOwner, sent: Sent) -> Response:
    """Store the pictures that were sent, from where they can be imported."""
    files = [SentFile(file.filename, file.file) for file in _files(sent, "pictures") if file.filename]
    folder = text(sent, "folder").strip()
    try:
        with about("folder" if list(name_problems(folder)) else "pictures"):
            uploaded = store_upload(workspace, folder, files)
    except AnswerRefused as refused:
        page = _page(workspace, person, values={**EMPTY, "folder": text(sent, "folder")}, problems=refused.problems)
        return render("owner/datasets/new-dataset.html", page, 422)
    chosen = {**EMPTY, "place": f"uploaded/{uploaded.name}", "name": uploaded.name}
    return render("owner/datasets/new-dataset.html", _page(workspace, person, values=chosen, uploaded=uploaded))


@router.post("")
def bring_in(workspace: Served, commands: Commands, person: AnyOwner, sent: Sent) -> Response:
    """Start the import in a process of its own."""
    name = text(sent, "name").strip()
    kept = folder_for_download(workspace)
    try:
        values = {**_options(workspace, person, sent, Path(kept.name)), "name": _free(workspace, name)}
    except AnswerRefused as refused:
        kept.cleanup()
        filled = {**EMPTY, **{key: value for key, value in sent.items() if isinstance(value, str)}}
        return render("owner/datasets/new-dataset.html", _page(workspace, person, values=filled, problems=refused.problems), 422)
    if not commands.start(_command(name), "import", values, longest=None, afterwards=kept.cleanup):
        kept.cleanup()
    return RedirectResponse(at(f"/new/{quote(name, safe='')}"), 303)


@router.get("/{name}")
def state(workspace: Served, commands: Commands, person: AnyOwner, name: str) -> Response:
    """How the import is going, or what came of it."""
    running = commands.of(_command(name))
    if not running.is_running and not running.problem and not running.output:
        return RedirectResponse(address_of(name) if _is_there(workspace, name) else at("/new"), 303)
    summary = json.loads(running.output) if running.output and not running.is_running else None
    page = ImportPage(
        title="Import", person=person, section="datasets", name=name, address=address_of(name), running=running, summary=summary
    )
    return render("owner/datasets/import.html", page)


def _page(workspace: Workspace, person: Annotator, **shown: Any) -> NewDatasetPage:
    megabytes = workspace.settings.max_upload_megabytes
    return NewDatasetPage(
        title="New dataset", person=person, section="datasets", places=places(workspace, person), megabytes=megabytes, **shown
    )


def _options(workspace: Workspace, person: Annotator, sent: FormData, kept: Path) -> dict[str, Any]:
    """The form as options of the import; files that came with it lie in the folder `kept`. Raises AnswerRefused."""
    options: dict[str, Any] = {"images": _folder(workspace, person, sent, "place", "inside")}
    if text(sent, "reference"):
        options["reference"] = _folder(workspace, person, sent, "reference", "reference-inside")
    match text(sent, "labels"):
        case "imagenet1k":
            options["labels"] = "imagenet1k"
        case "file":
            options["labels"] = str(_keep(sent, "label-file", kept))
    match text(sent, "given"):
        case "none":
            options["no_given"] = True
        case "file":
            options["given"] = str(_keep(sent, "given-file", kept))
    if text(sent, "protocol") in PRESETS:
        options["protocol"] = text(sent, "protocol")
    if text(sent, "overlap").strip():
        options["overlap"] = _overlap(sent)
    return {**options, "skip_bad": "skip-bad" in sent}


def _folder(workspace: Workspace, person: Annotator, sent: FormData, place: str, inside: str) -> str:
    with about(inside if text(sent, inside).strip() else place):
        return str(folder_at(workspace, person, text(sent, place), text(sent, inside)))


def _overlap(sent: FormData) -> int:
    written = text(sent, "overlap").strip()
    if not OVERLAP.fullmatch(written):
        raise AnswerRefused({"overlap": _("Enter a whole number from %(least)s to %(most)s.") % {"least": 1, "most": 99}})
    return int(written)


def _keep(sent: FormData, field_name: str, kept: Path) -> Path:
    """Write a file that came with the form, under its own name, and return where."""
    file = next(iter(_files(sent, field_name)), None)
    if file is None or not file.filename:
        raise AnswerRefused({field_name: _("Choose a file, or another source of labels.")})
    place = Path(tempfile.mkdtemp(dir=kept)) / Path(file.filename.replace("\\", "/")).name
    place.write_bytes(file.file.read())
    return place


def _free(workspace: Workspace, name: str) -> str:
    """The name, if no dataset has it. Raises AnswerRefused."""
    with about("name"):
        if problems := list(name_problems(name)):
            raise InvalidInput("Cannot import this", problems)
    if _is_there(workspace, name):
        taken = _("There is a dataset of this name. New pictures in its folder are added by: multilabelfy import %(name)s --images DIR")
        raise AnswerRefused({"name": taken % {"name": name}})
    return name


def _titles() -> Mapping[str, str]:
    """What the fields that can be refused are called, in their order."""
    return {
        "folder": _("Name of the folder"),
        "pictures": _("Pictures, or a ZIP archive of them"),
        "place": _("Folder of pictures"),
        "inside": _("A folder inside it"),
        "name": _("Name of the dataset"),
        "label-file": _("File of labels"),
        "given-file": _("File of given labels"),
        "reference": _("Reference pictures, in class folders"),
        "reference-inside": _("A folder inside it"),
        "overlap": _("Annotators for each image"),
    }


def _is_there(workspace: Workspace, name: str) -> bool:
    try:
        return present_name(workspace, name) == name
    except UnknownDataset:
        return False


def _files(sent: FormData, name: str) -> list[UploadFile]:
    return [entry for entry in sent.getlist(name) if isinstance(entry, UploadFile)]


def _command(name: str) -> str:
    return f"import {name}"
