"""The settings of a dataset, for owners: its protocol, pausing, releases of final labels, and downloads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal
from zipfile import ZIP_DEFLATED, ZipFile

from fastapi import APIRouter, Depends, Form, Request
from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse, Response

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.protocol import PRESETS
from multilabelfy.errors import AnswerRefused, InvalidInput, Problem
from multilabelfy.formats.outputs import BY_NAME, FORMATS, Format, Need
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
from multilabelfy.web.access.access import FOR_OWNERS, AnyOwner
from multilabelfy.web.access.asking_again import ask_again
from multilabelfy.web.language.formatting import number
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.translation import ngettext
from multilabelfy.web.language.words import GOLD_KINDS
from multilabelfy.web.owner import protocol_form
from multilabelfy.web.page.forms import form_of
from multilabelfy.web.page.jobs import worker_process
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Served, address_of
from multilabelfy.workflows.owning import configuring
from multilabelfy.workflows.owning.configuring import Configuration, ForeseenChange
from multilabelfy.workflows.owning.gold import GoldSet, gold_of
from multilabelfy.workflows.owning.relocating import PicturePlace, places_of
from multilabelfy.workflows.releasing import exports
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.team.security_log import note
from multilabelfy.workflows.workspace import Workspace

OF_PEOPLE = frozenset({Need.ANSWERS, Need.DECISIONS, Need.CHECKS})
"""What an export tells of people, and not of images alone."""
router = APIRouter(prefix="/d/{dataset}")


COMES_WITH: Mapping[Need, str] = {
    Need.RELEASE: "It appears with the first release.",
    Need.PROPOSALS: "It appears with the first proposals.",
    Need.ANSWERS: "It appears with the first answer.",
    Need.DECISIONS: "It appears with the first decision of an expert.",
    Need.MACHINES: "It appears once a machine is asked.",
    Need.CHECKS: "It appears with the first answer to a quality check.",
}


@dataclass(frozen=True, slots=True)
class Download:
    """One format to download, and what it still needs if it cannot be downloaded yet."""

    format: Format
    waits: str = ""

    @property
    def ending(self) -> str:
        """How the name of the file ends: a data card comes with its table, as an archive."""
        return ".zip" if self.format.is_card else self.format.suffixes[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage(DatasetPage):
    """The settings; `values` are what the protocol's form holds, `problems` what is wrong with them."""

    configuration: Configuration
    values: Mapping[str, object]
    problems: Mapping[str, str]
    gold: GoldSet
    nothing_new: str = ""
    kinds: Mapping[str, str] = field(default_factory=lambda: GOLD_KINDS)
    numbers: Sequence[protocol_form.NumberField] = protocol_form.NUMBERS
    shares: Sequence[protocol_form.ShareField] = protocol_form.SHARES
    switches: Sequence[protocol_form.SwitchField] = protocol_form.SWITCHES
    choices: Sequence[protocol_form.ChoiceField] = protocol_form.CHOICES
    downloads: Sequence[Download]
    places: Sequence[PicturePlace]
    presets: Sequence[str] = tuple(PRESETS)

    @property
    def left_out(self) -> int:
        """How many images the newest release has by the posterior, where the protocol no longer asks it, or never did."""
        newest = self.configuration.releases[0] if self.configuration.releases else None
        asks_posterior = self.configuration.dataset.protocol.settles_by_posterior
        return newest.n_by_posterior if newest and not asks_posterior else 0

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """The protocol's fields that do not fit, in their order: id, name, and why."""
        titles = protocol_form.titles()
        return [(f"s-{name}", _(title), self.problems[name]) for name, title in titles.items() if name in self.problems]


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value of the protocol, as it is and as it would be."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolChangePage(DatasetPage):
    """What a change of the protocol would do, and the form that does it; `sent` are that form's fields."""

    change: ForeseenChange
    values: Sequence[ChangedValue]
    sent: Mapping[str, str]


@router.get("/settings")
def settings(workspace: Served, person: AnyOwner, dataset: str) -> Response:
    """The settings as they stand."""
    return render("owner/settings.html", _page(workspace, person, dataset))


@router.post("/settings/protocol")
def change_protocol(workspace: Served, now: Now, person: AnyOwner, dataset: str, form: Annotated[FormData, Depends(form_of)]) -> Response:
    """Use other values from now on: those of a preset, or those of the form. Once there are answers, it first says what that changes."""
    preset = str(form.get("preset", ""))
    try:
        protocol = PRESETS[preset] if preset in PRESETS else protocol_form.protocol_of(form)
    except AnswerRefused as refused:
        page = _page(workspace, person, dataset)
        return render("owner/settings.html", replace(page, values=protocol_form.as_sent(form), problems=refused.problems), 422)
    change = configuring.foreseen(workspace, dataset, protocol, now)
    if change.n_answers and change.values and "sure" not in form:
        return render("owner/protocol-change.html", _asking(person, dataset, change, form))
    configuring.change_protocol(workspace, dataset, protocol, now)
    return RedirectResponse(f"{address_of(dataset)}/settings#protocol", 303)


@router.post("/settings/pause", dependencies=FOR_OWNERS)
def pause(workspace: Served, dataset: str) -> Response:
    """Stop handing out images; answers under way are still saved."""
    configuring.set_paused(workspace, dataset, True)
    return RedirectResponse(f"{address_of(dataset)}/settings", 303)


