"""The datasets page: what is here, how far it is, and the one thing to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.page.next_step import NextStep, next_step_of
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Now, Served, address_of
from multilabelfy.workflows.owning import watching
from multilabelfy.workflows.owning.watching import Watch, watch_all

router = APIRouter()


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """One dataset in the list."""

    watch: Watch
    address: str
    next_step: NextStep


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetsPage(Page):
    """The datasets whose teams the person is in, by name; for owners also the archived ones, with their addresses."""

    cards: Sequence[DatasetCard]
    archived: Mapping[str, str]


@router.get("/")
def datasets(workspace: Served, now: Now, person: AnyAnnotator) -> Response:
    """The list, or how to import the first one."""
    cards = [_card(seen) for seen in watch_all(workspace, person, now)]
    archived = {dataset.name: address_of(dataset.name) for dataset in watching.archived(workspace, person)}
    return render("study/datasets.html", DatasetsPage(title="Datasets", person=person, section="datasets", cards=cards, archived=archived))


def _card(seen: Watch) -> DatasetCard:
    return DatasetCard(seen, address_of(seen.dataset.name), next_step_of(seen, seen.person))
