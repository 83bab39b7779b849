"""Proposals, for owners: start a model and see how far it is, and have the most suspicious given labels annotated first."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.web.access.access import FOR_OWNERS, AnyOwner
from multilabelfy.web.page.jobs import worker_process
from multilabelfy.web.page.jobs.background import Background, Commands
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Served, address_of
from multilabelfy.workflows.proposing.kinds import Choice, StoredRun, choice, models
from multilabelfy.workflows.proposing.offered import OfferedKinds, named_on_page, offered, spec_of
from multilabelfy.workflows.proposing.suspects import n_queued_first
from multilabelfy.workflows.serving.jobs import PROPOSE, job_name
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/proposals")
USUAL_K = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalsPage(DatasetPage):
    """The dataset's runs, what can be started, and what is under way; `problems` are those of the form just sent."""

    runs: Sequence[StoredRun]
    offered: OfferedKinds
    choice: Choice
    running: Job
    time_left: timedelta | None
    n_queued: int
    model: str = ""
    k: int = USUAL_K
    problems: Sequence[Problem] = field(default_factory=tuple)
    suspects_problem: str = ""
    suspects_asked: int = 0

    @property
    def at_work(self) -> str:
        """The model that the newest command started, as the form names it."""
        return named_on_page(self.running.values["model"]) if "model" in self.running.values else ""


@router.get("")
def proposals(workspace: Served, commands: Commands, person: AnyOwner, dataset: str) -> Response:
    """The runs as they stand."""
    return render("owner/datasets/proposals.html", _page(workspace, commands, person, dataset))


@router.post("")
def start(
    workspace: Served,
    commands: Commands,
    person: AnyOwner,
    dataset: str,
    model: Annotated[str, Form(max_length=300)] = "",
    k: Annotated[int, Form(ge=1, le=1000)] = USUAL_K,
) -> Response:
    """Start a model, or let it go on, in a process of its own."""
    runs = models(workspace, dataset).runs
    try:
        spec = spec_of(workspace, model.strip())
    except InvalidInput as refused:
        return render("owner/datasets/proposals.html", _page(workspace, commands, person, dataset, model, k, refused.problems), 422)
    n_before = sum(stored.run.n_done for stored in runs)
    values = {"name": dataset, "model": spec, "k": k}
    commands.start(job_name(PROPOSE, dataset), "propose", values, longest=None, n_before=n_before)
    return RedirectResponse(f"{address_of(dataset)}/proposals", 303)


@router.post("/stop", dependencies=FOR_OWNERS)
def stop(commands: Commands, dataset: str) -> Response:
    """End the model that is at work; its proposals so far stay."""
    commands.stop(job_name(PROPOSE, dataset))
    return RedirectResponse(f"{address_of(dataset)}/proposals", 303)


@router.post("/suspects")
def queue_suspects(
    workspace: Served, commands: Commands, person: AnyOwner, dataset: str, n: Annotated[int, Form(ge=0, le=1_000_000)] = 0
) -> Response:
    """Hand out this many of the most suspicious images first; 0 takes it back."""
    models(workspace, dataset)
    problem = worker_process.run(workspace, "suspects", name=dataset, n=n)
    if problem:
        page = replace(_page(workspace, commands, person, dataset), suspects_problem=problem, suspects_asked=n)
        return render("owner/datasets/proposals.html", page, 422)
    return RedirectResponse(f"{address_of(dataset)}/proposals#suspects", 303)


def _page(
    workspace: Workspace,
    commands: Background,
    person: Annotator,
    dataset: str,
    model: str = "",
    k: int = USUAL_K,
    problems: Sequence[Problem] = (),
) -> ProposalsPage:
    runs, running = models(workspace, dataset).runs, commands.of(job_name(PROPOSE, dataset))
    n_done, pending = sum(stored.run.n_done for stored in runs), [stored.n_pending for stored in runs if stored.n_pending]
    seconds = running.seconds_left(n_done, n_done + pending[0]) if len(pending) == 1 else None  # of several, it is not known which one runs
    return ProposalsPage(
        title="Proposals",
        person=person,
        dataset=dataset,
        section="settings",
        runs=runs,
        offered=offered(workspace),
        choice=choice(workspace, dataset),
        running=running,
        time_left=None if seconds is None else timedelta(seconds=seconds),
        n_queued=n_queued_first(workspace, dataset),
        model=model,
        k=k,
        problems=problems,
    )