@router.post("/settings/resume", dependencies=FOR_OWNERS)
def resume(workspace: Served, dataset: str) -> Response:
    """Hand out images again."""
    configuring.set_paused(workspace, dataset, False)
    return RedirectResponse(f"{address_of(dataset)}/settings", 303)


@router.post("/settings/gold")
def draw_gold(
    workspace: Served,
    person: AnyOwner,
    dataset: str,
    n: Annotated[int, Form(ge=1, le=100_000)],
    kind: Annotated[GoldKind | Literal[""], Form()] = "",
) -> Response:
    """Draw decided images at random and make them gold."""
    configuring.configuration(workspace, dataset)
    problem = worker_process.run(workspace, "gold", name=dataset, n=n, kind=str(kind))
    if problem:
        return with_problem(workspace, person, dataset, "gold", problem, gold_n=n)
    return RedirectResponse(f"{address_of(dataset)}/settings#gold", 303)


@router.post("/settings/release")
def release(workspace: Served, now: Now, person: AnyOwner, dataset: str) -> Response:
    """Write the next numbered release of final labels, or say that there is nothing new to release."""
    resolved = resolve(workspace, dataset, now)
    if not resolved.is_new:
        unchanged = _("Nothing is new since release %(n)s: none was made.")
        why = unchanged % {"n": resolved.release.number} if resolved.release else _("No image has final labels yet: no release was made.")
        why = f"{why} {_all_left(resolved.by_posterior)}".strip()
        return render("owner/settings.html", replace(_page(workspace, person, dataset), nothing_new=why))
    return RedirectResponse(f"{address_of(dataset)}/settings#releases", 303)


@router.get("/export/{format}")
def export(request: Request, workspace: Served, now: Now, person: AnyOwner, dataset: str, format: str) -> Response:
    """A file to download. Raises InvalidInput with the reason if the export fails."""
    chosen = BY_NAME.get(format)
    if chosen is None or not chosen.is_on_page:
        raise HTTPException(404)
    if chosen.needs in OF_PEOPLE:
        ask_again(request)
    configuring.configuration(workspace, dataset)
    folder = worker_process.folder_for_download(workspace)
    problem = worker_process.run(workspace, "export", name=dataset, format=format, out=str(Path(folder.name) / chosen.file))
    if problem:
        folder.cleanup()
        raise InvalidInput(_("Cannot make this download"), [Problem(_(chosen.title), problem)])
    note(workspace, [SecurityEvent(EventKind.EXPORTED, now, person.id, dataset=dataset, detail=format)])
    out = _one_file(Path(folder.name), chosen)
    return FileResponse(out, filename=f"{_file_name(dataset)}-{out.name}", background=BackgroundTask(folder.cleanup))


def _all_left(made_by: ByPosterior | None) -> str:
    """That the posterior settled nothing, where the protocol asks it and images wait."""
    if made_by is None or made_by.n_settled or not made_by.n_left:
        return ""
    left = ngettext(
        "The posterior settled none: %(n)s image is left to experts.",
        "The posterior settled none: %(n)s images are left to experts.",
        made_by.n_left,
    )
    return left % {"n": number(made_by.n_left)}


def _asking(person: Annotator, dataset: str, change: ForeseenChange, form: FormData) -> ProtocolChangePage:
    titles, before, after = protocol_form.titles(), protocol_form.as_read(change.before), protocol_form.as_read(change.after)
    return ProtocolChangePage(
        title="Change the protocol",
        person=person,
        dataset=dataset,
        section="settings",
        change=change,
        values=[ChangedValue(titles[name], before[name], after[name]) for name in change.values],
        sent={name: str(value) for name, value in form.items()},
    )


def with_problem(workspace: Workspace, person: Annotator, dataset: str, part: str, problem: str, **sent: object) -> Response:
    """The settings with what is wrong with one part of them; its fields hold what was sent."""
    page = _page(workspace, person, dataset)
    return render("owner/settings.html", replace(page, problems={part: problem}, values={**page.values, **sent}), 422)


def _one_file(folder: Path, format: Format) -> Path:
    """What was written: the file itself, or an archive if the format has several files."""
    written = sorted(folder.iterdir())
    if len(written) == 1:
        return written[0]
    archive = folder / f"{format.name}.zip"
    with ZipFile(archive, "w", ZIP_DEFLATED) as all_of_it:
        for file in written:
            all_of_it.write(file, file.name)
    return archive


def _page(workspace: Workspace, person: Annotator, dataset: str) -> SettingsPage:
    configuration = configuring.configuration(workspace, dataset)
    protocol = configuration.dataset.protocol
    return SettingsPage(
        title="Settings",
        person=person,
        dataset=dataset,
        section="settings",
        configuration=configuration,
        values=protocol_form.as_shown(protocol),
        problems={},
        gold=gold_of(workspace, dataset),
        downloads=_downloads(workspace, dataset),
        places=places_of(workspace, dataset),
    )


def _downloads(workspace: Workspace, dataset: str) -> list[Download]:
    met = exports.needs_met(workspace, dataset)
    return [Download(format, "" if format.needs in met else COMES_WITH[format.needs]) for format in FORMATS if format.is_on_page]


def _file_name(dataset: str) -> str:
    """The dataset's name as part of a file name."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in dataset) or "dataset"
