"""The datasets page: what is here, how far it is, and the one thing to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.page.next_step import NextStep, next_step_of
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Now, Served, address_of
from multilabelfy.workflows.owning.overview import statuses
from multilabelfy.workflows.owning.watching import Watch, watch
from multilabelfy.workflows.workspace import Workspace

router = APIRouter()


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """One dataset in the list."""

    watch: Watch
    address: str
    next_step: NextStep


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetsPage(Page):
    """Every dataset of the workspace, by name."""

    cards: Sequence[DatasetCard]


@router.get("/")
def datasets(workspace: Served, now: Now, person: AnyAnnotator) -> Response:
    """The list, or how to import the first one."""
    cards = [_card(workspace, status.name, person, now) for status in statuses(workspace)]
    return render("study/datasets.html", DatasetsPage(title="Datasets", person=person, section="datasets", cards=cards))


def _card(workspace: Workspace, name: str, person: Annotator, now: Now) -> DatasetCard:
    seen = watch(workspace, name, person, now)
    return DatasetCard(seen, address_of(name), next_step_of(seen, person))
