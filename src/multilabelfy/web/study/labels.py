"""The labels page: every label with its names, reference pictures and counts, found by any name."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Kept, Served
from multilabelfy.workflows.owning.labels import LabelPage, label_page

router = APIRouter(prefix="/d/{dataset}/labels")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsPage(DatasetPage):
    """The labels after `after`, or those that match the query."""

    labels: LabelPage
    query: str
    after: int


@router.get("")
def labels(
    workspace: Served,
    analyses: Kept,
    person: AnyExpert,
    dataset: str,
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[int, Query(ge=-1, le=2**31 - 1)] = -1,
) -> Response:
    """A page of the list."""
    labels = label_page(workspace, dataset, analyses.of(workspace, dataset), after=after, text=q)
    page = LabelsPage(title="Labels", person=person, dataset=dataset, section="labels", labels=labels, query=q.strip(), after=after)
    return render("study/labels.html", page)
